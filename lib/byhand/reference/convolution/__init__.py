"""The reference of chapter 04: convolution."""
