"""The pictures of chapter 06: optimizers."""
