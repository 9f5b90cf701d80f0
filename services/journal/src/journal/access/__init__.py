"""Who may do what in the journal: edges kept from events, the table of actions, and the question «may I?»."""
