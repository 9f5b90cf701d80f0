"""Importing a school over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, UploadFile
from pydantic import BaseModel

from identity.container import Wired
from identity.errors import BundleRefused, ImportForbidden
from identity.school_import.import_school import ImportReport, import_school
from identity.school_import.permission import CallerPermission, is_operator, require_any_school
from shared.http import CurrentCaller, responses

router = APIRouter(prefix="/schools", tags=["schools"])


class Counted(BaseModel):
    """How many of one kind were, or would be, changed."""

    added: int
    changed: int
    removed: int


class Imported(BaseModel):
    """What an import has changed; for a dry run: would change."""

    school_id: UUID | None
    """None for a dry run of a school that is new."""
    dry_run: bool
    changed: bool
    counts: dict[str, Counted]
    events: int
    """How many events the town was (would be) told."""

    @classmethod
    def of(cls, report: ImportReport) -> "Imported":
        is_new = report.dry_run and report.counts["schools"].added
        return cls(
            school_id=None if is_new else report.school_id,
            dry_run=report.dry_run,
            changed=report.changed,
            counts={
                name: Counted(added=counts.added, changed=counts.changed, removed=counts.removed)
                for name, counts in report.counts.items()
            },
            events=report.events,
        )


@router.post("/imports", summary="Import a school", responses=responses(BundleRefused, ImportForbidden))
async def post_import(
    caller: CurrentCaller,
    wired: Wired,
    bundle: Annotated[UploadFile, File(description="OneRoster 1.2 CSV files in a zip")],
    dry_run: Annotated[bool, Query(description="Only tell what would change")] = False,
) -> Imported:
    """Make a school equal to a OneRoster bundle: all or nothing; a second time nothing (I-13).

    For the school's director and administrators, and for operators of the platform.
    """
    async with wired.database.read() as session:
        operator = await is_operator(session, caller.account_id)
        if not operator:
            await require_any_school(session, caller.account_id)
    report = await import_school(
        wired.database,
        wired.keys,
        wired.passwords,
        await bundle.read(),
        permission=CallerPermission(caller.account_id),
        issues_accounts=operator,
        dry_run=dry_run,
    )
    return Imported.of(report)
