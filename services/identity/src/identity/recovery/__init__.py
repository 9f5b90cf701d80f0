"""A forgotten password: the login, a code to a proved contact, a new password (I-2, I-3)."""
