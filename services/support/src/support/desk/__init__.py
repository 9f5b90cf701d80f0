"""The desk: agents read, answer and move tickets (S-5, S-7, S-14)."""
