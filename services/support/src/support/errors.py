"""Expected failures of support."""

from typing import Any

from shared.http import (
    Conflict,
    Forbidden,
    Language,
    NotFound,
    TemporarilyUnavailable,
    Text,
    TooManyRequests,
    Unprocessable,
)


class NoSuchNumber(NotFound):
    """The check digit does not fit, or it is no number at all: it was misread or mistyped (S-3)."""

    code = "no_such_number"
    title = Text(ru="Такого номера нет", en="No such number")
    detail = Text(
        ru="Проверьте цифры: номер обращения пишется как 26-000417-3.",
        en="Check the digits: a ticket number looks like 26-000417-3.",
    )


class TicketNotFound(NotFound):
    """Unknown, or not for this caller: the answer does not say which (S-3)."""

    code = "ticket_not_found"
    title = Text(ru="Обращение не найдено", en="Ticket not found")
    detail = Text(
        ru="Откройте его по ссылке, полученной при подаче, или войдите под учётной записью, с которой подавали.",
        en="Open it by the link you were given when filing it, or sign in to the account it was filed from.",
    )


class AgentsOnly(Forbidden):
    """The desk is for agents of support (S-14)."""

    code = "agents_only"
    title = Text(ru="Только для сотрудников поддержки", en="For support agents only")


class TooManyTickets(TooManyRequests):
    """Too many tickets from one account, e-mail address or network address (S-1)."""

    code = "too_many_tickets"
    title = Text(ru="Слишком много обращений подряд", en="Too many tickets in a row")
    detail = Text(
        ru="Ваши прежние обращения приняты. Новое можно отправить через {minutes} мин.",
        en="Your earlier tickets were accepted. You can send a new one in {minutes} min.",
    )


class NumbersExhausted(TemporarilyUnavailable):
    """A year has a million numbers."""

    code = "numbers_exhausted"
    title = Text(ru="Номера обращений этого года закончились", en="This year's ticket numbers have run out")


class StaleTicket(Conflict):
    """Somebody changed the ticket in between; `current` is how it stands now (S-7)."""

    code = "stale_version"
    title = Text(ru="Обращение уже изменили", en="The ticket has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {version}.",
        en="You changed version {base}, the current one is {version}.",
    )


class MoveNotAllowed(Conflict):
    """The status cannot become that one; `allowed` lists what it can become (S-5)."""

    code = "move_not_allowed"
    title = Text(ru="Такой переход невозможен", en="This move is not possible")
    detail = Text(
        ru="Из состояния «{old_status}» нельзя перейти в «{status}».",
        en="A ticket cannot go from “{old_status}” to “{status}”.",
    )

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The statuses too are named in the caller's language."""
        named = {
            key: value.format(language) if isinstance(value, Text) else value for key, value in self.fields.items()
        }
        return {**super().render(language, instance), "detail": self.detail.format(language, **named)}


class AnswerRequired(Conflict):
    """A ticket is resolved by a public answer (S-7)."""

    code = "answer_required"
    title = Text(ru="Сначала ответьте заявителю", en="Answer the requester first")
    detail = Text(
        ru="Решённым считается обращение, на которое дан ответ, видимый заявителю.",
        en="A ticket is resolved by an answer that the requester can see.",
    )


class HoldRequired(Unprocessable):
    """A pause has a reason and an end (S-5)."""

    code = "hold_required"
    title = Text(ru="Укажите причину и срок паузы", en="Give the reason and the end of the pause")


class HoldNotWanted(Unprocessable):
    """Reason and end belong to a pause alone."""

    code = "hold_not_wanted"
    title = Text(
        ru="Причина и срок указываются только при приостановке", en="A reason and an end are given only for a pause"
    )


class HoldOutOfRange(Unprocessable):
    """A pause ends later than now, and within a year."""

    code = "hold_out_of_range"
    title = Text(ru="Срок паузы — от этой минуты до года вперёд", en="A pause ends between now and a year ahead")


class TicketNotAnswerable(Conflict):
    """Closed, merged and spam tickets are not answered; `allowed` lists the statuses they can go to."""

    code = "ticket_not_answerable"
    title = Text(ru="На это обращение уже нельзя ответить", en="This ticket can no longer be answered")
