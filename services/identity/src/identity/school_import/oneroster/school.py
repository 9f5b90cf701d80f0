"""The card of the school and the year."""

from identity.mistakes import Mistakes
from identity.school_import.oneroster.terms import quiet_day, time_zone
from identity.school_import.roster import SchoolCard
from identity.sheets import Line, Sheet
from shared.names import LONGEST_NAME


def read_school(
    sheets: dict[str, Sheet], mistakes: Mistakes, orgs: dict[str, Line], sessions: dict[str, Line]
) -> SchoolCard | None:
    """The one school and the one year of a bundle; None if either is missing or wrong."""
    schools = [line for line in orgs.values() if line.text("type") == "school"]
    years = [line for line in sessions.values() if line.text("type") == "schoolYear"]
    if len(schools) != 1 and sheets["orgs.csv"].lines:
        mistakes.add("orgs.csv", "one_school")
    if len(years) != 1 and sheets["academicSessions.csv"].lines:
        mistakes.add("academicSessions.csv", "one_year")
    for line in sessions.values():
        starts, ends = line.day("startDate", required=True), line.day("endDate", required=True)
        if starts and ends and ends <= starts:
            line.complain("endDate", "date_order")
    if len(schools) != 1 or len(years) != 1:
        return None
    school, year = schools[0], years[0]
    name = school.text("name", LONGEST_NAME)
    city = school.text("metadata.city", LONGEST_NAME)
    zone = school.checked("metadata.timeZone", "time_zone", time_zone)
    if not school.raw("metadata.timeZone"):
        school.complain("metadata.timeZone", "required")
    title = year.text("title", LONGEST_NAME)
    starts, ends = quiet_day(year, "startDate"), quiet_day(year, "endDate")
    if not (name and city and zone and title and starts and ends):
        return None
    return SchoolCard(school.raw("sourcedId"), name, city, zone, year.raw("sourcedId"), title, starts, ends)
