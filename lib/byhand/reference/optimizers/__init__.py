"""The reference of chapter 06: optimizers."""
