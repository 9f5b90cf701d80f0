"""Texts that people agree to, and who agreed to which: kind, version, hash, when."""
