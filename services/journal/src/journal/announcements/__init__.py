"""Announcements to a class, a parallel or some of a class, to pupils, families or both, with read receipts (J-26)."""
