"""The pictures of chapter 07: regularization."""
