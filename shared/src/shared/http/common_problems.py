"""Failures that any service may answer; a service's own stand in its `errors.py`."""

from shared.http.problems import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    Unauthenticated,
    Unprocessable,
)
from shared.http.texts import Text


class MalformedJson(BadRequest):
    """The body is not JSON."""

    code = "malformed_json"
    title = Text(ru="Тело запроса не является правильным JSON", en="The body is not valid JSON")


class MalformedForm(BadRequest):
    """The body is not the multipart form that its header announces."""

    code = "malformed_form"
    title = Text(ru="Тело запроса не является правильной формой", en="The body is not a valid form")


class ValidationFailed(Unprocessable):
    """Fields are missing, unknown or wrong; `errors` names each."""

    code = "validation_failed"
    title = Text(ru="Проверьте поля запроса", en="Check the fields of the request")
    detail = Text(ru="Полей с ошибками: {count}.", en="Fields with errors: {count}.")


class BodyTooLarge(Problem):
    """The body exceeds the limit; it was not read to its end."""

    code = "body_too_large"
    status = 413
    title = Text(ru="Тело запроса слишком велико", en="The body is too large")
    detail = Text(ru="Допустимо не более {limit} байт.", en="At most {limit} bytes are accepted.")


class HeadersTooLarge(Problem):
    """The header exceeds the limit; a token of ours has less than 1 KiB."""

    code = "headers_too_large"
    status = 431
    title = Text(ru="Заголовок запроса слишком велик", en="The header of the request is too large")
    detail = Text(ru="Допустимо не более {limit} байт.", en="At most {limit} bytes are accepted.")


class RouteNotFound(NotFound):
    """No such address."""

    code = "route_not_found"
    title = Text(ru="Такого адреса нет", en="There is no such address")


class MethodNotAllowed(Problem):
    """The address exists but not for this method."""

    code = "method_not_allowed"
    status = 405
    title = Text(ru="Этот метод здесь не поддерживается", en="This method is not supported here")


class UnsupportedMediaType(Problem):
    """The body is of a kind that is not read here."""

    code = "unsupported_media_type"
    status = 415
    title = Text(ru="Такой тип содержимого не принимается", en="This media type is not accepted")


class InternalError(Problem):
    """A defect of ours; the request id leads to the log."""

    code = "internal_error"
    status = 500
    title = Text(ru="Внутренняя ошибка", en="Internal error")
    detail = Text(
        ru="Мы уже знаем об ошибке. Если она повторится, назовите поддержке номер запроса {request_id}.",
        en="We know about the error. If it persists, tell support the request number {request_id}.",
    )


class TokenInvalid(Unauthenticated):
    """Not a token of ours, or void; which check failed is not said to a stranger."""

    code = "token_invalid"
    title = Text(ru="Токен недействителен", en="The token is not valid")
    detail = Text(ru="Войдите снова.", en="Sign in again.")

    def __init__(self) -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="zvonok", error="invalid_token"'})


class TokenExpired(TokenInvalid):
    """Was ours, its time is over: renew it."""

    code = "token_expired"
    title = Text(ru="Срок действия токена истёк", en="The token has expired")
    detail = Text(ru="Обновите токен доступа или войдите снова.", en="Renew the access token or sign in again.")


class StepUpRequired(Forbidden):
    """The password or code must have been entered within the last five minutes (I-11)."""

    code = "step_up_required"
    title = Text(ru="Подтвердите, что это вы", en="Confirm that it is you")
    detail = Text(
        ru="Введите пароль ещё раз: для этого действия он должен быть введён не более 5 минут назад.",
        en="Enter your password again: this action needs it within the last 5 minutes.",
    )


class InvalidCursor(BadRequest):
    """`after` is not a cursor that this list gave out."""

    code = "invalid_cursor"
    title = Text(ru="Неверное значение after", en="The value of after is not valid")
    detail = Text(
        ru="Передайте значение next из предыдущей страницы без изменений.",
        en="Pass the value of next from the previous page unchanged.",
    )


class IdempotencyKeyInvalid(BadRequest):
    """1 … 255 visible ASCII characters."""

    code = "idempotency_key_invalid"
    title = Text(ru="Неверный заголовок Idempotency-Key", en="The header Idempotency-Key is not valid")
    detail = Text(ru="От 1 до 255 видимых символов ASCII.", en="1 to 255 visible ASCII characters.")


class IdempotencyKeyReused(Unprocessable):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    title = Text(
        ru="Этот Idempotency-Key уже использован с другим запросом",
        en="This Idempotency-Key was used with another request",
    )


class IdempotencyInProgress(Conflict):
    """The same request is being carried out just now."""

    code = "idempotency_in_progress"
    title = Text(ru="Такой же запрос сейчас выполняется", en="The same request is being carried out")
    detail = Text(ru="Повторите через секунду.", en="Try again in a second.")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class IdempotencyAnswerLost(Conflict):
    """The request was carried out, but the process ended before its answer was kept."""

    code = "idempotency_answer_lost"
    title = Text(ru="Запрос выполнен, но ответ не сохранился", en="Carried out, but the answer was lost")
    detail = Text(
        ru="Не повторяйте запрос: прочитайте текущее состояние.",
        en="Do not repeat the request: read the current state.",
    )
