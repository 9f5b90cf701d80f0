"""The class teacher's register: contacts of the own class, put right with history and a second pair of eyes (I-14)."""
