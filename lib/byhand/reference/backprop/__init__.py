"""The reference of chapter 03: backpropagation."""
