"""S-1, S-2: the form and the ticket's page, for people without JavaScript, account or patience."""

import asyncio
import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from support.tickets.limits import LIMITS

FORM = {
    "type": "access",
    "email": "sokolova@zvonok.example",
    "phone": "",
    "subject": "Не могу войти",
    "text": "Пишет, что пароль неверен.",
}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>$title"


class Page(HTMLParser):
    """Elements with their attributes, the labels, and what is read out."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def value(self, name):
        return next(a.get("value") for a in self.all("input") if a.get("name") == name)


async def get(support, path, **options):
    return await support.client.get(path, **options)


async def send(support, fields, **options):
    return await support.client.post("/support/new", data=fields, **options)


async def test_the_form_is_filled_in_and_the_ticket_is_shown(support):
    """S-1, S-2: number and status on the page, at an address that opens the ticket again."""
    page = Page((await get(support, "/support/new")).text)
    sent = await send(support, FORM | {"lang": page.value("lang"), "form": page.value("form")})
    assert sent.status_code == 303
    shown = await get(support, sent.headers["location"])
    (ticket,) = await support.rows("tickets")
    assert ticket["number"] in shown.text
    assert "Принято" in shown.text
    assert "Обращение принято" in shown.text
    assert len(await support.says()) == 1
    token = parse_qs(urlsplit(sent.headers["location"]).query)["token"][0]
    again = await get(support, f"/support/tickets/{ticket['number']}", params={"token": token, "lang": "en"})
    assert "Accepted" in again.text
    assert "Your ticket was accepted" not in again.text
    assert "zvonok.example" not in sent.headers["location"] + shown.text


async def test_multipart_is_the_same_form(support):
    sent = await support.client.post("/support/new", files={name: (None, value) for name, value in FORM.items()})
    assert sent.status_code == 303
    assert len(await support.rows("tickets")) == 1


async def test_a_double_click_is_one_ticket(support):
    """S-2: the same form sent twice leads to the same number; gone back to and corrected, it is another ticket."""
    form = Page((await get(support, "/support/new")).text).value("form")
    clicks = await asyncio.gather(*(send(support, FORM | {"form": form}) for _ in range(3)))
    assert len({urlsplit(click.headers["location"]).path for click in clicks}) == 1
    assert len(await support.rows("tickets")) == 1
    assert (await send(support, FORM | {"form": form, "email": "other@zvonok.example"})).status_code == 303
    assert len(await support.rows("tickets")) == 2


async def test_mistakes_are_shown_beside_their_fields_and_nothing_written_is_lost(support):
    """Accessible: named at the top with links, marked and described at the field."""
    bad = FORM | {"email": "нет", "subject": "", "phone": "позвоните", "text": EVIL, "lang": "ru"}
    answer = await send(support, bad)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert {a["href"] for a in page.all("a")} >= {"#email", "#subject", "#phone"}
    assert any(a.get("role") == "alert" for a in page.all("div"))
    email = next(a for a in page.all("input") if a.get("name") == "email")
    assert (email["value"], email["aria-invalid"]) == ("нет", "true")
    described = set(email["aria-describedby"].split())
    assert described <= {a.get("id") for _, a in page.elements}
    assert EVIL in page.text
    assert "Кратко о вопросе: Обязательное поле" in page.text
    assert page.all("script") == [] == page.all("img")
    english = await send(support, bad | {"lang": "en"})
    assert "Give an address like" in english.text
    assert await support.rows("tickets") == []


async def test_every_field_has_a_label_and_the_page_a_language(support):
    for language in ("ru", "en"):
        page = Page((await get(support, "/support/new", headers={"Accept-Language": language})).text)
        labelled = {a["for"] for a in page.all("label")}
        controls = [a for tag in ("input", "select", "textarea") for a in page.all(tag) if a.get("type") != "hidden"]
        assert {a["id"] for a in controls} == labelled
        assert page.all("html")[0]["lang"] == language
        assert page.all("script") == []
        assert any(a.get("name") == "viewport" for a in page.all("meta"))
    switched = await get(support, "/support/new", params={"lang": "en"}, headers={"Accept-Language": "ru"})
    assert "Send" in Page(switched.text).text


async def test_what_people_write_stays_text(support):
    sent = await send(support, FORM | {"subject": EVIL, "text": EVIL})
    answer = await get(support, sent.headers["location"])
    page = Page(answer.text)
    assert page.text.count(EVIL) == 2
    assert page.all("script") == [] == page.all("img")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_flood_is_told_when_to_come_back_with_the_text_kept(support):
    """S-1."""
    for i in range(LIMITS["email"].burst):
        assert (await send(support, FORM | {"subject": f"{i}"})).status_code == 303
    answer = await send(support, FORM)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "через 15 мин." in answer.text
    assert FORM["text"] in answer.text


async def test_a_page_needs_its_link(support):
    """S-3."""
    location = (await send(support, FORM)).headers["location"]
    path = urlsplit(location).path
    for target in (path, f"{path}?token=x", path[:-1] + str((int(path[-1]) + 1) % 10), "/support/tickets/x"):
        answer = await get(support, target)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert FORM["subject"] not in answer.text


async def test_what_is_no_form_is_answered_with_the_form(support):
    before = await support.counts()
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    answers = [
        await support.client.post("/support/new", content=b"--x\r\nbroken", headers=boundary),
        await support.client.post("/support/new", content=b"{}", headers={"Content-Type": "application/json"}),
        await support.client.post("/support/new", content=b"", headers={"Content-Type": "multipart/form-data"}),
        await support.client.post("/support/new", files={"text": ("a.exe", b"MZ", "application/x-dosexec")}),
        await send(support, {f"f{i}": "x" for i in range(500)}),
        await send(support, FORM | {"account_id": "1"}),
        await send(support, FORM | {"text": "a\x00b"}),
        await support.client.post(
            "/support/new",
            content=b"text=%ff%fe&type=%00",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500, answer.text
        assert re.search(r"<form method=.post.", answer.text), answer.status_code
    assert (await send(support, FORM | {"text": "x" * 1_200_000})).status_code == 413
    assert await support.counts() == before
