"""The card of the school and its year, what is taught, and the classes."""

from identity.bulk import upsert
from identity.registry.tables import classes, school_years, schools, subjects
from identity.school_import.difference import Counts, differ
from identity.school_import.merge.state import Merge
from shared.contracts.identity import ClassOpened, SchoolOpened, SubjectOpened


async def merge_school(merge: Merge) -> None:
    """The card of the school and its year."""
    card, stored = merge.roster.school, merge.stored.school
    merge.school_id = stored.school_id if stored else merge.tx.new_id()
    year = merge.stored.years.get(card.year_source_id)
    known = {card.source_id: (stored.name, stored.city, stored.time_zone)} if stored else {}
    known_years = {source_id: (row.title, row.starts_on, row.ends_on) for source_id, row in merge.stored.years.items()}
    schools_differ = differ(known, {card.source_id: (card.name, card.city, card.time_zone)})
    years_differ = differ(known_years, {card.year_source_id: (card.year_title, card.year_starts_on, card.year_ends_on)})
    merge.counts["schools"] = schools_differ.count()
    # The years before stay: their marks do.
    merge.counts["school_years"] = Counts(len(years_differ.added), len(years_differ.changed))
    merge.year_id = year.year_id if year else merge.tx.new_id()
    if not schools_differ.to_write and not years_differ.to_write:
        return
    await upsert(
        merge.tx.session,
        schools,
        [
            {
                "school_id": merge.school_id,
                "source_id": card.source_id,
                "name": card.name,
                "city": card.city,
                "time_zone": card.time_zone,
                "opened_at": stored.opened_at if stored else merge.tx.now,
            }
        ],
    )
    await upsert(
        merge.tx.session,
        school_years,
        [
            {
                "school_id": merge.school_id,
                "year_id": merge.year_id,
                "source_id": card.year_source_id,
                "title": card.year_title,
                "starts_on": card.year_starts_on,
                "ends_on": card.year_ends_on,
            }
        ],
    )
    merge.tx.emit(
        SchoolOpened(
            school_id=merge.school_id,
            source_id=card.source_id,
            name=card.name,
            city=card.city,
            time_zone=card.time_zone,
            year_title=card.year_title,
            year_starts_on=card.year_starts_on,
            year_ends_on=card.year_ends_on,
        )
    )


async def merge_subjects(merge: Merge) -> None:
    """What is taught."""
    known = {key: row.title for key, row in merge.stored.subjects.items() if row.taught}
    wanted = {subject.source_id: subject.title for subject in merge.roster.subjects}
    difference = differ(known, wanted)
    merge.counts["subjects"] = difference.count()
    merge.subject_ids = merge.ids(wanted, merge.stored.subjects, "subject_id")
    await merge.switch_off(subjects, "taught", [merge.stored.subjects[key].subject_id for key in difference.gone])
    await upsert(
        merge.tx.session,
        subjects,
        [
            {
                "school_id": merge.school_id,
                "subject_id": merge.subject_ids[key],
                "source_id": key,
                "title": wanted[key],
                "taught": True,
            }
            for key in difference.to_write
        ],
    )
    for key in difference.to_write:
        merge.tx.emit(
            SubjectOpened(
                school_id=merge.school_id,
                subject_id=merge.subject_ids[key],
                source_id=key,
                title=wanted[key],
            )
        )


async def merge_classes(merge: Merge) -> None:
    """The classes of the year."""
    entries = {entry.source_id: entry for entry in merge.roster.classes}
    known = {key: (row.year_id, row.grade, row.name) for key, row in merge.stored.classes.items() if row.open}
    wanted = {key: (merge.year_id, entry.grade, entry.name) for key, entry in entries.items()}
    difference = differ(known, wanted)
    merge.counts["classes"] = difference.count()
    merge.class_ids = merge.ids(entries, merge.stored.classes, "class_id")
    # The changed ones too: two classes may have swapped their names, and an open name is unique.
    freed = [merge.stored.classes[key].class_id for key in (*difference.gone, *difference.changed)]
    await merge.switch_off(classes, "open", freed)
    await upsert(
        merge.tx.session,
        classes,
        [
            {
                "school_id": merge.school_id,
                "class_id": merge.class_ids[key],
                "year_id": merge.year_id,
                "source_id": key,
                "grade": entries[key].grade,
                "name": entries[key].name,
                "comparable_name": entries[key].comparable_name,
                "open": True,
            }
            for key in difference.to_write
        ],
    )
    for key in difference.to_write:
        merge.tx.emit(
            ClassOpened(
                school_id=merge.school_id,
                class_id=merge.class_ids[key],
                source_id=key,
                grade=entries[key].grade,
                name=entries[key].name,
            )
        )
