"""Signing in, throttles, sessions, slips."""

from shared.http import (
    Conflict,
    NotFound,
    Problem,
    TemporarilyUnavailable,
    Text,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
)


class SignInRefused(Unauthenticated):
    """One answer for a wrong password, an unknown login and a closed account (I-3)."""

    code = "sign_in_refused"
    title = Text(ru="Войти не удалось", en="Sign-in failed")
    detail = Text(ru="Неверный логин или пароль.", en="Wrong login or password.")


class TooManyAttempts(TooManyRequests):
    """Five failures are free; then each doubles the wait, up to 15 minutes (I-8)."""

    code = "too_many_attempts"
    title = Text(ru="Слишком много попыток", en="Too many attempts")
    detail = Text(
        ru="Подождите {retry_after} с и попробуйте ещё раз. Если забыли пароль, его можно заменить по коду.",
        en="Wait {retry_after} s and try again. A forgotten password can be replaced by a code.",
    )


class ClientAssertionRefused(Unauthenticated):
    """The frontend's assertion is not signed by a registered key, not for us, too old, or used before (I-11)."""

    code = "client_assertion_refused"
    title = Text(ru="Приложение не опознано", en="The client is not recognised")
    detail = Text(
        ru="Подпись приложения не принята. Пользователь не виноват: сообщите тем, кто отвечает за приложение.",
        en="The assertion of the client is not accepted. It is no fault of the user: tell those who run the client.",
    )


class PasswordsBusy(TemporarilyUnavailable):
    """More people sign in at this moment than the machine can check."""

    code = "sign_in_busy"
    title = Text(ru="Сейчас входит слишком много людей", en="Too many people are signing in right now")


class NoPhoneForCode(Conflict):
    """The account has no proved phone that a code could be sent to."""

    code = "no_phone_for_code"
    title = Text(ru="Телефон не подтверждён", en="The phone is not proved")
    detail = Text(ru="Введите пароль или подтвердите телефон.", en="Give the password, or prove the phone.")


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, expired, already used, or its session has ended."""

    code = "refresh_refused"
    title = Text(ru="Сеанс завершён", en="The session has ended")
    detail = Text(ru="Войдите ещё раз.", en="Sign in again.")


class RefreshSuperseded(Problem):
    """Another request has just renewed this session; its answer has the new tokens."""

    code = "refresh_superseded"
    status = 409
    title = Text(ru="Сеанс уже продлён другим запросом", en="Another request has just renewed the session")
    detail = Text(ru="Используйте токены из ответа на тот запрос.", en="Use the tokens of the answer to that request.")


class SlipRefused(Unprocessable):
    """One answer for a wrong login, a wrong password, and a slip that is spent, void or too old (I-6)."""

    code = "slip_refused"
    title = Text(ru="Карточка доступа не подошла", en="The access slip is not accepted")
    detail = Text(
        ru="Проверьте логин и пароль. Если всё верно, попросите у классного руководителя новую карточку.",
        en="Check login and password. If both are right, ask the class teacher for a new slip.",
    )


class DiaryNotFound(NotFound):
    """The diary is not among those that this account opens."""

    code = "diary_not_found"
    title = Text(ru="Такого дневника среди ваших нет", en="There is no such diary among yours")
    detail = Text(
        ru="Откройте список дневников ещё раз: доступ мог закончиться или перейти к другой учётной записи.",
        en="Look at the list of diaries again: the access may have ended, or gone to another account.",
    )


class SessionNotFound(NotFound):
    """No such open session of this account."""

    code = "session_not_found"
    title = Text(ru="Такого сеанса нет", en="There is no such session")
    detail = Text(
        ru="Скорее всего, он уже завершён: обновите список.",
        en="Most likely it has ended already: look at the list again.",
    )
