"""Weekly timetables of classes, and the lessons that are made from them (J-4)."""
