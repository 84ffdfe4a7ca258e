"""The pictures of chapter 01: one neuron."""
