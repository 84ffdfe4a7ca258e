"""The pictures of chapter 02: activation functions."""
