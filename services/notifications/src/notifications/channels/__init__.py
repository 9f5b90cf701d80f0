"""The ways out of the house, and the addresses they need. E-mail and SMS."""
