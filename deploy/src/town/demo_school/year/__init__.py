"""A lived-in year: what stands in the journal of the demo school since the first of September.

Everything is drawn from the seed, each part from a stream of its own, and depends on the day that ends it. Names of
files are those that `journal import-history` is given; their columns are described in journal's README.
"""
