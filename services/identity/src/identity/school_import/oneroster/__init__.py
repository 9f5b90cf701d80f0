"""OneRoster 1.2 CSV: field by field, then across files. Stops at nothing, reports all."""
