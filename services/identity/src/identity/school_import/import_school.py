"""Import one school from a OneRoster bundle: all or nothing, and a second time nothing at all (I-13)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from identity.accounts.issue_accounts import Issue, UsernameTaken, issue_accounts
from identity.accounts.passwords import Passwords
from identity.accounts.settle_bindings import settle_bindings
from identity.errors import BundleRefused
from identity.matching.locks import lock_contacts_of_records
from identity.matching.reconsider import reconsider_records
from identity.mistakes import Mistakes
from identity.personal_data.contacts import Identifier, IdentifierKind
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.turns import take_turn
from identity.school_import.difference import Counts
from identity.school_import.merge.answering import merge_duties, merge_guardianships
from identity.school_import.merge.catalogue import merge_classes, merge_school, merge_subjects
from identity.school_import.merge.learning import merge_enrolments, merge_groups
from identity.school_import.merge.people import merge_people
from identity.school_import.merge.state import Merge
from identity.school_import.oneroster.read_roster import read_roster
from identity.school_import.roster import PersonEntry, Roster
from identity.school_import.stored import Stored, accounts_of, load_stored, people_with_accounts
from shared.db import Database, Tx

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and how much there is."""


Permission = Callable[[Tx, UUID | None], Awaitable[None]]
"""Raises unless this school (None: a new one) may be imported."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has changed, or would change."""

    school_id: UUID
    dry_run: bool
    counts: dict[str, Counts]
    events: int

    @property
    def changed(self) -> bool:
        return self.events > 0 or any(self.counts.values())


Conclusion = Callable[[Tx, ImportReport], Awaitable[None]]
"""Writes something down in the import's own transaction: it stands if and only if the import does."""


class _TakenBack(Exception):
    """Rolls a dry run back."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__("dry run")
        self.report = report


async def allow_all(_tx: Tx, _school_id: UUID | None) -> None:
    """The command line is the operator's: whoever has the machine has the school."""


async def import_school(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    archive: bytes,
    *,
    permission: Permission,
    issues_accounts: bool,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
    conclude: Conclusion | None = None,
) -> ImportReport:
    """Read a bundle and make the registry equal to it.

    A dry run does everything and takes it back, so that it cannot tell anything else than the import does.

    Args:
        database: of this service.
        keys: personal data is encrypted with them.
        passwords: hashes the initial ones.
        archive: the zipped bundle.
        permission: asked inside the transaction, when it is known which school this is.
        issues_accounts: hand out the accounts of the bundle. «This phone is proved» is a claim about a person:
            only an operator's word is taken for it, a director's must not take a stranger's phone.
        dry_run: take everything back at the end.
        progress: told how far it is.
        conclude: called at the end of the transaction.

    Raises:
        BundleRefused: with every mistake of the bundle; nothing was taken.
        ImportForbidden: this caller may not import this school.
    """
    roster = await _read(archive, database.clock(), progress)
    hashes = await _hash_passwords(database, passwords, roster, progress) if issues_accounts else {}
    try:
        async with database.uow.begin() as tx:
            report = await _write(tx, keys, roster, hashes, permission, dry_run=dry_run, progress=progress)
            if conclude is not None:
                await conclude(tx, report)
            _take_back_if(report)
    except _TakenBack as taken_back:
        return taken_back.report
    return report


def _take_back_if(report: ImportReport) -> None:
    if report.dry_run:
        raise _TakenBack(report)


async def _read(archive: bytes, now: datetime, progress: Progress) -> Roster:
    progress("read", 0, 1)
    roster, mistakes = await asyncio.to_thread(read_roster, archive, now)
    progress("read", 1, 1)
    if roster is None:
        raise BundleRefused(mistakes)
    return roster


