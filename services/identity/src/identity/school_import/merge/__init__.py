"""Writing what differs: table by table, in the order in which they refer to each other, with the events of each."""
