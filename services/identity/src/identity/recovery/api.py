"""Recovering a password, over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from identity.container import Wired
from identity.errors import (
    ClientAssertionRefused,
    CodeRefused,
    PasswordsBusy,
    PasswordUnacceptable,
    TooManyAttempts,
    TooManyCodes,
)
from identity.personal_data.fields import CodeField, PasswordTwice
from identity.recovery.recover import set_new_password, start_recovery
from identity.sessions.clients import Client
from shared.http import Body, responses

router = APIRouter(prefix="/recoveries", tags=["recovery"])


class ForgottenPassword(Body):
    """Whose password is forgotten: phone, e-mail, СНИЛС, or the user name of a school's slip."""

    model_config = ConfigDict(str_strip_whitespace=False)

    login: Annotated[str, StringConstraints(min_length=1, max_length=254)]


class RecoveryStarted(BaseModel):
    """If there is such an account and it has proved a phone or a mailbox, a code is on its way there."""

    recovery_token: str
    code_expires_at: datetime


class NewPassword(PasswordTwice):
    """The code, and the new password twice."""

    recovery_token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: CodeField


@router.post(
    "",
    status_code=202,
    summary="Forgot the password",
    responses=responses(TooManyCodes, TooManyAttempts, ClientAssertionRefused),
)
async def post_recovery(body: ForgottenPassword, wired: Wired, client: Client) -> RecoveryStarted:
    """Ask for a code. The answer is the same whether or not there is such an account (I-3)."""
    recovery = await start_recovery(wired.database, wired.keys, client, body.login)
    return RecoveryStarted(recovery_token=recovery.token, code_expires_at=recovery.code_expires_at)


@router.post(
    "/password",
    status_code=204,
    summary="Choose a new password",
    responses=responses(CodeRefused, PasswordUnacceptable, PasswordsBusy),
)
async def post_new_password(body: NewPassword, wired: Wired) -> None:
    """Replace the password. All sessions end: sign in anew."""
    await set_new_password(
        wired.database,
        wired.keys,
        wired.passwords,
        token=body.recovery_token,
        code=body.code,
        password=body.password,
    )
