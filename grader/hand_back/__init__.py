"""Stage 7, hand back: final marks as files that an LMS takes in."""
