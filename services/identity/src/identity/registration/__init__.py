"""Registering: form, code from the SMS, password; the rest of the profile follows signed in (I-1, I-2, I-3)."""
