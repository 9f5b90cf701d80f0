"""Note that somebody agreed to a text, in the transaction of what the consent is needed for."""

from uuid import UUID

from sqlalchemy import insert

from identity.consents.tables import consents
from identity.consents.texts import ConsentKind, current_text
from identity.errors import ConsentOutdated
from shared.db import Tx
from shared.http.texts import Language


def require_current(kind: ConsentKind, version: str) -> None:
    """Refuse a consent to a text that is no longer, or not yet, in force.

    Raises:
        ConsentOutdated: the current version has to be read and agreed to.
    """
    current = current_text(kind).version
    if version != current:
        raise ConsentOutdated(members={"current_version": current}, version=current)


async def give_consent(tx: Tx, account_id: UUID, kind: ConsentKind, version: str, language: Language) -> UUID:
    """Keep that an account agreed to the current text of a kind; each time anew. Answers the consent's id.

    Args:
        tx: the transaction of the use case that needs the consent.
        account_id: who agrees.
        kind: to what.
        version: of the text that was shown.
        language: in which it was shown.

    Raises:
        ConsentOutdated: another version is in force by now.
    """
    require_current(kind, version)
    consent_id = tx.new_id()
    await tx.session.execute(
        insert(consents).values(
            consent_id=consent_id,
            account_id=account_id,
            kind=kind,
            version=version,
            language=language,
            text_hash=current_text(kind).hash(language),
            given_at=tx.now,
        )
    )
    return consent_id
