"""Marks: control forms, averages, and what reaches the next mark (J-8, J-9, J-12). Cells are written above."""
