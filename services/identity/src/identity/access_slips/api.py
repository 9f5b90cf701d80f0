"""Access slips and the labels of diaries, over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic_core import PydanticCustomError

from identity.access_slips.print_slip import print_slip
from identity.access_slips.redeem_slip import redeem_slip
from identity.accounts.label_diary import Labelled, label_diary
from identity.container import Wired
from identity.errors import (
    ClientAssertionRefused,
    DiaryNotFound,
    PasswordsBusy,
    PersonNotFound,
    RecordTaken,
    SlipRefused,
    TooManyAttempts,
)
from identity.sessions.clients import Client
from shared.http import Body, CurrentCaller, RecentCaller, StepUpRequired, responses
from shared.names import has_control_characters

router = APIRouter(tags=["slips"])


def _visible(label: str) -> str:
    if has_control_characters(label):
        texts = {"ru": "Недопустимые символы", "en": "Characters that are not allowed"}
        raise PydanticCustomError("label_characters", "{en}", texts)
    return label


Label = Annotated[
    str, StringConstraints(min_length=1, max_length=40), AfterValidator(_visible), Field(examples=["Ребёнок1"])
]


class Printed(BaseModel):
    """A slip, shown this once: only a hash of the password is kept."""

    slip_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    login: str
    password: str
    expires_at: datetime


class SlipIn(Body):
    """What stands on the slip; dashes, capitals and letters that look alike do not matter."""

    label: Label
    """What you call this diary."""
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class LabelIn(Body):
    """A new label; null takes it away."""

    label: Label | None


class LabelledDiary(BaseModel):
    """A diary and what the account calls it."""

    pupil_id: UUID
    label: str | None

    @classmethod
    def of(cls, diary: Labelled) -> "LabelledDiary":
        return cls(pupil_id=diary.pupil_id, label=diary.label)


class OpenedDiaries(BaseModel):
    """The diaries that a slip has opened: one, or those of all children of a representative."""

    items: list[LabelledDiary]


@router.post(
    "/schools/{school_id}/people/{person_id}/access-slip",
    status_code=201,
    summary="Print an access slip",
    responses=responses(PersonNotFound, RecordTaken, StepUpRequired, PasswordsBusy),
)
async def post_slip(school_id: UUID, person_id: UUID, caller: RecentCaller, wired: Wired) -> Printed:
    """Login and one-time password for a pupil or a representative; an older slip of the same person is void (I-6).

    For the class teacher, and for the school's deputy, director and administrator. Good for 30 days, once.
    """
    slip = await print_slip(wired.database, wired.passwords, caller, school_id, person_id)
    surname, given_name, patronymic = slip.name
    return Printed(
        slip_id=slip.slip_id,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        login=slip.login,
        password=slip.password,
        expires_at=slip.expires_at,
    )


@router.post(
    "/me/diaries/by-slip",
    status_code=201,
    summary="Add a diary by a slip of the school",
    responses=responses(SlipRefused, RecordTaken, TooManyAttempts, PasswordsBusy, ClientAssertionRefused),
)
async def post_diary_by_slip(body: SlipIn, caller: CurrentCaller, client: Client, wired: Wired) -> OpenedDiaries:
    """«Добавить учётную запись»: the slip's diary opens in this account, under a label; the slip is spent (I-6)."""
    opened = await redeem_slip(
        wired.database,
        wired.keys,
        wired.passwords,
        caller,
        client,
        label=body.label,
        login=body.login,
        password=body.password,
    )
    return OpenedDiaries(items=[LabelledDiary.of(diary) for diary in opened])


@router.patch("/me/diaries/{pupil_id}", summary="Rename a diary", responses=responses(DiaryNotFound))
async def patch_diary(pupil_id: UUID, body: LabelIn, caller: CurrentCaller, wired: Wired) -> LabelledDiary:
    """Change the label of one of the own diaries; nobody else sees it."""
    return LabelledDiary.of(await label_diary(wired.database.uow, caller, pupil_id, body.label))
