"""How requesters with an account are called, as identity tells it."""
