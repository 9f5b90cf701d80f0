"""Who works at the desk, and whose tokens are void."""
