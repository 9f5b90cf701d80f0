"""Pure rules of registering."""

from datetime import timedelta

LIFETIME = timedelta(hours=1)
"""From the form to the password; what was typed is then forgotten."""
