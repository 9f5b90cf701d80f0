"""Support: tickets from families and teachers, worked by agents."""
