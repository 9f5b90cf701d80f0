"""Service levels: by when a ticket has to be answered and solved (S-8 … S-11)."""
