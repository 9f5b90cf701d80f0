"""The files of a bundle and what each cannot do without."""

COLUMNS = {
    "manifest.csv": ("propertyName", "value"),
    "orgs.csv": ("sourcedId", "name", "type"),
    "academicSessions.csv": ("sourcedId", "title", "type", "startDate", "endDate"),
    "courses.csv": ("sourcedId", "title"),
    "classes.csv": ("sourcedId", "title", "courseSourcedId", "classType", "schoolSourcedId"),
    "users.csv": ("sourcedId", "username", "givenName", "familyName"),
    "roles.csv": ("userSourcedId", "role", "orgSourcedId"),
    "enrollments.csv": ("classSourcedId", "userSourcedId", "role"),
    "demographics.csv": ("sourcedId", "birthDate", "sex"),
}
"""What a file cannot do without. Extensions (`metadata.*`) and other OneRoster columns may or may not be there."""
