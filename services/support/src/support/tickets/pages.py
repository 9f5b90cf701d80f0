"""Pages for requesters: the form and the ticket. Plain HTML: they work without JavaScript and without signing in.

No cookies and no tokens of accounts take part, so a foreign page that posts the form gains nothing by it.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from shared.http import BodyTooLarge, Language, Problem, TooManyRequests, ValidationFailed
from shared.http.failures import BodyLimitReached
from shared.http.problems import FieldError
from shared.http.validation import field_errors
from support.access.terms import OFFICE
from support.container import Wired
from support.tickets import page_words as words
from support.tickets.api import address_of, language_of
from support.tickets.file_ticket import Requester, file_ticket
from support.tickets.links import path_of
from support.tickets.markup import Markup, content_security_policy, element, fill, joined, style
from support.tickets.new_ticket import NewTicket
from support.tickets.queries import find_readable, thread_of
from support.tickets.rules import Status
from support.tickets.words import STATUS_TITLES, TYPE_TITLES, TicketType

router = APIRouter(prefix="/support", include_in_schema=False, default_response_class=HTMLResponse)

_MOST_FIELDS = 20
ChosenLanguage = Annotated[Literal["ru", "en"] | None, Query(alias="lang")]


@router.get("/new")
async def show_form(request: Request, lang: ChosenLanguage = None) -> Response:
    """The empty form."""
    return _form(lang or language_of(request))


@router.post("/new")
async def send_form(request: Request, container: Wired) -> Response:
    """File what was filled in, and go on to the ticket's page: reloading that files nothing again."""
    try:
        written = await _read_form(request)
    except HTTPException as error:
        if isinstance(error, BodyLimitReached):
            return _failed(BodyTooLarge(limit=error.limit, headers={"Connection": "close"}), language_of(request), {})
        notice = words.UNREADABLE_FORM.format(language_of(request))
        return _form(language_of(request), notice=notice, status=error.status_code)
    language = _language(written.pop("lang", ""), language_of(request))
    form = _form_id(written.pop("form", ""))
    try:
        # A field left out comes as an empty text: «required» says more than «at least 1 character».
        new = NewTicket.model_validate({name: value for name, value in written.items() if value.strip()})
    except ValidationError as error:
        errors = field_errors(list(error.errors()), language)
        return _form(language, written, errors=errors, status=ValidationFailed.status, form=form)
    requester = Requester(None, address_of(request), language)
    try:
        filed = await file_ticket(container.database.uow, container.contacts, requester, new, form_id=form)
    except Problem as problem:
        return _failed(problem, language, written, form)
    token = container.links.token(filed.ticket_id, container.database.clock())
    target = f"{path_of(filed.number, token)}&{urlencode({'filed': 1, 'lang': language})}"
    return RedirectResponse(target, 303, _headers())


@router.get("/tickets/{number}")
async def show_ticket(
    request: Request,
    number: str,
    container: Wired,
    token: Annotated[str, Query()] = "",
    filed: Annotated[str, Query()] = "",
    lang: ChosenLanguage = None,
) -> Response:
    """A ticket through its signed link."""
    language = lang or language_of(request)
    links, now = container.links, container.database.clock()
    try:
        async with container.database.read() as session:
            ticket = await find_readable(session, links, number, None, token[:200], now)
            messages = await thread_of(session, ticket.ticket_id)
    except Problem as problem:
        found = problem.render(language, request.url.path)
        another = element("a", words.ANOTHER.format(language), href=f"/support/new?lang={language}")
        content = joined([element("p", found["detail"]), element("p", another)])
        return _page(language, found["title"], content, path=request.url.path, status=problem.status)
    content = fill(
        "ticket",
        language=language,
        filed=element("p", words.FILED.format(language), class_="filed", role="status") if filed else Markup(""),
        number_label=words.NUMBER.format(language),
        number=ticket.number,
        status_label=words.STATUS.format(language),
        status=STATUS_TITLES[Status(ticket.status)].format(language),
        type_label=words.TYPE.format(language),
        type=TYPE_TITLES[TicketType(ticket.type)].format(language),
        subject_label=words.SUBJECT.format(language),
        subject=ticket.subject,
        opened_label=words.OPENED.format(language),
        opened_iso=ticket.opened_at.isoformat(),
        opened=_moment(ticket.opened_at, language),
        thread_label=words.THREAD.format(language),
        another=words.ANOTHER.format(language),
        messages=joined(
            fill(
                "message",
                author=message.author,
                who=words.WHO[message.author].format(language),
                written_iso=message.written_at.isoformat(),
                written=_moment(message.written_at, language),
                text=message.text,
            )
            for message in messages
        ),
    )
    return _page(
        language, words.TICKET_HEADING.format(language), content, path=request.url.path, query={"token": token}
    )


