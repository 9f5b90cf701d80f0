"""What every service of Zvonok stands on. It imports no service (law 3)."""
