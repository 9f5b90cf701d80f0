"""The school year: its attestation periods, and the settings by which a school keeps its journal (J-4, J-11, J-16)."""
