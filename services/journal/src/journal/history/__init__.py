"""What was written before the school kept its journal here: brought once, by files (`kinds.py` lists which).

History is no news: no family is told, no event goes out. It stands in the journal as if it had been written there on
the day of its lesson, so averages, performance and pages show it at once.
"""
