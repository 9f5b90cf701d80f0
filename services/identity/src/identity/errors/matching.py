"""Whose record is whose: reviews, bindings, data that is passed on."""

from shared.http import Conflict, Forbidden, NotFound, Text, TooManyRequests, Unprocessable


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
