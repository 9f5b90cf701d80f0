"""Expected failures of applications."""

from typing import Any

from identity.applications.rules import LARGEST_TOGETHER, MOST_DOCUMENTS, MOST_OPEN
from shared.http import (
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    TemporarilyUnavailable,
    Text,
    TooManyRequests,
    Unprocessable,
)
from shared.http.texts import Language


class ApplicationNotFound(NotFound):
    """There is none, or it is not for this caller: the answer does not say which."""

    code = "application_not_found"
    title = Text(ru="Заявление не найдено", en="Application not found")


class DocumentNotFound(NotFound):
    """The application has no such document."""

    code = "document_not_found"
    title = Text(ru="Документ не найден", en="Document not found")


class StaleApplication(Conflict):
    """Somebody changed it in between; `current` is how it stands."""

    code = "stale_version"
    title = Text(ru="Заявление уже изменилось", en="The application has been changed meanwhile")
    detail = Text(
        ru="Вы меняли версию {base}, сейчас действует версия {version}.",
        en="You changed version {base}, the current one is {version}.",
    )


class StepNotAllowed(Conflict):
    """The application cannot go there from where it is; `allowed` lists where it can (I-25)."""

    code = "step_not_allowed"
    title = Text(ru="Так заявление изменить нельзя", en="The application cannot take this step")
    detail = Text(ru="Сейчас заявление в состоянии «{state}».", en="The application is in the state “{state}”.")

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """The state too is named in the caller's language."""
        named = {key: text.format(language) if isinstance(text, Text) else text for key, text in self.fields.items()}
        return {**super().render(language, instance), "detail": self.detail.format(language, **named)}


class TooManyApplications(Conflict):
    """Of one account at a time."""

    code = "too_many_applications"
    title = Text(ru="Слишком много открытых заявлений", en="Too many open applications")
    detail = Text(
        ru=f"Одновременно можно вести {MOST_OPEN} заявлений: завершите или отзовите одно из них.",
        en=f"You can have {MOST_OPEN} applications at a time: finish or withdraw one of them.",
    )


class TooManyApplicationsToday(TooManyRequests):
    """Of one account within 24 hours."""

    code = "too_many_applications_today"
    title = Text(ru="Слишком много заявлений за день", en="Too many applications in one day")
    detail = Text(
        ru="Следующее можно подать через {retry_after} с. Если ошиблись в поданном, отзовите его и начните заново.",
        en="You can submit another one in {retry_after} s. If there is a mistake in one, withdraw it and begin anew.",
    )


class ApplicationIncomplete(Unprocessable):
    """Something is missing or cannot be: `missing_fields`, `missing_documents` and `wrong_fields` name it (I-24)."""

    code = "application_incomplete"
    title = Text(ru="В заявлении не всё заполнено", en="The application is incomplete")
    detail = Text(
        ru="Заполните отмеченные поля и приложите недостающие документы.",
        en="Fill in the fields that are marked and attach the documents that are missing.",
    )


class WriterIsNotSubmitter(Unprocessable):
    """Only who wrote it submits it, under the name of the own account (I-26)."""

    code = "writer_is_not_submitter"
    title = Text(ru="Заявление подаёт тот, кто его написал", en="An application is submitted by its writer")
    detail = Text(
        ru="Имя заявителя должно совпадать с именем в личном кабинете, и подать заявление может только он сам.",
        en="The applicant's name must be that of the profile, and only the applicant can submit it.",
    )


class ApplicantTooYoung(Unprocessable):
    """Pupils apply alone from 14 on (I-24)."""

    code = "applicant_too_young"
    title = Text(ru="Самому подать заявление можно с 14 лет", en="One can apply alone from the age of 14")
    detail = Text(
        ru="За ученика младше 14 лет заявление подаёт родитель или опекун.",
        en="For a pupil under 14 a parent or guardian applies.",
    )


