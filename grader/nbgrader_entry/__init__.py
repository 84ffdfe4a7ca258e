"""nbgrader's own doors: its commands and its formgrader, led to the same stages."""
