"""Stage 6, publish: feedback pages, ``grades.csv`` and the class report."""
