"""What is drawn from the journal as a whole: exports, completeness, overviews (J-33, J-34, the last part of J-35)."""
