"""Pages of the class journal, one subject in one class each: which column changed last (J-35)."""
