"""What journal says about one pupil, told in the notification centre."""
