"""A teacher's desk: the own lessons of a day or week, and who sits in a class."""
