"""Who may open which diary: an account meets a record of a school only by a contact that it has proved."""
