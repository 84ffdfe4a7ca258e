"""The pictures of chapter 03: backpropagation."""
