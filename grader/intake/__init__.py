"""Stage 1, intake: downloads and folders, sorted into ``submitted/``."""
