"""Sign a finished week (J-32): a level-2 representative, by a password that was given for this very page."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from journal.access.actions import SIGN_WEEK
from journal.access.open_diary import open_diary
from journal.diary.frozen import page_hash
from journal.diary.page import week_document
from journal.errors import NotYoursToSign, PageChanged, ProofNotForThisPage, PupilNotFound, SchoolNotFound, WeekNotOver
from journal.roster.queries import find_school, hold_pupil
from journal.signature.queries import Signature, signatures_of_week
from journal.signature.rules import FORMAT, Record, signed_document
from journal.signature.tables import week_signatures
from journal.weeks import Week
from shared.contracts.journal import WeekSigned
from shared.crypto import Seals
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def sign_week(
    uow: UnitOfWork, seals: Seals, caller: Caller, pupil_id: UUID, week: Week, seen_hash: str
) -> Signature:
    """Freeze the page as it stands, seal it, tell the town. The same page signed again by the same account is one.

    Args:
        uow: of this service.
        seals: the keys of this service.
        caller: with a fresh proof that is bound to the page.
        pupil_id: whose week.
        week: which one; the present one from its Friday on.
        seen_hash: the hash of the page that was shown to the signer.

    Raises:
        PupilNotFound: the diary is not open to the caller.
        NotYoursToSign: it is, but not to sign.
        WeekNotOver: too early.
        PageChanged: the page is no longer what was shown.
        ProofNotForThisPage: the password was given for something else.
    """
    async with uow.begin() as tx:
        diary = await open_diary(tx.session, caller.account_id, pupil_id, tx.now)
        if not diary.may(SIGN_WEEK):
            raise NotYoursToSign
        school = await find_school(tx.session, diary.pupil.school_id)
        if school is None:
            raise SchoolNotFound
        if not week.may_be_judged(school.today(tx.now)):
            raise WeekNotOver(friday=week.friday.isoformat())
        # Whoever writes into the pupil's cells holds the pupil too: the page stands still.
        pupil = await hold_pupil(tx.session, school.school_id, pupil_id)
        if pupil is None:
            raise PupilNotFound
        page = await week_document(tx.session, pupil, week)
        current = page_hash(page)
        if current != seen_hash:
            raise PageChanged(members={"page_hash": current})
        if caller.bound_to != current:
            raise ProofNotForThisPage
        for one in await signatures_of_week(tx.session, school.school_id, pupil_id, week.monday):
            if (one.page_hash, one.account_id) == (current, caller.account_id):
                return one
        signature = Signature(school.school_id, tx.new_id(), pupil_id, week.monday, current, caller.account_id, tx.now)
        await _keep(tx, seals, caller, signature, page, pupil.class_id)
        return signature


async def _keep(
    tx: Tx, seals: Seals, caller: Caller, signature: Signature, page: dict[str, object], class_id: UUID
) -> None:
    key_id, key = seals.sealing
    record = Record(
        format=FORMAT,
        signature_id=str(signature.signature_id),
        school_id=str(signature.school_id),
        pupil_id=str(signature.pupil_id),
        week=str(Week(signature.monday)),
        page_hash=signature.page_hash,
        signer_account_id=str(caller.account_id),
        acr=caller.acr,
        proved_at=_written(caller.auth_time),
        signed_at=_written(signature.signed_at),
    )
    await tx.session.execute(
        insert(week_signatures).values(
            school_id=signature.school_id,
            signature_id=signature.signature_id,
            pupil_id=signature.pupil_id,
            class_id=class_id,
            monday=signature.monday,
            page_hash=signature.page_hash,
            account_id=signature.account_id,
            signed_at=signature.signed_at,
            document=signed_document(page, record, key, key_id),
        )
    )
    tx.emit(
        WeekSigned(
            school_id=signature.school_id,
            pupil_id=signature.pupil_id,
            class_id=class_id,
            signature_id=signature.signature_id,
            week=str(Week(signature.monday)),
            page_hash=signature.page_hash,
            account_id=signature.account_id,
            signed_at=signature.signed_at,
        )
    )


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
