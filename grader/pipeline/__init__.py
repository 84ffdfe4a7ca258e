"""The stages one after another for each submission, submissions side by side."""
