"""Accounts: who signs in, by what, and whose diaries that opens."""
