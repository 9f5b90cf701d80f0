"""What a person is known by: names, phone, e-mail, СНИЛС. One format, one mask, one way of keeping each."""
