"""The school year: periods, holidays, settings, the marks of periods."""

from journal.errors.faulty_body import FaultyBody
from shared.http import Conflict, Forbidden, NotFound, Text, Unprocessable


class PeriodClosed(Conflict):
    """The lesson's period is closed: it is written into again only when the director has reopened it (J-11, J-19)."""

    code = "period_closed"
    title = Text(ru="Период закрыт", en="The period is closed")
    detail = Text(
        ru="«{title}» закрыт: изменить журнал можно после того, как директор откроет период с указанием причины.",
        en="“{title}” is closed: the journal can be changed once the director reopens the period with a reason.",
    )


class NotYoursToPlan(Forbidden):
    """For deputies and the director (J-1)."""

    code = "not_yours_to_plan"
    title = Text(ru="Это делает администрация школы", en="The school's direction does this")
    detail = Text(
        ru="Учебный год планируют завучи и директор, закрытый период открывает только директор.",
        en="Deputies and the director plan the school year; the director alone reopens a closed period.",
    )


class PeriodNotFound(NotFound):
    """Unknown, or of a school this caller has nothing to do with."""

    code = "period_not_found"
    title = Text(ru="Период не найден", en="Period not found")
    detail = Text(ru="Такого учебного периода нет.", en="There is no such attestation period.")


class PeriodsRefused(FaultyBody):
    """The plan of a year contradicts itself or the year; nothing of it was taken."""

    code = "periods_refused"
    title = Text(ru="В плане учебного года есть ошибки", en="The plan of the year has mistakes")

    PLACE = "body.periods[{}]"
    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Период выходит за учебный год.", en="The period lies outside the school year."),
        "ends_before_start": Text(ru="Период кончается раньше, чем начинается.", en="It ends before it starts."),
        "grades_reversed": Text(ru="Последний класс меньше первого.", en="The last grade is below the first."),
        "same_number": Text(
            ru="У одного класса два периода с этим номером.", en="One grade has two periods of this number."
        ),
        "overlaps": Text(ru="Пересекается с другим периодом того же класса.", en="Overlaps another of the same grade."),
    }


class PeriodInUse(Conflict):
    """A period that has marks, or was closed once, stays."""

    code = "period_in_use"
    title = Text(ru="Период нельзя убрать", en="The period cannot be removed")
    detail = Text(
        ru="«{titles}»: за период уже выставлены оценки или он уже закрывался.",
        en="“{titles}”: marks were set for it, or it was closed before.",
    )


class PeriodNotForGrade(Unprocessable):
    """The period is of other grades than the class."""

    code = "period_not_for_grade"
    title = Text(ru="Это период других классов", en="A period of other grades")


class ThresholdsOutOfOrder(Unprocessable):
    """A 5 needs a higher average than a 4, a 4 than a 3 (J-16)."""

    code = "thresholds_out_of_order"
    title = Text(ru="Пороги идут не по порядку", en="The thresholds are out of order")
    detail = Text(
        ru="Порог пятёрки выше порога четвёрки, а он выше порога тройки; все от 1 до 5.",
        en="The threshold of a 5 is above that of a 4, which is above that of a 3; all from 1 to 5.",
    )


class PeriodNotClosed(Conflict):
    """Only a closed period is opened again."""

    code = "period_not_closed"
    title = Text(ru="Период не закрыт", en="The period is not closed")


class PeriodNotOver(Conflict):
    """A period is closed on its last day at the earliest (J-19)."""

    code = "period_not_over"
    title = Text(ru="Период ещё идёт", en="The period is not over")
    detail = Text(
        ru="Период закрывают не раньше его последнего дня: {ends_on}.",
        en="A period is closed on its last day at the earliest: {ends_on}.",
    )


class ReasonToDiffer(Unprocessable):
    """A period mark that differs from every proposal needs a reason (J-17)."""

    code = "reason_to_differ"
    title = Text(ru="Укажите причину", en="Give a reason")
    detail = Text(
        ru="Отметка отличается от предложенных ({proposed}): напишите, почему.",
        en="The mark differs from what is proposed ({proposed}): say why.",
    )


class TooFewMarks(Unprocessable):
    """Below the school's minimum a pupil is attested only with a reason (J-17)."""

    code = "too_few_marks"
    title = Text(ru="Мало отметок для аттестации", en="Too few marks to attest")
    detail = Text(
        ru="Отметок за период: {count}. Поставьте «н/а» или напишите, почему ученик аттестован.",
        en="Marks in the period: {count}. Set “not attested”, or say why the pupil is attested.",
    )


class HolidaysRefused(FaultyBody):
    """The holidays of a year contradict themselves or the year; nothing of them was taken."""

    code = "holidays_refused"
    title = Text(ru="В каникулах и выходных есть ошибки", en="The holidays have mistakes")

    PLACE = "body.holidays[{}]"
    FAULTS = {  # noqa: RUF012 -- a constant table beside the texts it belongs to
        "outside_the_year": Text(ru="Дни выходят за учебный год.", en="The days lie outside the school year."),
        "ends_before_start": Text(ru="Кончается раньше, чем начинается.", en="It ends before it starts."),
        "grades_reversed": Text(ru="Последний класс меньше первого.", en="The last grade is below the first."),
        "overlaps": Text(ru="Пересекается с другими для того же класса.", en="Overlaps another of the same grade."),
    }
