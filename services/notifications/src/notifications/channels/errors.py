"""What stops a channel as a whole."""


class ProviderDown(Exception):
    """No server answers: nothing was tried, so no message has lost a try."""
