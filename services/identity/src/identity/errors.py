"""Expected failures of identity."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal

from identity.mistakes import Mistake
from shared.http import (
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    TemporarilyUnavailable,
    Text,
    TooManyRequests,
    Unauthenticated,
    Unprocessable,
    ValidationFailed,
)
from shared.http.texts import Language


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


class PersonNotFound(NotFound):
    """No such person in this school, or not in the caller's care: nobody learns which."""

    code = "person_not_found"
    title = Text(
        ru="Среди ваших учеников и их представителей такого человека нет", en="There is no such person in your care"
    )
    detail = Text(
        ru="Проверьте класс: показываются только ученики ваших классов и их представители.",
        en="Check the class: you see the pupils of your own classes and their representatives.",
    )


class SchoolNotFound(NotFound):
    """No such connected school."""

    code = "school_not_found"
    title = Text(ru="Такой школы нет в перечне", en="There is no such school in the directory")


class NothingToPass(Unprocessable):
    """A class teacher can do nothing with an account that has neither phone nor e-mail."""

    code = "nothing_to_pass"
    title = Text(ru="Передавать пока нечего", en="There is nothing to pass yet")
    detail = Text(
        ru="Сначала укажите в Личном кабинете телефон или адрес электронной почты.",
        en="First fill in a phone or an e-mail address in the profile.",
    )


class PassedTooOften(TooManyRequests):
    """Class teachers are not to be flooded."""

    code = "passed_too_often"
    title = Text(ru="Вы уже передали свои данные", en="You have already passed your data")
    detail = Text(
        ru="Дождитесь ответа классного руководителя или повторите через {retry_after} с.",
        en="Wait for the class teacher's answer, or try again in {retry_after} s.",
    )


class ReviewNotFound(NotFound):
    """No such review, or of a class that is not the caller's."""

    code = "review_not_found"
    title = Text(ru="Такого запроса нет среди ваших", en="There is no such review in your care")


class ReviewsForbidden(Forbidden):
    """Only class teachers and those who lead the school have a queue."""

    code = "reviews_forbidden"
    title = Text(ru="Очередь запросов вам недоступна", en="You have no queue of reviews here")
    detail = Text(
        ru="Запросы разбирают классные руководители, заместители, директор и администратор школы.",
        en="Reviews are settled by class teachers, deputies, the director and the school's administrator.",
    )


class AccessRulesForbidden(Forbidden):
    """Only those who lead the school say what it demands."""

    code = "access_rules_forbidden"
    title = Text(ru="Правила доступа задаёт руководство школы", en="The rules of access are the school leaders' to set")


class ReviewStale(Conflict):
    """Somebody has settled it, or the data have changed since it was shown; `current` says how it stands."""

    code = "review_stale"
    title = Text(ru="Запрос уже изменился", en="The review has changed")
    detail = Text(
        ru="Пока вы смотрели, данные изменились или запрос уже разобран. Откройте его ещё раз.",
        en="While you were looking the data changed or the review was settled. Open it again.",
    )


class OwnReview(Conflict):
    """Nobody admits himself."""

    code = "own_review"
    title = Text(ru="Свой запрос разобрать нельзя", en="You cannot settle your own review")
    detail = Text(
        ru="Доступ по вашим данным подтверждает другой сотрудник школы.",
        en="Another member of staff confirms access for your data.",
    )


class RecordTaken(Conflict):
    """The record of the school belongs to another account (I-19, row 4). A teacher may take it over, in so many words,
    when settling a review (`replace`).
    """

    code = "record_taken"
    title = Text(ru="У этого человека уже есть учётная запись", en="This person has an account already")
    detail = Text(
        ru="Если она ваша, войдите в неё или восстановите пароль. Если её завёл кто-то другой, классный руководитель "
        "может передать доступ: пусть примет запрос и отметит, что прежняя учётная запись его теряет.",
        en="If it is yours, sign in to it or recover its password. If somebody else made it, the class teacher can "
        "hand the access over: by accepting the request and saying that the other account loses it.",
    )


class RecordNeeded(Unprocessable):
    """The review names no record; the teacher has to."""

    code = "record_needed"
    title = Text(ru="Укажите, чья это запись", en="Say whose record it is")
    detail = Text(
        ru="По переданным данным запись не нашлась: выберите ученика или представителя своего класса.",
        en="The data fit no record: choose a pupil or representative of your class.",
    )


class NothingToCorrect(Conflict):
    """The two sides do not differ, or the record lacks nothing that the account has."""

    code = "nothing_to_correct"
    title = Text(ru="Исправлять нечего", en="There is nothing to correct")
    detail = Text(
        ru="Данные школы и учётной записи не расходятся: подтвердите или отклоните запрос.",
        en="The two sides do not differ: accept or reject the review.",
    )


class BindingNotFound(NotFound):
    """No such access, or to a pupil who is not in the caller's care."""

    code = "binding_not_found"
    title = Text(ru="Такого доступа нет среди ваших учеников", en="There is no such access to your pupils")


class AdmissionForbidden(Forbidden):
    """Staff is admitted and released by the administrator or director of the school (I-12)."""

    code = "admission_forbidden"
    title = Text(ru="Допускать сотрудников этой школы нельзя", en="You may not admit staff of this school")
    detail = Text(
        ru="Допуск оформляет администратор или директор школы.",
        en="Staff is admitted by the administrator or director of the school.",
    )


