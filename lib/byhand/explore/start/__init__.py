"""The pictures of chapter 00: the tools."""
