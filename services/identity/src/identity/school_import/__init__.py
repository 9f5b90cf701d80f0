"""Connecting a school: a OneRoster 1.2 CSV bundle becomes the school's registry, all of it or nothing (I-13)."""
