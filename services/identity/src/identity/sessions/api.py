"""Signing in and out, over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from identity.container import Wired
from identity.errors import (
    ClientAssertionRefused,
    CodeRefused,
    NoPhoneForCode,
    PasswordsBusy,
    RefreshRefused,
    RefreshSuperseded,
    SessionNotFound,
    SignInRefused,
    TooManyAttempts,
    TooManyCodes,
)
from identity.sessions.clients import Client
from identity.sessions.end_session import end_session
from identity.sessions.open_session import NewSession, Tokens
from identity.sessions.queries import open_sessions
from identity.sessions.refresh import refresh
from identity.sessions.sign_in import sign_in
from identity.sessions.step_up import ask_step_up_code, step_up, step_up_by_code
from identity.sessions.tokens import ACCESS_LIFETIME
from shared.http import Body, CurrentCaller, responses

router = APIRouter(prefix="/sessions", tags=["sessions"])
well_known = APIRouter(tags=["keys"])

# Never trimmed: a space at the end of a password is part of it.
Password = Annotated[str, StringConstraints(min_length=1, max_length=256, strip_whitespace=False)]


class SignIn(Body):
    """A login is a phone, an e-mail address, a СНИЛС, or the user name of a school's slip."""

    model_config = ConfigDict(str_strip_whitespace=False)

    login: Annotated[str, StringConstraints(min_length=1, max_length=254)]
    password: Password
    device_token: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """What the last sign-in on this device was answered; then strangers' failures do not lock this device out."""


class StepUp(Body):
    """The password of the account that is signed in, or the code that was sent for this session; one of them."""

    model_config = ConfigDict(str_strip_whitespace=False)

    password: Password | None = None
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None
    bound_to: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """The hash of the one page that is going to be signed with it: the token then signs that page and no other."""

    @model_validator(mode="after")
    def _one_of_them(self) -> "StepUp":
        if (self.password is None) == (self.code is None):
            texts = {"ru": "Укажите пароль или код", "en": "Give the password or the code"}
            raise PydanticCustomError("password_or_code", "{en}", texts)
        return self


class StepUpCodeSent(BaseModel):
    """A code is on its way to the proved phone."""

    code_expires_at: datetime


class Refresh(Body):
    """The newest refresh token of a session."""

    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AccessToken(BaseModel):
    """Send it as `Authorization: Bearer`; renew it from the fifth minute on."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- the kind of token, RFC 6750
    expires_in: int = int(ACCESS_LIFETIME.total_seconds())
    """Seconds."""


class SignedIn(AccessToken):
    """A session. The refresh token is good for one exchange."""

    refresh_token: str
    session_id: UUID
    account_id: UUID

    @classmethod
    def of(cls, tokens: Tokens) -> "SignedIn":
        return cls(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            session_id=tokens.session_id,
            account_id=tokens.account_id,
        )


class FirstSignedIn(SignedIn):
    """A session that has just begun."""

    device_token: str
    """To be kept on the device and given with the next sign-in."""

    @classmethod
    def of_new(cls, new: NewSession) -> "FirstSignedIn":
        return cls(**SignedIn.of(new).model_dump(), device_token=new.device_token)


class OpenSession(BaseModel):
    """A place where the account is signed in."""

    session_id: UUID
    started_at: datetime
    last_used_at: datetime
    device: str
    """What the device called itself."""
    current: bool


class OpenSessions(BaseModel):
    """All of them, the last used first."""

    items: list[OpenSession]


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    responses=responses(SignInRefused, TooManyAttempts, PasswordsBusy, ClientAssertionRefused),
)
async def post_session(body: SignIn, wired: Wired, client: Client) -> FirstSignedIn:
    """Sign in. Wrong login and wrong password are answered alike (I-3)."""
    new = await sign_in(
        wired.database,
        wired.keys,
        wired.passwords,
        wired.issuer,
        client.with_device(body.device_token),
        login=body.login,
        password=body.password,
    )
    return FirstSignedIn.of_new(new)


@router.post("/refresh", summary="Renew the session", responses=responses(RefreshRefused, RefreshSuperseded))
async def post_refresh(body: Refresh, wired: Wired) -> SignedIn:
    """Exchange the refresh token for the next one and an access token (I-10)."""
    return SignedIn.of(await refresh(wired.database, wired.issuer, body.refresh_token))


@router.post(
    "/step-up",
    summary="Give the password or a code once more",
    responses=responses(SignInRefused, CodeRefused, TooManyAttempts, PasswordsBusy),
)
async def post_step_up(body: StepUp, caller: CurrentCaller, wired: Wired) -> AccessToken:
    """Get an access token with a fresh `auth_time`, for what needs a password or code within five minutes (I-11)."""
    if body.code is not None:
        token = await step_up_by_code(wired.database, wired.keys, wired.issuer, caller, body.code, body.bound_to)
    else:
        token = await step_up(
            wired.database, wired.keys, wired.passwords, wired.issuer, caller, body.password or "", body.bound_to
        )
    return AccessToken(access_token=token)


@router.post(
    "/step-up/code",
    status_code=202,
    summary="Send a code for the step-up",
    responses=responses(NoPhoneForCode, TooManyCodes),
)
async def post_step_up_code(caller: CurrentCaller, wired: Wired) -> StepUpCodeSent:
    """By SMS to the proved phone; good for this session alone, for five minutes and five tries (I-11)."""
    return StepUpCodeSent(code_expires_at=await ask_step_up_code(wired.database.uow, wired.keys, caller))


@router.get("", summary="Open sessions")
async def get_sessions(caller: CurrentCaller, wired: Wired) -> OpenSessions:
    """Where this account is signed in."""
    async with wired.database.read() as session:
        rows = await open_sessions(session, caller.account_id, wired.database.clock())
    return OpenSessions(
        items=[
            OpenSession(
                session_id=row.session_id,
                started_at=row.started_at,
                last_used_at=row.last_used_at,
                device=row.device,
                current=row.session_id == caller.session_id,
            )
            for row in rows
        ]
    )


@router.delete("/current", status_code=204, summary="Sign out", responses=responses(SessionNotFound))
async def delete_current_session(caller: CurrentCaller, wired: Wired) -> None:
    """End the session of this token."""
    await end_session(wired.database.uow, caller, caller.session_id)


@router.delete("/{session_id}", status_code=204, summary="End a session", responses=responses(SessionNotFound))
async def delete_session(session_id: UUID, caller: CurrentCaller, wired: Wired) -> None:
    """End one of the own sessions."""
    await end_session(wired.database.uow, caller, session_id)


@well_known.get(
    "/.well-known/jwks.json",
    summary="Public signing keys",
    response_class=Response,
    responses={
        200: {"content": {"application/jwk-set+json": {}}, "description": "A JWK set"},
        304: {"description": "The keys are still the same"},
    },
)
async def get_jwks(request: Request, wired: Wired) -> Response:
    """The keys that access tokens are verified with: the signing one, the next one, the one before (RFC 7517)."""
    keys = wired.issuer.keys
    headers = {"ETag": keys.etag, "Cache-Control": "public, max-age=300"}
    asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if keys.etag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return Response(keys.document, headers=headers, media_type="application/jwk-set+json")
