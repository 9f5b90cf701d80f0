"""Access slips: a school prints a login and a one-time password for a pupil or a representative (I-6)."""
