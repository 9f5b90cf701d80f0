"""What a family sees about one pupil: whose diary may be opened (J-3), and its week (J-28)."""
