"""What goes out of the house: messages as rows, worked off by the worker (N-6, N-7, N-8, N-13)."""
