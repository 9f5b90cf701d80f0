"""The texts to agree to, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel

from identity.consents.queries import consents_of
from identity.consents.texts import ConsentKind, current_text
from identity.container import Wired
from shared.http import CurrentCaller
from shared.http.texts import Language, choose_language

router = APIRouter(tags=["consents"])


class Consent(BaseModel):
    """A text to show; send `version` and `language` back with the agreement."""

    kind: ConsentKind
    version: str
    language: Language
    text: str
    sha256: str
    """Of the text, in hex: what is kept of an agreement."""


class GivenConsent(BaseModel):
    """An agreement of the own account."""

    kind: ConsentKind
    version: str
    language: Language
    sha256: str
    given_at: datetime


class GivenConsents(BaseModel):
    """All of them, the newest first."""

    items: list[GivenConsent]


@router.get("/consents/{kind}", summary="The text to agree to")
async def get_consent(
    kind: ConsentKind, accept_language: Annotated[str | None, Header(include_in_schema=False)] = None
) -> Consent:
    """The version in force, in the caller's language."""
    current, language = current_text(kind), choose_language(accept_language)
    return Consent(
        kind=kind,
        version=current.version,
        language=language,
        text=current.text.format(language),
        sha256=current.hash(language).hex(),
    )


@router.get("/me/consents", summary="What I agreed to")
async def get_own_consents(caller: CurrentCaller, wired: Wired) -> GivenConsents:
    """The texts that this account agreed to, the newest hundred."""
    async with wired.database.read() as session:
        rows = await consents_of(session, caller.account_id)
    return GivenConsents(
        items=[
            GivenConsent(
                kind=row.kind,
                version=row.version,
                language=row.language,
                sha256=row.text_hash.hex(),
                given_at=row.given_at,
            )
            for row in rows
        ]
    )
