"""The reference of chapter 07: regularization."""
