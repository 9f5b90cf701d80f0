"""What families read about the school day, and class teachers about absences that families announce."""

from typing import Final

from notifications.templates import variables as v
from notifications.templates.template import Template
from shared.http.texts import Text

_LESSON: Final = {"child": v.words, "subject": v.words, "number": v.words, "date": v.day}
_SOME_LESSON: Final = {"child": "Анна К.", "subject": "Алгебра", "number": 2, "date": "2026-11-23"}
_POINT: Final = {"child": v.words, "subject": v.words, "point": v.point_kind, "form": v.words, "date": v.day}
_SOME_POINT: Final = {
    "child": "Анна К.",
    "subject": "Алгебра",
    "point": "retake",
    "form": "Контрольная работа",
    "date": "2026-11-23",
}
_PERIOD: Final = {"child": v.words, "subject": v.words, "period": v.words, "teacher": v.words}
_SOME_PERIOD: Final = {
    "child": "Анна К.",
    "subject": "Алгебра",
    "period": "I четверть",
    "teacher": "Орлова Мария Петровна",
}

SCHOOL_DAY: Final = (
    Template(
        "absence_without_notice",
        1,
        {**_LESSON, "teacher": v.words},
        {**_SOME_LESSON, "teacher": "Орлова Мария Петровна"},
        title=Text(ru="Нет на уроке: {child}", en="Not at the lesson: {child}"),
        text=Text(
            ru="{child} — нет на уроке: {subject}, {number}-й урок, {date}. "
            "О том, что ребёнка не будет, школу не предупреждали. Отметил учитель: {teacher}",
            en="{child} is not at the lesson: {subject}, lesson {number}, {date}. "
            "The school had no notice of this. Recorded by: {teacher}",
        ),
    ),
    Template(
        "absence_with_notice",
        1,
        {**_LESSON, "teacher": v.words},
        {**_SOME_LESSON, "teacher": "Орлова Мария Петровна"},
        title=Text(ru="{subject}: пропуск урока", en="{subject}: lesson missed"),
        text=Text(
            ru="{child} — {number}-й урок, {date}; школа предупреждена. Отметил учитель: {teacher}",
            en="{child} — lesson {number}, {date}; the school had notice. Recorded by: {teacher}",
        ),
    ),
    Template(
        "lateness",
        1,
        {**_LESSON, "teacher": v.words},
        {**_SOME_LESSON, "teacher": "Орлова Мария Петровна"},
        title=Text(ru="{subject}: опоздание на урок", en="{subject}: late for the lesson"),
        text=Text(
            ru="{child} — {number}-й урок, {date}: ребёнок на уроке, пришёл с опозданием. Отметил учитель: {teacher}",
            en="{child} — lesson {number}, {date}: the child is there and came late. Recorded by: {teacher}",
        ),
    ),
    Template(
        "absence_removed",
        1,
        _LESSON,
        _SOME_LESSON,
        title=Text(ru="Отметка «н» снята: {child}", en="Absence taken back: {child}"),
        text=Text(
            ru="{child} — {subject}, {number}-й урок, {date}: учитель исправил отметку, ребёнок был на уроке.",
            en="{child} — {subject}, lesson {number}, {date}: the teacher has corrected it, the child was there.",
        ),
    ),
    Template(
        "absence_notice_given",
        1,
        {"child": v.words, "days": v.days},
        {"child": "Анна К.", "days": "2026-11-27/2026-11-28"},
        title=Text(ru="Не будет в школе: {child}, {days}", en="Will be absent: {child}, {days}"),
        text=Text(
            ru="Семья предупредила об отсутствии. Причина и комментарий — в журнале, в посещаемости ученика.",
            en="The family gave notice. Reason and comment are in the journal, in the pupil's attendance.",
        ),
    ),
    Template(
        "absence_notice_withdrawn",
        1,
        {"child": v.words, "days": v.days},
        {"child": "Анна К.", "days": "2026-11-27/2026-11-28"},
        title=Text(ru="Будет в школе: {child}, {days}", en="Will be at school: {child}, {days}"),
        text=Text(
            ru="Семья отозвала уведомление об отсутствии.",
            en="The family took back its notice of absence.",
        ),
    ),
    Template(
        "point_set",
        1,
        {**_POINT, "due": v.day, "teacher": v.words},
        {**_SOME_POINT, "due": "2026-12-01", "teacher": "Орлова Мария Петровна"},
        title=Text(ru="{subject}: точка, срок {due}", en="{subject}: a point, due {due}"),
        text=Text(
            ru="{child} — {point}: {form}, урок {date}. Сделать до {due} включительно. Учитель: {teacher}",
            en="{child} — {point}: {form}, lesson of {date}. To be done by {due}. Teacher: {teacher}",
        ),
    ),
    Template(
        "point_due_soon",
        1,
        {**_POINT, "due": v.day},
        {**_SOME_POINT, "due": "2026-12-01"},
        title=Text(ru="{subject}: скоро срок точки, {due}", en="{subject}: a point is due soon, {due}"),
        text=Text(
            ru="{child} — {point}: {form}, урок {date}. После {due} точка исчезнет.",
            en="{child} — {point}: {form}, lesson of {date}. After {due} the point is gone.",
        ),
    ),
    Template(
        "point_vanished",
        1,
        {"child": v.words, "subject": v.words, "point": v.point_kind, "date": v.day, "because": v.vanishing},
        {"child": "Анна К.", "subject": "Алгебра", "point": "debt", "date": "2026-11-23", "because": "due_date"},
        title=Text(ru="{subject}: точки больше нет", en="{subject}: a point is gone"),
        text=Text(
            ru="{child} — {point}, урок {date}: {because}.",
            en="{child} — {point}, lesson of {date}: {because}.",
        ),
    ),
    Template(
        "period_mark_set",
        1,
        {**_PERIOD, "value": v.mark},
        {**_SOME_PERIOD, "value": "5"},
        title=Text(ru="{subject}, {period}: {value}", en="{subject}, {period}: {value}"),
        text=Text(
            ru="{child} — выставлена итоговая отметка. Учитель: {teacher}",
            en="{child} — the mark of the period was set. Teacher: {teacher}",
        ),
    ),
    Template(
        "period_mark_removed",
        1,
        _PERIOD,
        _SOME_PERIOD,
        title=Text(ru="{subject}, {period}: отметка снята", en="{subject}, {period}: mark taken back"),
        text=Text(
            ru="{child} — итоговая отметка снята, новой пока нет. Учитель: {teacher}",
            en="{child} — the mark of the period was taken back, there is no new one yet. Teacher: {teacher}",
        ),
    ),
    Template(
        "week_signed",
        1,
        {"child": v.words, "week": v.week},
        {"child": "Анна К.", "week": "2026-W48"},
        title=Text(ru="Дневник подписан: {child}", en="Diary signed: {child}"),
        text=Text(
            ru="Неделю {week} подписал другой представитель ребёнка.",
            en="Another representative of the child has signed the week {week}.",
        ),
    ),
    Template(
        "homework_assigned",
        1,
        {
            "child": v.words,
            "subject": v.words,
            "task": v.task,
            "due": v.day,
            "words": v.words,
            "teacher": v.words,
        },
        {
            "child": "Анна К.",
            "subject": "Алгебра",
            "task": "homework",
            "due": "2026-11-25",
            "words": "§ 14, № 231, 233",
            "teacher": "Орлова Мария Петровна",
        },
        title=Text(ru="{subject}: задание на {due}", en="{subject}: homework for {due}"),
        text=Text(
            ru="{child} — {task}: {words}\nУчитель: {teacher}",
            en="{child} — {task}: {words}\nTeacher: {teacher}",
        ),
    ),
    Template(
        "homework_withdrawn",
        1,
        {"child": v.words, "subject": v.words, "due": v.day},
        {"child": "Анна К.", "subject": "Алгебра", "due": "2026-11-25"},
        title=Text(ru="{subject}: задание на {due} отменено", en="{subject}: the homework for {due} is off"),
        text=Text(ru="{child} — делать его не нужно.", en="{child} — it need not be done."),
    ),
    Template(
        "announcement_withdrawn",
        1,
        {"child": v.words, "title": v.words, "teacher": v.words},
        {"child": "Анна К.", "title": "Экскурсия в субботу", "teacher": "Орлова Мария Петровна"},
        title=Text(ru="Объявление снято: {title}", en="Announcement taken back: {title}"),
        text=Text(ru="{teacher}, для класса: {child}", en="{teacher}, for the class of {child}"),
    ),
    Template(
        "announcement_posted",
        1,
        {"child": v.words, "title": v.words, "words": v.words, "teacher": v.words},
        {
            "child": "Анна К.",
            "title": "Экскурсия в субботу",
            "words": "Встречаемся у школы в 9:00.",
            "teacher": "Орлова Мария Петровна",
        },
        title=Text(ru="Объявление: {title}", en="Announcement: {title}"),
        text=Text(ru="{words}\n{teacher}, для класса: {child}", en="{words}\n{teacher}, for the class of {child}"),
    ),
)
