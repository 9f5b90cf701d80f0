"""What journal says to a class, told to its pupils and their families: one item for each task or announcement."""
