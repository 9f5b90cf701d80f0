"""Applications for access that matching does not give: written by a family, decided by the school (I-24 … I-27)."""
