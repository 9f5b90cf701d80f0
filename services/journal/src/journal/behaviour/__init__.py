"""What teachers say about a pupil's behaviour in a week (J-24)."""
