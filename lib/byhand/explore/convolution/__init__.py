"""The pictures of chapter 04: convolution."""
