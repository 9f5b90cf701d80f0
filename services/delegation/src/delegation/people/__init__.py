"""What delegation knows of people: names, who represents whom, and keyed hashes by which an account can be reached."""
