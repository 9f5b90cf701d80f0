"""Identity: accounts, sign-in, the registry of schools, and who may open whose diary."""
