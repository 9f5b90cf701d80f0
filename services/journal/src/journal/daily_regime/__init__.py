"""«Режим пребывания»: what a day at school is made of besides lessons (J-5)."""