class ApplicantUnknown(Unprocessable):
    """Whoever comes in person has an account first: what is granted is access of an account."""

    code = "applicant_unknown"
    title = Text(ru="Учётная запись заявителя не найдена", en="The applicant's account was not found")
    detail = Text(
        ru="Пусть заявитель сначала зарегистрируется и назовёт телефон или почту из личного кабинета.",
        en="Let the applicant register first and name the phone or e-mail of the profile.",
    )


class DocumentTooLarge(Problem):
    """Up to 10 MB (I-24)."""

    code = "document_too_large"
    status = 413
    title = Text(ru="Файл больше 10 МБ", en="The file is over 10 MB")
    detail = Text(
        ru="Уменьшите снимок или сохраните его с меньшим качеством.",
        en="Make the picture smaller, or save it with less quality.",
    )


class DocumentTypeRefused(Unprocessable):
    """PDF, JPEG or PNG by what is inside; the name says nothing (I-24)."""

    code = "document_type"
    title = Text(ru="Принимаются PDF, JPEG и PNG", en="PDF, JPEG and PNG are accepted")
    detail = Text(
        ru="Файл другого вида или повреждён; переименовать его не поможет.",
        en="The file is of another kind or damaged; renaming does not help.",
    )


class DocumentsTooLarge(Conflict):
    """All documents of an application together."""

    code = "documents_too_large"
    title = Text(
        ru=f"Все документы вместе — не больше {LARGEST_TOGETHER // 1024**2} МБ",
        en=f"All documents together: at most {LARGEST_TOGETHER // 1024**2} MB",
    )


class TooManyDocuments(Conflict):
    """Of one application."""

    code = "too_many_documents"
    title = Text(ru=f"Не больше {MOST_DOCUMENTS} документов", en=f"At most {MOST_DOCUMENTS} documents")


class OwnApplication(Forbidden):
    """Nobody decides on the own application."""

    code = "own_application"
    title = Text(ru="О своём заявлении решает другой", en="Somebody else decides on your own application")
    detail = Text(
        ru="Попросите другого сотрудника школы.",
        en="Ask another member of staff.",
    )


class NotAPupilHere(Unprocessable):
    """Access is granted to a diary of this school."""

    code = "not_a_pupil_here"
    title = Text(ru="Укажите ученика этой школы", en="Name a pupil of this school")
    detail = Text(
        ru="Такого ученика в школе нет или он не в вашем классе.",
        en="The school has no such pupil, or not in a class of yours.",
    )


class NotARepresentative(Unprocessable):
    """The record named is no representative of this school."""

    code = "not_a_representative"
    title = Text(ru="Это не запись представителя", en="This is no record of a representative")


class NotStaffHere(Unprocessable):
    """A class journal is opened to a member of the staff."""

    code = "not_staff_here"
    title = Text(ru="Укажите сотрудника этой школы", en="Name a member of this school's staff")


class LessonsUnknown(Unprocessable):
    """The school has no such class or subject; `unknown` lists the lines of the form."""

    code = "lessons_unknown"
    title = Text(ru="Такого класса или предмета в школе нет", en="The school has no such class or subject")


class ParentsInvite(Conflict):
    """A trusted person gets access by a parent's invitation; the school can only refuse (I-26)."""

    code = "parents_invite"
    title = Text(ru="Доверенное лицо приглашают родители", en="A trusted person is invited by the parents")
    detail = Text(
        ru="Откажите по основанию «не входит в круг»: заявителю объяснят, как получить приглашение.",
        en="Refuse on the ground “outside the circle”: the applicant is told how to be invited.",
    )


class ApplicationNumbersExhausted(TemporarilyUnavailable):
    """A year has a million numbers."""

    code = "application_numbers_exhausted"
    title = Text(ru="Номера заявлений этого года закончились", en="This year's numbers have run out")
    detail = Text(
        ru="Подайте заявление в школе на бумаге и сообщите в поддержку.",
        en="Hand the application in at school, on paper, and tell support.",
    )
