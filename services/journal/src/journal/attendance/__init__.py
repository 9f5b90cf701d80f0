"""Attendance: who was absent or late in which lesson, and what families said before (J-20 … J-22)."""
