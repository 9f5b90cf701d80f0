"""The own data, over HTTP."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from identity.accounts.facts import ContactKind
from identity.accounts.role import Role
from identity.container import Wired
from identity.errors import (
    AccountNotFound,
    BirthDateInFuture,
    CodeRefused,
    ContactChangeNotFound,
    ContactTaken,
    LinkRefused,
    PasswordsBusy,
    PasswordUnacceptable,
    RoleFixed,
    SignInRefused,
    TooManyAttempts,
    TooManyCodes,
)
from identity.personal_data.contacts import masked_email
from identity.personal_data.fields import (
    CodeField,
    EmailField,
    NameField,
    PasswordField,
    PasswordTwice,
    PatronymicField,
    PhoneField,
    SnilsField,
)
from identity.profile.ask_contact_change import ask_contact_change
from identity.profile.change_password import change_password
from identity.profile.change_profile import change_profile
from identity.profile.close_account import close_account
from identity.profile.prove_contact import prove_email, prove_phone
from identity.profile.queries import OwnData, own_data
from identity.profile.rules import DETAILS, MASKS, NEEDED_FOR_DIARY, FieldName
from shared.contacts import masked_phone
from shared.http import Body, CurrentCaller, RecentCaller, StepUpRequired, responses

router = APIRouter(tags=["me"])

EARLIEST_BIRTH = date(1900, 1, 1)

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_FIELDS: tuple[FieldName, ...] = (
    "surname", "given_name", "patronymic", "role", "phone", "email", "snils", *DETAILS,
)  # fmt: skip


class ProfileField(BaseModel):
    """One field of «Личные данные»."""

    name: FieldName
    value: str | None
    """As it may be shown: contacts, numbers, birth date and place are masked."""
    masked: bool
    proved: bool | None
    """Of phone, e-mail and СНИЛС; None where there is nothing to prove, or no value."""
    needed_for_diary: bool
    """Without it no diary opens (I-19, row 0). СНИЛС: only where the school asks for it."""
    waiting: str | None
    """The new value, masked, that a code or link has yet to prove."""


class Profile(BaseModel):
    """The own data («Личные данные»)."""

    account_id: UUID
    locale: Literal["ru", "en"]
    fields: list[ProfileField]


def _born(value: date) -> date:
    if not value >= EARLIEST_BIRTH:
        raise PydanticCustomError(
            "birth_date_invalid", "{en}", {"ru": "Дата рождения до 1900 года", "en": "A birth date before 1900"}
        )
    return value


class ProfileChanges(Body):
    """Only the fields that change; null clears one. Contacts are changed by `POST /me/contacts/…`."""

    surname: NameField | None = None
    given_name: NameField | None = None
    patronymic: PatronymicField = None
    role: Role | None = None
    """«Я — ученик / законный представитель»; null for whoever is neither."""
    locale: Literal["ru", "en"] | None = None
    snils: SnilsField | None = None
    sex: Literal["male", "female"] | None = None
    birth_date: Annotated[date, AfterValidator(_born)] | None = None
    birth_place: Line | None = None
    citizenship: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166-1, two letters: RU."""
    passport: Annotated[str, StringConstraints(pattern=r"^[0-9A-ZА-ЯЁ№ \-]{4,40}$")] | None = None
    """Series and number of the identity document."""

    @model_validator(mode="after")
    def _never_empty(self) -> "ProfileChanges":
        for name in ("surname", "given_name", "locale"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError(
                    "missing",
                    "{en}",
                    {"ru": "Фамилия, имя и язык не могут быть пустыми", "en": "Surname, given name, locale: not empty"},
                )
        return self

    def named(self) -> dict[str, str | None]:
        """The fields that the body names, as they are kept."""
        return {
            name: value.isoformat() if isinstance(value := getattr(self, name), date) else value
            for name in sorted(self.model_fields_set)
        }


class NewPhone(Body):
    """The new phone, in any usual spelling."""

    phone: PhoneField


class NewEmail(Body):
    """The new mailbox."""

    email: EmailField


class ProofAsked(BaseModel):
    """A code or a link is on its way; nothing here says whether somebody else has the contact (I-3)."""

    kind: ContactKind
    masked: str
    expires_at: datetime


class CodeEntered(Body):
    """The code from the SMS."""

    code: CodeField


class LinkOpened(Body):
    """What stands behind the `#` of the link."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=512)]


class Proved(BaseModel):
    """The contact that is proved now."""

    kind: ContactKind
    masked: str


class PasswordChange(PasswordTwice):
    """The password as it is, and the new one twice."""

    model_config = ConfigDict(str_strip_whitespace=False)

    old_password: PasswordField


@router.get("/me/profile", summary="My data", responses=responses(AccountNotFound))
async def get_profile(caller: CurrentCaller, wired: Wired) -> Profile:
    """Every field: what stands there, whether it is proved, whether a diary needs it (I-5)."""
    async with wired.database.read() as session:
        data = await own_data(session, wired.keys.vault, caller.account_id)
    return Profile(
        account_id=caller.account_id,
        locale=data.owner.locale,
        fields=[_shown(name, data) for name in _FIELDS],
    )


def _shown(name: FieldName, data: OwnData) -> ProfileField:
    in_clear: str | None
    proved: bool | None = None
    if name in DETAILS:
        in_clear = data.details.get(name)
    elif name in {"phone", "email", "snils"}:
        in_clear, proved = data.identifiers.get(name, (None, None))
    else:
        in_clear = getattr(data.owner, name)
    mask = MASKS.get(name)
    waiting = data.waiting.get(name)
    return ProfileField(
        name=name,
        value=mask(in_clear) if mask and in_clear is not None else in_clear,
        masked=mask is not None,
        proved=proved,
        needed_for_diary=name in NEEDED_FOR_DIARY or (name == "snils" and data.snils_needed),
        waiting=mask(waiting) if mask and waiting is not None else None,
    )


@router.patch(
    "/me/profile", summary="Change my data", responses=responses(AccountNotFound, BirthDateInFuture, RoleFixed)
)
async def patch_profile(body: ProfileChanges, caller: CurrentCaller, wired: Wired) -> Profile:
    """Change names, СНИЛС and the rest; schools compare again by themselves (I-21)."""
    if body.birth_date is not None and body.birth_date > wired.database.clock().date():
        raise BirthDateInFuture
    await change_profile(wired.database.uow, wired.keys, caller.account_id, body.named())
    return await get_profile(caller, wired)


@router.post(
    "/me/contacts/phone",
    status_code=202,
    summary="Give a new phone",
    responses=responses(StepUpRequired, TooManyCodes, AccountNotFound),
)
async def post_phone(body: NewPhone, caller: RecentCaller, wired: Wired) -> ProofAsked:
    """A code goes to the new phone; the old one stays in force until the code is entered. Needs step-up (I-5)."""
    expires_at = await ask_contact_change(wired.database.uow, wired.keys, caller.account_id, "phone", body.phone)
    return ProofAsked(kind="phone", masked=masked_phone(body.phone), expires_at=expires_at)


@router.post(
    "/me/contacts/email",
    status_code=202,
    summary="Give a new mailbox, or ask for another link",
    responses=responses(StepUpRequired, TooManyCodes, AccountNotFound),
)
async def post_email(body: NewEmail, caller: RecentCaller, wired: Wired) -> ProofAsked:
    """A link goes to the mailbox; the old one stays in force until it is opened. Needs step-up (I-5)."""
    expires_at = await ask_contact_change(wired.database.uow, wired.keys, caller.account_id, "email", body.email)
    return ProofAsked(kind="email", masked=masked_email(body.email), expires_at=expires_at)


@router.post(
    "/me/contacts/phone/code",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Enter the code for the new phone",
    responses=responses(ContactChangeNotFound, CodeRefused, ContactTaken),
)
async def post_phone_code(body: CodeEntered, caller: CurrentCaller, wired: Wired) -> None:
    """Prove the phone; the old one is told (I-5)."""
    await prove_phone(wired.database.uow, wired.keys, caller.account_id, body.code)


@router.post("/contact-links", summary="Open the link from the letter", responses=responses(LinkRefused, ContactTaken))
async def post_contact_link(body: LinkOpened, wired: Wired) -> Proved:
    """Prove the mailbox. The page behind the link posts this; looking at the page changes nothing (I-2)."""
    contact = await prove_email(wired.database.uow, wired.keys, body.token)
    return Proved(kind="email", masked=masked_email(contact.value))


@router.post(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Change my password",
    responses=responses(SignInRefused, PasswordUnacceptable, TooManyAttempts, PasswordsBusy, AccountNotFound),
)
async def post_password(body: PasswordChange, caller: CurrentCaller, wired: Wired) -> None:
    """The old password is asked for; all other sessions end (I-10)."""
    await change_password(wired.database, wired.keys, wired.passwords, caller, old=body.old_password, new=body.password)


@router.delete(
    "/me",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Close my account for good",
    responses=responses(StepUpRequired, AccountNotFound),
)
async def delete_me(caller: RecentCaller, wired: Wired) -> None:
    """Erase the account: contacts, names, password; diaries close, sessions end. Cannot be undone. Needs step-up."""
    await close_account(wired.database.uow, wired.keys, caller.account_id)