async def _hash_passwords(
    database: Database, passwords: Passwords, roster: Roster, progress: Progress
) -> dict[str, str]:
    """Hashes for those who get an account now, by source id. Before the transaction: it takes its time."""
    async with database.read() as session:
        provided = await people_with_accounts(session, roster.school.source_id)
    due = [
        (person.source_id, person.access.password)
        for person in roster.people
        if person.access is not None and person.source_id not in provided
    ]
    hashes: dict[str, str] = {}
    # As many at a time as are hashed at a time: people who sign in meanwhile find no long queue.
    for start in range(0, len(due), passwords.at_once):
        some = due[start : start + passwords.at_once]
        hashed = await asyncio.gather(*(passwords.hash(password) for _, password in some))
        hashes |= zip((source_id for source_id, _ in some), hashed, strict=True)
        progress("passwords", len(hashes), len(due))
    return hashes


def _has_account(person: PersonEntry, stored: Stored) -> bool:
    row = stored.people.get(person.source_id)
    return row is not None and row.person_id in stored.accounts


async def _write(
    tx: Tx,
    keys: PersonalDataKeys,
    roster: Roster,
    hashes: dict[str, str],
    permission: Permission,
    *,
    dry_run: bool,
    progress: Progress,
) -> ImportReport:
    await take_turn(tx.session, roster.school.source_id)
    stored = await load_stored(tx.session, roster.school.source_id)
    await permission(tx, stored.school.school_id if stored.school else None)
    today = tx.now.astimezone(ZoneInfo(roster.school.time_zone)).date()
    merge = Merge(tx, keys, roster, stored, today)
    steps = (
        merge_school,
        merge_subjects,
        merge_classes,
        merge_people,
        merge_enrolments,
        merge_groups,
        merge_guardianships,
    )
    for done, step in enumerate(steps, start=1):
        await step(merge)
        progress("write", done, len(steps) + 2)
    # Before any record is handed out, and bindings last: the order in which all lock (see `matching.locks`).
    await lock_contacts_of_records(tx.session, merge.school_id, merge.touched)
    issues = _issues(merge, hashes)
    try:
        await issue_accounts(tx, keys, issues)
    except UsernameTaken as taken:
        raise _username_mistakes(merge, taken) from None
    merge.counts["accounts"] = Counts(added=len(issues))
    await merge_duties(merge, await accounts_of(tx.session, merge.school_id))
    progress("write", len(steps) + 1, len(steps) + 2)
    await reconsider_records(tx, keys, merge.school_id, merge.touched)
    await settle_bindings(tx, merge.school_id)
    progress("write", len(steps) + 2, len(steps) + 2)
    return ImportReport(merge.school_id, dry_run, merge.counts, len(tx.emissions))


def _issues(merge: Merge, hashes: dict[str, str]) -> list[Issue]:
    issues: list[Issue] = []
    for person in merge.roster.people:
        # No hash: has an account already, or none may be issued.
        if person.access is None or person.source_id not in hashes or _has_account(person, merge.stored):
            continue
        written: tuple[tuple[IdentifierKind, str | None], ...] = (
            ("phone", person.phone),
            ("email", person.email),
            ("snils", person.snils),
            ("username", person.access.username),
        )
        issues.append(
            Issue(
                school_id=merge.school_id,
                person_id=merge.person_ids[person.source_id],
                name=merge.names[merge.person_ids[person.source_id]],
                password_hash=hashes[person.source_id],
                # Not what a teacher has found to be wrong.
                identifiers=tuple(
                    Identifier(kind, value)
                    for kind, value in written
                    if value and kind not in merge.standing.get(person.source_id, ())
                ),
                proved=person.access.proved,
                role=None if person.kind == "staff" else person.kind,
            )
        )
    return issues


def _username_mistakes(merge: Merge, taken: UsernameTaken) -> BundleRefused:
    mistakes = Mistakes()
    for person in merge.roster.people:
        if person.access and merge.person_ids[person.source_id] in taken.person_ids:
            mistakes.add("users.csv", "username_taken", person.access.username_line, "username")
    return BundleRefused(mistakes)
