"""Who learns where: in which class, and in which of its groups."""

from sqlalchemy import update

from identity.bulk import among, remove, upsert
from identity.registry.groups import tell_groups
from identity.registry.tables import class_groups, enrolments, group_members
from identity.school_import.difference import differ
from identity.school_import.merge.state import Merge
from shared.contracts.identity import ClassGroupEnded, PupilEnrolled, PupilLeft


async def merge_enrolments(merge: Merge) -> None:
    """Who is in which class; changing the class ends the one and begins the other."""
    wanted = {
        merge.person_ids[entry.pupil]: (merge.class_ids[entry.school_class], entry.since, entry.last_day)
        for entry in merge.roster.enrolments
    }
    known = {pupil_id: (row.class_id, row.since, row.last_day) for pupil_id, row in merge.stored.enrolments.items()}
    difference = differ(known, wanted)
    merge.counts["enrolments"] = difference.count()
    moved = [pupil_id for pupil_id in difference.changed if known[pupil_id][0] != wanted[pupil_id][0]]
    ended = [merge.stored.enrolments[pupil_id].enrolment_id for pupil_id in (*difference.gone, *moved)]
    if ended:
        await merge.tx.session.execute(
            update(enrolments)
            .where(enrolments.c.school_id == merge.school_id, among(enrolments.c.enrolment_id, ended))
            .values(left_on=merge.today)
        )
    rows = []
    for pupil_id in difference.to_write:
        class_id, since, last_day = wanted[pupil_id]
        stays = pupil_id in known and pupil_id not in moved
        rows.append(
            {
                "school_id": merge.school_id,
                "enrolment_id": merge.stored.enrolments[pupil_id].enrolment_id if stays else merge.tx.new_id(),
                "pupil_id": pupil_id,
                "class_id": class_id,
                "since": since,
                "last_day": last_day,
                "left_on": None,
            }
        )
    await upsert(merge.tx.session, enrolments, rows)
    # Of one whose last day alone has changed there is nothing new to tell: the end is told when it comes.
    news = [pupil_id for pupil_id in difference.to_write if known.get(pupil_id, ())[:2] != wanted[pupil_id][:2]]
    retold = [pupil_id for pupil_id in wanted if pupil_id in merge.renamed]
    for pupil_id in dict.fromkeys((*news, *retold)):
        class_id, since, _ = wanted[pupil_id]
        surname, given_name, patronymic = merge.names[pupil_id]
        merge.tx.emit(
            PupilEnrolled(
                school_id=merge.school_id,
                pupil_id=pupil_id,
                class_id=class_id,
                surname=surname,
                given_name=given_name,
                patronymic=patronymic,
                since=since,
            )
        )
    for pupil_id in difference.gone:
        merge.tx.emit(PupilLeft(school_id=merge.school_id, pupil_id=pupil_id, left_on=merge.today))


async def merge_groups(merge: Merge) -> None:
    """Parts of classes, and who learns in which: the English groups of 7А."""
    entries = {entry.source_id: entry for entry in merge.roster.groups}
    wanted = {
        key: (merge.class_ids[entry.school_class], merge.subject_ids[entry.subject], entry.title)
        for key, entry in entries.items()
    }
    known = {key: (row.class_id, row.subject_id, row.title) for key, row in merge.stored.groups.items() if row.open}
    difference = differ(known, wanted)
    merge.counts["groups"] = difference.count()
    group_ids = merge.ids(entries, merge.stored.groups, "group_id")
    await merge.switch_off(class_groups, "open", [merge.stored.groups[key].group_id for key in difference.gone])
    await upsert(
        merge.tx.session,
        class_groups,
        [
            {
                "school_id": merge.school_id,
                "group_id": group_ids[key],
                **dict(zip(("class_id", "subject_id", "title"), wanted[key], strict=True)),
                "source_id": key,
                "open": True,
            }
            for key in difference.to_write
        ],
    )
    members = differ(
        dict.fromkeys(merge.stored.members),
        dict.fromkeys((group_ids[group], merge.person_ids[pupil]) for group, pupil in merge.roster.members),
    )
    merge.counts["group_members"] = members.count()
    await remove(
        merge.tx.session,
        group_members,
        [
            {"school_id": merge.school_id, "group_id": group_id, "pupil_id": pupil_id}
            for group_id, pupil_id in members.gone
        ],
    )
    await upsert(
        merge.tx.session,
        group_members,
        [
            {"school_id": merge.school_id, "group_id": group_id, "pupil_id": pupil_id}
            for group_id, pupil_id in members.added
        ],
    )
    for key in difference.gone:
        gone = merge.stored.groups[key]
        merge.tx.emit(
            ClassGroupEnded(
                school_id=merge.school_id, group_id=gone.group_id, class_id=gone.class_id, ended_on=merge.today
            )
        )
    changed = {group_ids[key] for key in difference.to_write} | {group_id for group_id, _ in members.added}
    # Who left an ended group is told by its end.
    changed |= {group_id for group_id, _ in members.gone} & set(group_ids.values())
    await tell_groups(merge.tx, merge.school_id, sorted(changed), merge.today)
