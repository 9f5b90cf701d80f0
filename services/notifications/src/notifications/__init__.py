"""Zvonok notifications: the notification centre of families, and messages to people."""
