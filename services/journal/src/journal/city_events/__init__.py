"""«Лента событий»: what the city's education has planned, for everybody who is signed in (J-27)."""
