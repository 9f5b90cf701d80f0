"""What was granted: one trusted person reads named sections of one child's diary, until a day."""
