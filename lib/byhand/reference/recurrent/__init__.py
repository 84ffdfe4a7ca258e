"""The reference of chapter 05: recurrent networks."""
