"""Stage 5, record: verdicts go into nbgrader's gradebook and into ``autograded/``."""
