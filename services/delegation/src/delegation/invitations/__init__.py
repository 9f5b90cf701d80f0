"""Invitations: a representative names a person, who turns up sooner or later and says yes or no."""
