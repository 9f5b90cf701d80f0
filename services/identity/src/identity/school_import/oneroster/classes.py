"""Subjects, classes, and the groups of classes."""

from identity.registry.rules import comparable_class_name, grade_of
from identity.school_import.roster import ClassEntry, GroupEntry, SubjectEntry
from identity.sheets import Line
from shared.names import LONGEST_NAME


def read_classes(
    classes: dict[str, Line], courses: dict[str, Line], orgs: dict[str, Line]
) -> tuple[tuple[SubjectEntry, ...], dict[str, ClassEntry], dict[str, tuple[str, str]]]:
    """Subjects, homerooms by id, and for each scheduled class its (homeroom, course)."""
    homeroom_ids = {key for key, line in classes.items() if line.raw("classType") == "homeroom"}
    homerooms: dict[str, ClassEntry] = {}
    scheduled: dict[str, tuple[str, str]] = {}
    lines_of_names: dict[str, int] = {}
    for source_id, line in classes.items():
        line.reference("schoolSourcedId", "orgs.csv", orgs)
        course = line.reference("courseSourcedId", "courses.csv", courses)
        class_type = line.choice("classType", ("homeroom", "scheduled"))
        title = line.text("title", LONGEST_NAME)
        if class_type == "scheduled":
            homeroom = line.reference("metadata.homeroomSourcedId", "classes.csv", classes)
            if homeroom and homeroom not in homeroom_ids:
                line.complain("metadata.homeroomSourcedId", "homeroom")
            elif homeroom and course:
                scheduled[source_id] = (homeroom, course)
        if class_type != "homeroom" or not title:
            continue
        comparable = line.checked("title", "class_name", comparable_class_name)
        if comparable is None:
            continue
        if comparable in lines_of_names:
            line.complain("title", "class_repeated", first_line=lines_of_names[comparable])
            continue
        lines_of_names[comparable] = line.number
        homerooms[source_id] = ClassEntry(source_id, title, comparable, grade_of(comparable))
    titles = {source_id: line.text("title", LONGEST_NAME) for source_id, line in courses.items()}
    subjects = tuple(SubjectEntry(source_id, title) for source_id, title in titles.items() if title)
    return subjects, homerooms, scheduled


def read_groups(classes: dict[str, Line], scheduled: dict[str, tuple[str, str]]) -> dict[str, GroupEntry]:
    """Scheduled classes that only a part of the homeroom attends: those with a `metadata.group`."""
    groups: dict[str, GroupEntry] = {}
    for source_id, line in classes.items():
        title = line.optional("metadata.group", LONGEST_NAME)
        if title and source_id in scheduled:
            groups[source_id] = GroupEntry(source_id, title, *scheduled[source_id])
    return groups
