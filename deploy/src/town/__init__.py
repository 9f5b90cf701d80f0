"""The whole town on one machine: what starts it, its demo school, its story, its benchmarks, its generated papers."""
