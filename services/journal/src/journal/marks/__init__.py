"""Marks: control forms, posting, correcting, removing, averages (J-8 … J-12)."""
