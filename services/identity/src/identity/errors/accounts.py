"""Registering, the own data, codes, passwords, closing."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from shared.http import Conflict, NotFound, Text, TooManyRequests, Unprocessable, ValidationFailed
from shared.http.texts import Language

Weakness = Literal["password_too_short", "password_too_long", "password_common", "password_own_data"]


_WEAKNESSES: Mapping[Weakness, Text] = MappingProxyType(
    {
        "password_too_short": Text(ru="Нужно не меньше 8 символов.", en="At least 8 characters are needed."),
        "password_too_long": Text(
            ru="Слишком длинно: не больше 256 байт (русская буква — два).",
            en="Too long: at most 256 bytes (a Russian letter has two).",
        ),
        "password_common": Text(
            ru="Этот пароль подбирают одним из первых. Хорошо подходят несколько слов, не связанных между собой.",
            en="This password is among the first to be guessed. A few unrelated words are a good choice.",
        ),
        "password_own_data": Text(
            ru="В пароле почти ничего нет, кроме вашего имени, телефона, почты или слова «дневник».",
            en="The password is hardly more than your name, phone, e-mail or the word “diary”.",
        ),
    }
)


class PasswordUnacceptable(ValidationFailed):
    """The new password is too easily guessed (I-7); `errors` says why."""

    code = "password_unacceptable"
    title = Text(ru="Выберите другой пароль", en="Choose another password")
    detail = Text(ru="Этот пароль слишком легко угадать.", en="This password is too easily guessed.")

    def __init__(self, field: str, weaknesses: Iterable[Weakness]) -> None:
        self.field = field
        self.weaknesses = tuple(weaknesses)
        super().__init__(count=len(self.weaknesses))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with all reasons in one language; never the password."""
        errors = [
            {"field": self.field, "code": weakness, "message": _WEAKNESSES[weakness].format(language)}
            for weakness in self.weaknesses
        ]
        return {**super().render(language, instance), "errors": errors}


class AccountNotFound(NotFound):
    """The account of the token does not exist (any more)."""

    code = "account_not_found"
    title = Text(ru="Этой учётной записи больше нет", en="This account is no more")
    detail = Text(
        ru="Она закрыта. Если закрывали её не вы, напишите в поддержку.",
        en="It was closed. If it was not you who closed it, write to support.",
    )


class RoleFixed(Conflict):
    """A pupil's account stays one: a child may bear the names of a parent, and must not become the parent (I-19)."""

    code = "role_fixed"
    title = Text(ru="Это учётная запись ученика", en="This is a pupil's account")
    detail = Text(
        ru="Так её записала школа или родитель. Законному представителю нужна своя учётная запись.",
        en="A school or a parent has said so. A representative needs an account of their own.",
    )


class TooManyCodes(TooManyRequests):
    """One code a minute and five a day to one number or mailbox (I-2)."""

    code = "too_many_codes"
    title = Text(ru="Код уже отправлен", en="A code has been sent already")
    detail = Text(
        ru="Новый код можно запросить через {retry_after} с. На один телефон или адрес приходит не больше пяти в день.",
        en="Another one can be asked for in {retry_after} s. One phone or mailbox gets at most five a day.",
    )


class CodeRefused(Unprocessable):
    """One answer for a wrong code, a lapsed one, one tried too often and one that never was (I-3)."""

    code = "code_refused"
    title = Text(ru="Код не подошёл", en="The code was not accepted")
    detail = Text(
        ru="Проверьте код. Он действует 5 минут, попыток пять; если время вышло, запросите новый.",
        en="Check the code. It is good for 5 minutes and five tries; if the time is over, ask for a new one.",
    )


class LinkRefused(Unprocessable):
    """The link is unknown, lapsed, used, or replaced by a newer one."""

    code = "link_refused"
    title = Text(ru="Ссылка больше не действует", en="The link is no longer good")
    detail = Text(
        ru="Ссылка действует сутки и только один раз. Запросите новую в личном кабинете.",
        en="A link is good for a day and only once. Ask for a new one in your profile.",
    )


class BirthDateInFuture(Unprocessable):
    """Nobody is born tomorrow."""

    code = "birth_date_in_future"
    title = Text(ru="Дата рождения ещё не наступила", en="The birth date is in the future")
    detail = Text(
        ru="Проверьте год.",
        en="Check the year.",
    )


class ContactTaken(Conflict):
    """Two people have proved one contact; told only to whoever holds it in his hands (I-3)."""

    code = "contact_taken"
    title = Text(ru="Контакт уже подтверждён в другой учётной записи", en="Another account has proved this contact")
    detail = Text(
        ru="Войдите в ту учётную запись или восстановите пароль; если она не ваша, обратитесь в поддержку.",
        en="Sign in to that account or recover its password; if it is not yours, ask support.",
    )


class RegistrationNotFound(NotFound):
    """No such registration in progress: unknown, lapsed, finished."""

    code = "registration_not_found"
    title = Text(ru="Регистрация не найдена", en="There is no such registration")
    detail = Text(
        ru="Час на регистрацию истёк, или она уже завершена. Войдите или начните заново.",
        en="The hour for registering is over, or it is finished already. Sign in, or start again.",
    )


class PhoneNotProved(Conflict):
    """The code of the SMS comes before the password."""

    code = "phone_not_proved"
    title = Text(ru="Сначала подтвердите телефон", en="Prove the phone first")
    detail = Text(ru="Введите код из СМС.", en="Enter the code from the SMS.")


class ContactChangeNotFound(NotFound):
    """Nothing is waiting to be proved."""

    code = "contact_change_not_found"
    title = Text(ru="Подтверждать нечего", en="There is nothing to prove")
    detail = Text(ru="Укажите новый контакт ещё раз.", en="Give the new contact again.")


class ConsentOutdated(Conflict):
    """The text has a newer version than the one that was agreed to."""

    code = "consent_outdated"
    title = Text(ru="Текст согласия изменился", en="The text of the consent has changed")
    detail = Text(
        ru="Прочитайте новую редакцию ({version}) и подтвердите согласие ещё раз.",
        en="Read the new version ({version}) and agree once more.",
    )
