"""«Портфель школьника»: what each lesson's teacher wants brought, and what the day's bag weighs (J-25)."""
