"""delegation: trusted persons read a diary by invitation. Its rooms, from the ground up: people, grants,
invitations.
"""
