"""Points («точка»): open debts, retakes and planned works of a pupil, with a due date (J-14, J-15)."""
