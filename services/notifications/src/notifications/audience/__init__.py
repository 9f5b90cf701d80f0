"""Who is to be told about a pupil, and how to speak to them: a projection of what others say."""
