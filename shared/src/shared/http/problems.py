"""Expected failures: exceptions with a stable code, a status and texts, rendered as RFC 9457.

A service lists its own in `errors.py`:

    class LessonNotFound(NotFound):
        code = "lesson_not_found"
        title = Text(ru="Урок не найден", en="Lesson not found")
        detail = Text(ru="Урока {lesson_id} нет.", en="There is no lesson {lesson_id}.")

    raise LessonNotFound(lesson_id=lesson_id)
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from shared.http.texts import Language, Text

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Base of expected failures.

    Keyword arguments fill the `{fields}` of the texts; `members` are added to the answer (the current
    state at a conflict, for example); `headers` go out with it.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[Text] = Text(ru="Запрос не может быть выполнен", en="The request cannot be carried out")
    detail: ClassVar[Text | None] = None

    def __init__(
        self,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **fields: object,
    ) -> None:
        super().__init__(self.code)
        self.fields = fields
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        """Answer the problem document in one language."""
        document: dict[str, Any] = {
            "type": f"urn:zvonok:problem:{self.code}",
            "title": self.title.format(language, **self.fields),
            "status": self.status,
            "code": self.code,
            "instance": instance,
        }
        document["detail"] = (self.detail or self.title).format(language, **self.fields)
        return {**self.members, **document}


class BadRequest(Problem):
    """400: the request itself is not understood."""

    code = "bad_request"
    title = Text(ru="Запрос составлен неверно", en="The request is malformed")


class Unauthenticated(Problem):
    """401: who calls is not known."""

    code = "token_missing"
    status = 401
    title = Text(ru="Требуется вход", en="Sign-in required")
    detail = Text(
        ru="Войдите и передайте токен доступа в заголовке Authorization.",
        en="Sign in and send the access token in the Authorization header.",
    )

    def __init__(self, **fields: Any) -> None:
        headers = {"WWW-Authenticate": 'Bearer realm="zvonok"', **(fields.pop("headers", None) or {})}
        super().__init__(headers=headers, **fields)


class Forbidden(Problem):
    """403: known, but not allowed; where even the existence is a secret, use `NotFound`."""

    code = "forbidden"
    status = 403
    title = Text(ru="Недостаточно прав", en="Not allowed")


class NotFound(Problem):
    """404: is not there, or not for this caller."""

    code = "not_found"
    status = 404
    title = Text(ru="Не найдено", en="Not found")


class Conflict(Problem):
    """409: contradicts the present state; `members` say what is allowed."""

    code = "conflict"
    status = 409
    title = Text(ru="Запрос противоречит текущему состоянию", en="The request conflicts with the current state")


class Unprocessable(Problem):
    """422: understood, but a rule forbids it."""

    code = "unprocessable"
    status = 422
    title = Text(ru="Запрос нарушает правило", en="The request breaks a rule")


class TooManyRequests(Problem):
    """429: wait `retry_after` seconds."""

    code = "too_many_requests"
    status = 429
    title = Text(ru="Слишком много запросов", en="Too many requests")
    detail = Text(ru="Повторите через {retry_after} с.", en="Try again in {retry_after} s.")

    def __init__(self, *, retry_after: int, **fields: Any) -> None:
        headers = {"Retry-After": str(retry_after), **(fields.pop("headers", None) or {})}
        super().__init__(headers=headers, retry_after=retry_after, **fields)


class TemporarilyUnavailable(Problem):
    """503: something this service stands on does not answer; trying again is right."""

    code = "temporarily_unavailable"
    status = 503
    title = Text(ru="Сервис временно недоступен", en="Temporarily unavailable")
    detail = Text(ru="Повторите запрос через несколько секунд.", en="Try again in a few seconds.")

    def __init__(self, *, retry_after: int = 5, **fields: Any) -> None:
        headers = {"Retry-After": str(retry_after), **(fields.pop("headers", None) or {})}
        super().__init__(headers=headers, **fields)


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457 problem; `code` is stable, the texts follow `Accept-Language` (ru by default, en)."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldError] | None = None


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Make the `responses=` of a route from the problems it answers."""
    documented: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        line = f"`{problem.code}` — {problem.title.en}"
        known = documented.setdefault(problem.status, {"description": ""})
        known["description"] = "; ".join(filter(None, (known["description"], line)))
    return documented


def all_problems(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Walk all declared problems, each once, bases first."""
    for problem in root.__subclasses__():
        yield problem
        yield from all_problems(problem)
