"""The reference of chapter 02: activation functions."""
