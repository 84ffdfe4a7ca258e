"""Stage 4, judge: collected values are compared with the reference, outside the sandbox."""
