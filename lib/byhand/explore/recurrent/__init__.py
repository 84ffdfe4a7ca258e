"""The pictures of chapter 05: recurrent networks."""
