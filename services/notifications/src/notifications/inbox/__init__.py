"""The notification centre: what was told to whom, and what they did with it (N-1, N-2)."""
