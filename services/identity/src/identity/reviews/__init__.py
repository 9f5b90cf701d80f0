"""The class teacher's queue: accounts that matching could not decide about, settled with one click (I-22)."""
