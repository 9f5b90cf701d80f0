"""Homework and tasks for self-study: for a lesson or a day, ticked off by the pupil, held to the norm (J-23)."""
