"""What a handler may say about an event that it cannot take."""


class PermanentError(Exception):
    """Trying again will not help: the row is dead at once and waits for a person.

    The message is shown to operators and kept; it must not hold personal data.
    """
