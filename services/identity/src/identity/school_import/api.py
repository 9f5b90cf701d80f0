"""Importing a school over HTTP."""

from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Header, Query, Request, Response, UploadFile
from pydantic import BaseModel

from identity.container import Wired
from identity.errors import BundleRefused, ImportForbidden, ImportNotFound, ImportsWaiting, told_mistake
from identity.mistakes import Mistake
from identity.school_import.bundle import MAX_ARCHIVE_BYTES
from identity.school_import.import_school import ImportReport, import_school
from identity.school_import.order_import import order_import
from identity.school_import.permission import CallerPermission, is_operator, require_any_school
from identity.school_import.queries import ordered_import
from shared.http import CurrentCaller, responses
from shared.http.failures import LANGUAGE_KEY

router = APIRouter(prefix="/schools", tags=["schools"])

UPLOADS = {r"/api/identity/v1/schools/imports": MAX_ARCHIVE_BYTES + 64 * 1024}
"""The form around the archive takes some bytes, too."""


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

    @classmethod
    def told(cls, report: dict[str, Any]) -> "Imported":
        """The same from what the worker has written down."""
        is_new = report["dry_run"] and report["counts"]["schools"]["added"]
        return cls.model_validate(report | ({"school_id": None} if is_new else {}))


class BundleMistake(BaseModel):
    """One thing to put right in the bundle."""

    file: str
    line: int | None
    column: str | None
    rule: str
    field: str
    code: str
    message: str


class OrderedImport(BaseModel):
    """An import that the worker carries out."""

    import_id: UUID
    state: Literal["waiting", "running", "done", "refused", "forbidden", "failed"]
    dry_run: bool
    ordered_at: datetime
    finished_at: datetime | None = None
    step: Literal["read", "passwords", "write"] | None = None
    done: int = 0
    total: int = 0
    """Of the step: a progress bar."""
    report: Imported | None = None
    """Once it is done."""
    errors: list[BundleMistake] = []
    """Once it is refused; at most 1,000."""
    count: int = 0
    """Of all mistakes."""


@router.post(
    "/imports",
    summary="Import a school",
    responses={
        **responses(BundleRefused, ImportForbidden, ImportsWaiting),
        202: {"model": OrderedImport, "description": "Ordered; look at `Location`"},
    },
)
async def post_import(
    caller: CurrentCaller,
    wired: Wired,
    response: Response,
    bundle: Annotated[UploadFile, File(description="OneRoster 1.2 CSV files in a zip")],
    dry_run: Annotated[bool, Query(description="Only tell what would change")] = False,
    prefer: Annotated[str, Header(description="`respond-async`: let the worker do it (RFC 7240)")] = "",
) -> Imported | OrderedImport:
    """Make a school equal to a OneRoster bundle: all or nothing; a second time nothing (I-13).

    For the school's director and administrators, and for operators of the platform. A large bundle is better ordered
    with `Prefer: respond-async`: 202, and `GET /schools/imports/{import_id}` shows how far it is.
    """
    async with wired.database.read() as session:
        operator = await is_operator(session, caller.account_id)
        if not operator:
            await require_any_school(session, caller.account_id)
    archive = await bundle.read()
    if "respond-async" in {word.strip().lower() for word in prefer.split(",")}:
        import_id = await order_import(wired.database.uow, wired.keys, caller.account_id, archive, dry_run=dry_run)
        response.status_code = 202
        response.headers["Location"] = f"/api/identity/v1/schools/imports/{import_id}"
        response.headers["Preference-Applied"] = "respond-async"
        return OrderedImport(import_id=import_id, state="waiting", dry_run=dry_run, ordered_at=wired.database.clock())
    report = await import_school(
        wired.database,
        wired.keys,
        wired.passwords,
        archive,
        permission=CallerPermission(caller.account_id),
        issues_accounts=operator,
        dry_run=dry_run,
    )
    return Imported.of(report)


@router.get("/imports/{import_id}", summary="How far an import is", responses=responses(ImportNotFound))
async def get_import(import_id: UUID, caller: CurrentCaller, wired: Wired, request: Request) -> OrderedImport:
    """Step, how much of it is done, and at the end the report or the mistakes; for whoever ordered it (I-13)."""
    async with wired.database.read() as session:
        row = await ordered_import(session, caller.account_id, import_id)
    if row is None:
        raise ImportNotFound
    told: dict[str, Any] = row.report or {}
    running = row.outcome is None and row.attempts is not None
    return OrderedImport(
        import_id=row.import_id,
        state=row.outcome or ("running" if running else "waiting"),
        dry_run=row.dry_run,
        ordered_at=row.ordered_at,
        finished_at=row.finished_at,
        step=row.step,
        done=row.done or 0,
        total=row.total or 0,
        report=Imported.told(told) if row.outcome == "done" else None,
        errors=[
            BundleMistake.model_validate(
                told_mistake(
                    Mistake(**{**each, "details": MappingProxyType(each["details"])}), request.scope[LANGUAGE_KEY]
                )
            )
            for each in told.get("mistakes", ())
        ],
        count=told.get("count", 0),
    )
