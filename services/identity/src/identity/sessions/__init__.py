"""Signing in: passwords, throttle, access tokens, refresh tokens."""
