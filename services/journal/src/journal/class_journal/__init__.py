"""The class journal: all writing into lesson cells (J-10 … J-15, J-20), and the grid of a class (J-35)."""
