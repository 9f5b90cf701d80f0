"""«Войти в дневник», over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints

from identity.container import Wired
from identity.errors import (
    AccountNotFound,
    ClientAssertionRefused,
    NothingToPass,
    PassedTooOften,
    SchoolNotFound,
    TooManyAttempts,
)
from identity.matching.answer import OutcomeHere
from identity.matching.own_access import Hint, OwnAccess, check_access, own_access
from identity.matching.pass_data import Child, pass_data
from identity.matching.texts import Action, fields_listed
from identity.matching.undo_acceptance import undo_acceptance
from identity.personal_data.person_name import PersonName
from identity.sessions.clients import Client
from shared.http import Body, CurrentCaller, Language, responses
from shared.http.texts import choose_language
from shared.names import LONGEST_NAME

router = APIRouter(tags=["access"])

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]


class Diary(BaseModel):
    """A pupil whose diary this account may open."""

    pupil_id: UUID
    surname: str
    given_name: str
    patronymic: str | None
    school_id: UUID
    school_name: str
    class_name: str | None
    relation: Literal["self", "representative"]
    level: int
    """1 reads; 2 also signs, excuses and invites."""
    outcome: Literal["accept"]
    since: datetime
    label: str | None
    """What you call this diary: «Ребёнок1» (I-6)."""


class WhatToDo(BaseModel):
    """Why a diary is not open yet and what opens it. Says nothing of what a school knows."""

    outcome: OutcomeHere
    title: str
    text: str
    action: Action
    missing: list[str]
    """What is to be filled in: `snils`, `phone`, `email`."""
    school_id: UUID | None
    school_name: str | None


class Access(BaseModel):
    """The diaries by name, and what to do about the others."""

    items: list[Diary]
    what_to_do: list[WhatToDo]

    @classmethod
    def of(cls, access: OwnAccess, language: Language) -> "Access":
        return cls(
            items=[
                Diary(
                    pupil_id=row.pupil_id,
                    surname=row.surname,
                    given_name=row.given_name,
                    patronymic=row.patronymic,
                    school_id=row.school_id,
                    school_name=row.school_name,
                    class_name=row.class_name,
                    relation=row.relation,
                    level=row.level,
                    outcome="accept",
                    since=row.granted_at,
                    label=row.label,
                )
                for row in access.diaries
            ],
            what_to_do=[_what_to_do(hint, language) for hint in access.hints],
        )


class ChildIn(Body):
    """The child as its documents name it."""

    surname: Name
    given_name: Name
    patronymic: Name | None = None


class PassData(Body):
    """To which class teacher the own data go."""

    school_id: UUID
    class_name: Annotated[str, StringConstraints(min_length=1, max_length=40)] = Field(examples=["7А"])
    child: ChildIn | None = None
    """The child whose diary it is about; null for the own one."""


class Passed(BaseModel):
    """Taken. Whether the school knows the class or the child is not told."""

    passed: Literal[True] = True


class Undo(Body):
    """The secret of the message «Это не я»."""

    secret: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Heard(BaseModel):
    """Heard; the same for every secret."""

    heard: Literal[True] = True


@router.get("/me/access", summary="Whose diaries I may open", responses=responses(AccountNotFound))
async def get_access(request: Request, caller: CurrentCaller, wired: Wired) -> Access:
    """Each child, or oneself, with relation and level; where nothing opens yet, what to do (I-11, I-20)."""
    async with wired.database.read() as session:
        access = await own_access(session, caller.account_id)
    return Access.of(access, _language(request))


@router.post("/me/access/check", summary="Open the diary", responses=responses(AccountNotFound))
async def post_check(request: Request, caller: CurrentCaller, wired: Wired) -> Access:
    """«Войти в дневник»: look again in all schools for what the account has proved (I-19)."""
    access = await check_access(wired.database.uow, wired.keys, caller)
    return Access.of(access, _language(request))


@router.post(
    "/me/access/pass-data",
    status_code=202,
    summary="Pass the own data to the class teacher",
    responses=responses(AccountNotFound, SchoolNotFound, NothingToPass, PassedTooOften),
)
async def post_pass_data(body: PassData, caller: CurrentCaller, wired: Wired) -> Passed:
    """The button of I-20: names and contacts of the profile go into the class teacher's queue."""
    child = None
    if body.child is not None:
        child = Child(PersonName(body.child.surname, body.child.given_name, body.child.patronymic))
    await pass_data(wired.database.uow, wired.keys, caller, body.school_id, body.class_name, child)
    return Passed()


@router.post(
    "/access-claims/undo",
    status_code=202,
    summary="It was not me",
    responses=responses(TooManyAttempts, ClientAssertionRefused),
)
async def post_undo(body: Undo, wired: Wired, client: Client) -> Heard:
    """«Это не я»: take back an access that was announced (I-21). Without sign-in; a wrong secret changes nothing."""
    await undo_acceptance(wired.database, wired.keys, body.secret, client.throttled_as(wired.keys))
    return Heard()


def _what_to_do(hint: Hint, language: Language) -> WhatToDo:
    school_id, school_name = hint.school or (None, None)
    return WhatToDo(
        outcome=hint.outcome,
        title=hint.advice.title.format(language),
        text=hint.advice.text.format(language, missing=fields_listed(hint.missing, language)),
        action=hint.advice.action,
        missing=list(hint.missing),
        school_id=school_id,
        school_name=school_name,
    )


def _language(request: Request) -> Language:
    return choose_language(request.headers.get("accept-language"))
