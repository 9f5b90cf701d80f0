"""Marks of periods and of the year: two proposals, each explained, and the teacher's own word (J-16 … J-19)."""
