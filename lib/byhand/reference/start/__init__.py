"""The reference of chapter 00: the tools."""
