"""A report, made into text, HTML and small pictures."""
