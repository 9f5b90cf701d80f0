"""Bell schedules: when lessons and breaks are, by shift, grade and day (J-4, J-5)."""
