"""The texts to agree to, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel

from identity.consents.texts import ConsentKind, current_text
from shared.http.texts import Language, choose_language

router = APIRouter(prefix="/consents", tags=["consents"])


class Consent(BaseModel):
    """A text to show; send `version` and `language` back with the agreement."""

    kind: ConsentKind
    version: str
    language: Language
    text: str
    sha256: str
    """Of the text, in hex: what is kept of an agreement."""


@router.get("/{kind}", summary="The text to agree to")
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
