"""The lessons of a school, and how they come in from a file (J-4)."""
