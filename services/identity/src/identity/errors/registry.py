"""The school's side: people, contacts, duties, imports."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from identity.mistakes import Mistake
from shared.http import Conflict, Forbidden, NotFound, Problem, Text, TooManyRequests, Unprocessable
from shared.http.texts import Language


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
