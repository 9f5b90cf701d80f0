"""The ways out of the house, and the addresses they need. For now e-mail."""
