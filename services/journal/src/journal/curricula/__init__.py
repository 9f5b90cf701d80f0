"""«Учебные планы»: what is taught for how many hours, and in which order of topics (J-7)."""