class AdmissionUnfit(Unprocessable):
    """Class, subject or term do not fit the role."""

    code = "admission_unfit"
    title = Text(ru="Так допустить нельзя", en="This is no admission")
    REASONS = MappingProxyType({
        "class_needed": Text(ru="Укажите класс.", en="Name the class."),
        "class_not_meant": Text(ru="У этой роли нет класса.", en="This role has no class."),
        "class_unknown": Text(ru="Такого открытого класса в школе нет.", en="The school has no such open class."),
        "subject_needed": Text(ru="Укажите предмет.", en="Name the subject."),
        "subject_not_meant": Text(ru="У этой роли нет предмета.", en="This role has no subject."),
        "subject_unknown": Text(ru="Такого предмета в школе нет.", en="The school does not teach this."),
        "term_order": Text(ru="Последний день раньше первого.", en="The last day is before the first."),
    })  # fmt: skip

    def __init__(self, field: str, reason: str) -> None:
        super().__init__()
        self.field, self.reason = field, reason

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem, and the field at fault in `errors`."""
        message = self.REASONS[self.reason].format(language)
        error = {"field": f"body.{self.field}", "code": self.reason, "message": message}
        return {**super().render(language, instance), "detail": message, "errors": [error]}


class DutyHeldAlready(Conflict):
    """The person holds this very duty; `assignment_id` names it."""

    code = "duty_held_already"
    title = Text(ru="Сотрудник уже допущен к этому", en="This duty is already held")
    detail = Text(
        ru="Чтобы изменить срок или основание, снимите прежний допуск.",
        en="To change term or basis, release the old admission first.",
    )


class AssignmentNotFound(NotFound):
    """No such assignment of this person, or it has ended."""

    code = "assignment_not_found"
    title = Text(ru="Такого допуска нет", en="There is no such assignment")


class ClassNotFound(NotFound):
    """No such class, or the caller is not its class teacher today."""

    code = "class_not_found"
    title = Text(ru="Такого класса среди ваших нет", en="There is no such class among yours")


class ContactsStale(Conflict):
    """Somebody else has changed the record; `current` is how it stands."""

    code = "contacts_stale"
    title = Text(ru="Запись уже изменили", en="The record has been changed meanwhile")
    detail = Text(
        ru="Сверьте свои изменения с текущими данными и сохраните ещё раз.",
        en="Compare your changes with the current data and save again.",
    )


class ProposalNotFound(NotFound):
    """No such proposal, or not for this caller."""

    code = "proposal_not_found"
    title = Text(ru="Такого изменения на подтверждении нет", en="There is no such change to confirm")


class ProposalSettled(Conflict):
    """Somebody has settled it; `state` says how."""

    code = "proposal_settled"
    title = Text(ru="По этому изменению решение уже принято", en="This change has been settled already")
    detail = Text(
        ru="Обновите список: кто-то из коллег успел раньше, или оно ждало больше двух недель.",
        en="Look at the list again: a colleague was faster, or it has waited for more than two weeks.",
    )


class OwnProposal(Conflict):
    """Two pairs of eyes are two people."""

    code = "own_proposal"
    title = Text(ru="Своё изменение подтвердить нельзя", en="You cannot confirm your own change")
    detail = Text(
        ru="Его подтверждает другой классный руководитель, завуч, директор или администратор школы.",
        en="Another class teacher, a deputy, the director or the school's administrator confirms it.",
    )


class ProposalOvertaken(Conflict):
    """The record has changed since it was proposed; the proposal is void."""

    code = "proposal_overtaken"
    title = Text(ru="Запись изменилась, предложение устарело", en="The record has changed, the proposal is void")
    detail = Text(
        ru="Внесите изменение заново, от того, что записано сейчас.",
        en="Make the change anew, from what stands there now.",
    )


class ImportForbidden(Forbidden):
    """Only the director or administrator of this school, or an operator of the platform."""

    code = "import_forbidden"
    title = Text(ru="Загружать эту школу нельзя", en="You may not import this school")
    detail = Text(
        ru="Школу загружает её директор, её администратор или оператор платформы; новую — только оператор.",
        en="A school is imported by its director, its administrator or a platform operator; a new one by an operator.",
    )


class ImportsWaiting(TooManyRequests):
    """Enough imports of this account wait for the worker."""

    code = "imports_waiting"
    title = Text(ru="Ваши прежние загрузки ещё выполняются", en="Your earlier imports are still being carried out")


class ImportNotFound(NotFound):
    """No such import of this account, or it was too long ago."""

    code = "import_not_found"
    title = Text(ru="Такой загрузки нет", en="There is no such import")


def told_mistake(mistake: Mistake, language: Language) -> dict[str, Any]:
    """One mistake of a bundle as it stands in `errors`."""
    return {
        "file": mistake.file,
        "line": mistake.line,
        "column": mistake.column,
        "rule": mistake.rule,
        # The members that all validation errors of the town have.
        "field": ":".join(str(part) for part in (mistake.file, mistake.line, mistake.column) if part),
        "code": mistake.rule,
        "message": mistake.message(language),
    }


class BundleRefused(Problem):
    """The bundle has mistakes; nothing of it was taken. `errors` names file, line, column and rule of each."""

    code = "bundle_refused"
    status = 422
    title = Text(ru="В выгрузке есть ошибки", en="The bundle has mistakes")
    detail = Text(ru="Ошибок: {count}. Ничего не загружено.", en="Mistakes: {count}. Nothing was imported.")

    SHOWN = 1000
    """As many mistakes as a report lists; `count` is always the whole number."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(count=len(self.mistakes))

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The problem with all mistakes in one language."""
        errors = [told_mistake(mistake, language) for mistake in self.mistakes[: self.SHOWN]]
        return {**super().render(language, instance), "errors": errors, "count": len(self.mistakes)}
