"""What families read about marks, and about who may read their diary."""

from typing import Final

from notifications.templates import variables as v
from notifications.templates.template import Template
from shared.http.texts import Text

DIARY: Final = (
    Template(
        "grade_posted",
        1,
        {"child": v.words, "subject": v.words, "value": v.mark, "form": v.words, "date": v.day, "teacher": v.words},
        {
            "child": "Анна К.",
            "subject": "Алгебра",
            "value": "5",
            "form": "Контрольная работа",
            "date": "2026-11-23",
            "teacher": "Орлова Мария Петровна",
        },
        title=Text(ru="{subject}: {value}", en="{subject}: {value}"),
        text=Text(
            ru="{child} — {form}, урок {date}. Учитель: {teacher}",
            en="{child} — {form}, lesson of {date}. Teacher: {teacher}",
        ),
    ),
    Template(
        "grade_changed",
        1,
        {
            "child": v.words,
            "subject": v.words,
            "old_value": v.mark,
            "value": v.mark,
            "form": v.words,
            "date": v.day,
            "teacher": v.words,
        },
        {
            "child": "Анна К.",
            "subject": "Алгебра",
            "old_value": "4",
            "value": "5",
            "form": "Контрольная работа",
            "date": "2026-11-23",
            "teacher": "Орлова Мария Петровна",
        },
        title=Text(ru="{subject}: {value} вместо {old_value}", en="{subject}: {value} instead of {old_value}"),
        text=Text(
            ru="{child} — оценка исправлена: {form}, урок {date}. Учитель: {teacher}",
            en="{child} — a mark was corrected: {form}, lesson of {date}. Teacher: {teacher}",
        ),
    ),
    Template(
        "grade_removed",
        1,
        {"child": v.words, "subject": v.words, "old_value": v.mark, "date": v.day},
        {"child": "Анна К.", "subject": "Алгебра", "old_value": "2", "date": "2026-11-23"},
        title=Text(ru="{subject}: оценка {old_value} удалена", en="{subject}: the mark {old_value} was removed"),
        text=Text(ru="{child} — урок {date}.", en="{child} — lesson of {date}."),
    ),
    Template(
        "invitation_sent",
        1,
        {
            "child": v.words,
            "inviter": v.words,
            "sections": v.sections,
            "grant_until": v.last_day,
            "answer_until": v.last_day,
        },
        {
            "child": "Анна К.",
            "inviter": "Кузнецова Ольга Ивановна",
            "sections": ["marks", "homework"],
            "grant_until": "2027-08-31T20:59:59Z",
            "answer_until": "2026-11-30T10:00:00Z",
        },
        title=Text(ru="Приглашение в дневник: {child}", en="Invitation to a diary: {child}"),
        text=Text(
            ru="{inviter} открывает вам дневник: {sections}. Доступ до {grant_until}. "
            "Принять или отклонить приглашение можно до {answer_until} в центре уведомлений.",
            en="{inviter} opens a diary for you: {sections}. Access until {grant_until}. "
            "Accept or decline by {answer_until} in the notification centre.",
        ),
    ),
    Template(
        "invitation_accepted",
        1,
        {"child": v.words, "invitee": v.words},
        {"child": "Анна К.", "invitee": "Смирнова Вера Павловна"},
        title=Text(ru="Приглашение принято: {child}", en="Invitation accepted: {child}"),
        text=Text(ru="Теперь дневник может читать: {invitee}.", en="The diary can now be read by: {invitee}."),
    ),
    Template(
        "invitation_declined",
        1,
        {"child": v.words},
        {"child": "Анна К."},
        title=Text(ru="Приглашение отклонено: {child}", en="Invitation declined: {child}"),
        text=Text(
            ru="Человек, которого вы пригласили, отказался от доступа к дневнику.",
            en="The person you invited does not want access to the diary.",
        ),
    ),
    Template(
        "delegation_revoked",
        1,
        {"child": v.words, "reason": v.end_reason},
        {"child": "Анна К.", "reason": "revoked"},
        title=Text(ru="Доступ к дневнику закрыт: {child}", en="Diary access ended: {child}"),
        text=Text(
            ru="Доступ доверенного лица прекращён: {reason}.",
            en="The access of the trusted person has ended: {reason}.",
        ),
    ),
)
