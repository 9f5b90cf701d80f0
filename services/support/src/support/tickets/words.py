"""Statuses and types of tickets in the words that people read."""

from collections.abc import Mapping
from enum import StrEnum

from shared.http import Text
from support.tickets.rules import Status

STATUS_TITLES: Mapping[Status, Text] = {
    Status.NEW: Text(ru="Принято", en="Accepted"),
    Status.OPEN: Text(ru="В работе", en="In progress"),
    Status.PENDING_USER: Text(ru="Ожидает вашего ответа", en="Waiting for your reply"),
    Status.ON_HOLD: Text(ru="Приостановлено", en="On hold"),
    Status.RESOLVED: Text(ru="Решено", en="Resolved"),
    Status.CLOSED: Text(ru="Закрыто", en="Closed"),
    Status.MERGED: Text(ru="Объединено с другим обращением", en="Merged with another ticket"),
    Status.SPAM: Text(ru="Отклонено как спам", en="Rejected as spam"),
}


class TicketType(StrEnum):
    """What a ticket is about; routing to queues goes by it (S-4)."""

    ACCESS = "access"
    WRONG_DATA = "wrong_data"
    DIARY = "diary"
    TECHNICAL = "technical"
    PROPOSAL = "proposal"
    OTHER = "other"


TYPE_TITLES: Mapping[TicketType, Text] = {
    TicketType.ACCESS: Text(ru="Вход и доступ к дневнику", en="Signing in and access to the diary"),
    TicketType.WRONG_DATA: Text(ru="Ошибка в личных данных", en="Wrong personal data"),
    TicketType.DIARY: Text(
        ru="Оценки, расписание, домашние задания",  # the teacher may have to answer
        en="Marks, timetable, homework",
    ),
    TicketType.TECHNICAL: Text(ru="Сайт или приложение не работает", en="The site or the app does not work"),
    TicketType.PROPOSAL: Text(ru="Предложение", en="Proposal"),
    TicketType.OTHER: Text(ru="Другой вопрос", en="Another question"),
}
