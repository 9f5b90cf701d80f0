"""What a deployment needs that must not stand in the repository: keys, passwords, and the broker's definitions."""
