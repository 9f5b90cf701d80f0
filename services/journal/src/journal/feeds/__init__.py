"""Timetables as iCalendar: a secret address that calendar programs fetch and its owner takes back (J-6)."""
