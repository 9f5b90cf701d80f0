"""What routes answer about applications, to applicants and to the school alike."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Header, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from identity.applications import queries
from identity.applications.current import Standing
from identity.applications.form import Form, Kind
from identity.applications.history import Step
from identity.applications.keeping import content_place, form_if_kept, key_of, name_place
from identity.applications.rules import MOVES, Channel, DocumentKind, Ground, State
from identity.applications.words import GROUNDS, STATES, TERMS
from shared.crypto import FieldVault
from shared.files import ENDINGS
from shared.http import download as file_to_save
from shared.http.texts import Language, choose_language


class ApplicationFacts(BaseModel):
    """An application in a list."""

    application_id: UUID
    school_id: UUID
    school_name: str
    class_name: str | None
    """The class whose teacher it went to; null: it went to those who lead the school."""
    kind: Kind
    channel: Channel
    state: State
    state_title: str
    number: str | None
    version: int
    created_at: datetime
    registered_at: datetime | None
    decide_by: datetime | None
    decided_at: datetime | None
    ground: Ground | None
    ground_text: str | None


class DocumentFacts(BaseModel):
    """A document without its content."""

    document_id: UUID
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    added_at: datetime


class HistoryEntry(BaseModel):
    """A step that was taken."""

    step: Step
    at: datetime
    by: Literal["applicant", "school", "system"]


class Application(ApplicationFacts):
    """An application with form, documents and history."""

    form: Form | None
    """null: the applicant has closed the account and was forgotten."""
    previous_id: UUID | None
    terms: str
    """That it costs nothing, and how long it takes."""
    allowed: list[State]
    """Where it can go from here."""
    documents: list[DocumentFacts]
    history: list[HistoryEntry]


class Moved(BaseModel):
    """How an application stands after a step."""

    application_id: UUID
    number: str | None
    state: State
    version: int

    @classmethod
    def of(cls, standing: Standing) -> "Moved":
        return cls(**standing._asdict())


class Written(BaseModel):
    """The id of what was made."""

    application_id: UUID


def facts(row: Any, language: Language) -> dict[str, Any]:
    """The members of `ApplicationFacts`."""
    shown = {name: getattr(row, name) for name in ApplicationFacts.model_fields if hasattr(row, name)}
    return shown | {
        "state_title": STATES[State(row.state)].format(language),
        "ground_text": GROUNDS[row.ground].format(language) if row.ground else None,
    }


async def whole(session: AsyncSession, vault: FieldVault, row: Any, language: Language) -> Application:
    """An application with all that belongs to it; two queries beside its row."""
    documents = await queries.documents_of(session, row)
    key = key_of(vault, row) if documents else None
    return Application(
        **facts(row, language),
        form=form_if_kept(vault, row),
        previous_id=row.previous_id,
        terms=TERMS.format(language),
        allowed=sorted(MOVES[State(row.state)]),
        documents=[
            DocumentFacts(
                document_id=each.document_id,
                kind=each.kind,
                name=key.decrypt(name_place(each.document_id), each.name),
                media_type=each.media_type,
                size=each.size,
                added_at=each.added_at,
            )
            for each in documents
            if key is not None
        ],
        history=_history(await queries.history_of(session, row), row.account_id),
    )


def download(vault: FieldVault, application: Any, document: Any) -> Response:
    """A document as a file to save. Never shown in place, never guessed at, never kept by anybody on the way."""
    content = key_of(vault, application).decrypt_bytes(content_place(document.document_id), document.content)
    # Our own name for it: theirs names people, and has been a way to attack whoever saves files.
    name = f"{document.kind}.{ENDINGS[document.media_type]}"
    return file_to_save(content, document.media_type, name, name)


def _history(rows: Sequence[Any], applicant_id: UUID) -> list[HistoryEntry]:
    """Who of the school it was stays the school's affair."""
    by: dict[UUID | None, Literal["applicant", "system"]] = {None: "system", applicant_id: "applicant"}
    return [HistoryEntry(step=row.step, at=row.at, by=by.get(row.account_id, "school")) for row in rows]


def _language(accept_language: Annotated[str | None, Header(include_in_schema=False)] = None) -> Language:
    return choose_language(accept_language)


InLanguage = Annotated[Language, Depends(_language)]
"""The caller's language, for a route."""
