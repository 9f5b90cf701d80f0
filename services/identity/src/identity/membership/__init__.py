"""Who belongs to a school and how long: admission of staff by its administrator, agents, terms that run out."""
