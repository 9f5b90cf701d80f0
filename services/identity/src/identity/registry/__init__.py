"""The school side: schools, classes, people, who learns where, who answers for whom, who teaches what (I-12)."""
