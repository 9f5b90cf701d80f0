"""Registering, over HTTP."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from identity.accounts.role import Role
from identity.container import Wired
from identity.errors import (
    ClientAssertionRefused,
    CodeRefused,
    ConsentOutdated,
    ContactTaken,
    PasswordsBusy,
    PasswordUnacceptable,
    PhoneNotProved,
    RegistrationNotFound,
    TooManyAttempts,
    TooManyCodes,
)
from identity.personal_data.fields import (
    CodeField,
    EmailField,
    NameField,
    PasswordTwice,
    PatronymicField,
    PhoneField,
    SnilsField,
)
from identity.registration.finish_registration import Registered, finish_registration
from identity.registration.form import Form
from identity.registration.prove_phone import prove_phone
from identity.registration.start_registration import send_code_again, start_registration
from identity.sessions.clients import Client
from identity.sessions.tokens import ACCESS_LIFETIME
from shared.http import Body, OptionalCaller, Unauthenticated, responses

router = APIRouter(prefix="/registrations", tags=["registration"])

Token = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class NewRegistration(Body):
    """The form. A representative who registers a child is signed in and gives the child's own contacts."""

    surname: NameField
    given_name: NameField
    patronymic: PatronymicField = None
    email: EmailField
    phone: PhoneField
    snils: SnilsField | None = None
    consent_version: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    """Of `GET /consents/personal_data`, as it was shown."""
    role: Role | None = None
    """«Я — ученик / законный представитель»; null for whoever is neither: staff, a trusted person. Without it no
    record of a pupil is taken for the own one unless the birth dates are equal too (I-19)."""
    locale: Literal["ru", "en"] = "ru"
    """The language of messages."""
    for_child: bool = False
    """A child is a pupil, whatever `role` says."""


class GoingOn(Body):
    """The registration in progress."""

    registration_token: Token


class CodeEntered(GoingOn):
    """The code from the SMS."""

    code: CodeField


class PasswordChosen(PasswordTwice):
    """The password, typed twice."""

    registration_token: Token
    device_token: Token | None = None
    """What an earlier sign-in on this device was answered, whoever it was."""


class CodeSent(BaseModel):
    """A code is on its way; nothing here says whether the number is known (I-3)."""

    code_expires_at: datetime


class RegistrationStarted(CodeSent):
    """Go on with the token: the code, then the password."""

    registration_token: str
    expires_at: datetime
    """Until then the registration has to be finished."""


class FirstSession(BaseModel):
    """A session that has just begun; what `POST /sessions` answers."""

    session_id: UUID
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- the kind of token, RFC 6750
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())
    """Seconds."""
    refresh_token: str
    device_token: str
    """To be kept on the device and given with the next sign-in."""


class AccountMade(BaseModel):
    """The account, and its first session unless a representative has registered a child."""

    account_id: UUID
    session: FirstSession | None

    @classmethod
    def of(cls, registered: Registered) -> Self:
        begun = registered.session
        return cls(
            account_id=registered.account_id,
            session=begun
            and FirstSession(
                session_id=begun.session_id,
                access_token=begun.access_token,
                refresh_token=begun.refresh_token,
                device_token=begun.device_token,
            ),
        )


@router.post(
    "",
    status_code=202,
    summary="Fill in the form",
    responses=responses(ConsentOutdated, TooManyCodes, TooManyAttempts, ClientAssertionRefused),
)
async def post_registration(
    body: NewRegistration, caller: OptionalCaller, wired: Wired, client: Client
) -> RegistrationStarted:
    """Begin to register oneself, or, signed in, a child. A code goes to the phone.

    The answer is the same for a phone or mailbox that somebody has proved already; then the owner is told, and the
    stranger is not (I-3).
    """
    if body.for_child and caller is None:
        raise Unauthenticated
    started = await start_registration(
        wired.database,
        wired.keys,
        client,
        Form(
            body.surname,
            body.given_name,
            body.patronymic,
            body.phone,
            body.email,
            body.snils,
            "pupil" if body.for_child else body.role,
        ),
        consent_version=body.consent_version,
        locale=body.locale,
        representative=caller if body.for_child else None,
    )
    return RegistrationStarted(
        registration_token=started.token,
        code_expires_at=started.code_expires_at,
        expires_at=started.expires_at,
    )


@router.post(
    "/code/resend",
    status_code=202,
    summary="Send another code",
    responses=responses(RegistrationNotFound, TooManyCodes),
)
async def post_code_again(body: GoingOn, wired: Wired) -> CodeSent:
    """One a minute, five a day to one number; the code before is good no more (I-2)."""
    return CodeSent(code_expires_at=await send_code_again(wired.database.uow, wired.keys, body.registration_token))


@router.post("/code", status_code=204, summary="Enter the code", responses=responses(RegistrationNotFound, CodeRefused))
async def post_code(body: CodeEntered, wired: Wired) -> None:
    """Prove the phone: five minutes, five tries (I-2)."""
    await prove_phone(wired.database.uow, wired.keys, body.registration_token, body.code)


@router.post(
    "/password",
    status_code=201,
    summary="Choose a password and have the account",
    responses=responses(
        RegistrationNotFound, PhoneNotProved, PasswordUnacceptable, ContactTaken, PasswordsBusy, ClientAssertionRefused
    ),
)
async def post_password(body: PasswordChosen, wired: Wired, client: Client) -> AccountMade:
    """Make the account and sign it in; a link that proves the mailbox goes there. Then follows `PATCH /me/profile`."""
    registered = await finish_registration(
        wired.database,
        wired.keys,
        wired.passwords,
        wired.issuer,
        client.with_device(body.device_token),
        token=body.registration_token,
        password=body.password,
    )
    return AccountMade.of(registered)
