"""The reference of chapter 01: one neuron."""
