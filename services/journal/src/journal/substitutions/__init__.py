"""«Замены»: lessons held by another teacher, in another room, or not at all (J-4)."""
