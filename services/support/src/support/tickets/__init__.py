"""Tickets as requesters see them: filed with or without an account, read by their owner or through a signed link."""
