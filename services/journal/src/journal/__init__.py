"""journal: timetable, marks, diary. Its rooms, from the ground up: roster, access, timetable, lessons, marks, diary."""