async def _read_form(request: Request) -> dict[str, str]:
    """The fields, the last of each name.

    Raises:
        HTTPException: not a form, too many fields, a file.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise HTTPException(415)
    async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
        fields = dict(form)
    if len(fields) > _MOST_FIELDS or not all(isinstance(value, str) for value in fields.values()):
        raise HTTPException(400)
    return {name: str(value) for name, value in fields.items()}


def _form(
    language: Language,
    written: dict[str, str] | None = None,
    *,
    errors: list[FieldError] | None = None,
    notice: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
    form: UUID | None = None,
) -> Response:
    written = written or {}
    by_field = {error.field.partition(".")[0]: error.message for error in reversed(errors or [])}
    content = fill(
        "form",
        language=language,
        form=str(form or uuid4()),
        problems=_problems(by_field, notice, language),
        intro=words.INTRO.format(language),
        note=words.NOTE.format(language),
        send=words.SEND.format(language),
        fields=joined(_field(name, written.get(name, ""), by_field.get(name), language) for name in words.LABELS),
    )
    heading = words.FORM_HEADING.format(language)
    title = (words.ERROR_MARK.format(language) if by_field or notice else "") + heading
    return _page(language, heading, content, path="/support/new", status=status, headers=headers, title=title)


def _failed(problem: Problem, language: Language, written: dict[str, str], form: UUID | None = None) -> Response:
    """The form again, with what was written in it: nothing a person wrote is lost."""
    document = problem.render(language, "/support/new")
    notice = f"{words.NOT_SENT.format(language)} {document['title']}. {document['detail']}"
    if isinstance(problem, TooManyRequests):
        notice = f"{words.NOT_SENT.format(language)} {document['detail']}"
    return _form(language, written, notice=notice, status=problem.status, headers=problem.headers, form=form)


def _problems(by_field: dict[str, str], notice: str, language: Language) -> Markup:
    if notice:
        return element("div", notice, class_="problems", role="alert")
    if not by_field:
        return Markup("")
    items = []
    for name, label in words.LABELS.items():
        if name in by_field:
            text = f"{label.format(language)}: {by_field[name]}"
            items.append(element("li", element("a", text, href=f"#{name}")))
    if not by_field.keys() <= words.LABELS.keys():
        items.append(element("li", words.UNKNOWN_FIELD.format(language)))
    content = joined([element("strong", words.CHECK.format(language)), element("ul", joined(items))])
    return element("div", content, class_="problems", role="alert")


def _field(name: str, value: str, wrong: str | None, language: Language) -> Markup:
    hint = words.HINTS.get(name)
    described = [f"{name}-hint"] if hint else []
    described += [f"{name}-message"] if wrong else []
    common: dict[str, str | None] = {
        "id": name,
        "name": name,
        "aria_describedby": " ".join(described) or None,
        "aria_invalid": "true" if wrong else None,
        "aria_required": None if name == "phone" else "true",
    }
    return fill(
        "field",
        name=name,
        label=words.LABELS[name].format(language),
        wrong=" wrong" if wrong else "",
        hint=element("span", hint.format(language), class_="hint", id=f"{name}-hint") if hint else Markup(""),
        message=element("span", wrong, class_="message", id=f"{name}-message") if wrong else Markup(""),
        control=_control(name, value, common, language),
    )


def _control(name: str, value: str, common: dict[str, str | None], language: Language) -> Markup:
    match name:
        case "type":
            options = [element("option", words.CHOOSE.format(language), value="")]
            for code, title in TYPE_TITLES.items():
                chosen = "selected" if code == value else None
                options.append(element("option", title.format(language), value=code.value, selected=chosen))
            return element("select", joined(options), **common)
        case "text":
            # A browser drops the first line end within a textarea.
            return element("textarea", f"\n{value}", rows="8", maxlength="10000", **common)
        case "email":
            own = {"type": "email", "autocomplete": "email", "inputmode": "email", "maxlength": "254"}
        case "phone":
            own = {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "maxlength": "40"}
        case _:
            own = {"type": "text", "autocomplete": "off", "maxlength": "200"}
    return Markup(element("input", "", value=value, **common, **own).removesuffix("</input>"))


def _page(
    language: Language,
    heading: str,
    content: Markup,
    *,
    path: str,
    query: dict[str, str] | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
    title: str | None = None,
) -> Response:
    other: Language = "en" if language == "ru" else "ru"
    page = fill(
        "page",
        language=language,
        title=f"{title or heading} — {words.BRAND.format(language)}",
        style=style(),
        brand=words.BRAND.format(language),
        heading=heading,
        other_language=other,
        other_name="English" if other == "en" else "Русский",
        other_href=f"{path}?{urlencode({**(query or {}), 'lang': other})}",
        content=content,
    )
    return HTMLResponse(page, status, {**_headers(), "Content-Language": language, **(headers or {})})


def _headers() -> dict[str, str]:
    # The address of a ticket's page opens the ticket: it must not go out as a referrer.
    return {"Content-Security-Policy": content_security_policy(), "Referrer-Policy": "no-referrer"}


def _moment(instant: datetime, language: Language) -> str:
    local = instant.astimezone(OFFICE)
    parts: dict[str, Any] = {name: getattr(local, name) for name in ("day", "month", "year", "hour", "minute")}
    return words.MOMENT.format(language, **parts)


def _language(written: str, otherwise: Language) -> Language:
    return written if written in {"ru", "en"} else otherwise  # type: ignore[return-value] # mypy does not narrow by a set


def _form_id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
