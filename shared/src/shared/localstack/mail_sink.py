"""The local mail box of everybody: takes every letter by SMTP, delivers none, shows them on a page and as JSON.

    python -m shared.localstack.mail_sink --smtp 8125 --http 8126 --keep DIR

`GET /messages?to=` newest first, `GET /messages/{number}` the letter as it came, `DELETE /messages`, `GET /` a page.
"""

import argparse
import asyncio
import html
import itertools
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from shared.localstack.sinks import KEPT, STYLE, serve_until_told


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it was received. `number` counts from 1 since the start of the sink."""

    number: int
    received_at: str
    mail_from: str
    to: list[str]
    subject: str
    text: str
    headers: dict[str, str]
    raw: bytes = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        shown = asdict(self)
        del shown["raw"]
        return shown


class MailBox:
    """The letters; aiosmtpd calls `handle_DATA`."""

    def __init__(self, keep: Path | None = None) -> None:
        self._letters: deque[Letter] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._keep = keep
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain", "html"))
        letter = Letter(
            number=next(self._numbers),
            received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            mail_from=envelope.mail_from or "",
            to=list(envelope.rcpt_tos),
            subject=str(message.get("Subject", "")),
            text=body.get_content() if body is not None else "",
            headers={name: str(value) for name, value in message.items()},
            raw=raw,
        )
        self._letters.appendleft(letter)
        if self._keep is not None:
            stamp = letter.received_at.replace(":", "-")
            (self._keep / f"{stamp}-{letter.number:04}.eml").write_bytes(raw)
        return "250 OK"

    def letters(self, to: str | None = None) -> list[Letter]:
        """Newest first, optionally those to one address."""
        return [letter for letter in self._letters if to is None or to.lower() in map(str.lower, letter.to)]

    def letter(self, number: int) -> Letter | None:
        return next((letter for letter in self._letters if letter.number == number), None)

    def empty(self) -> None:
        self._letters.clear()


def page_of(letters: list[Letter]) -> str:
    """The letters as one HTML page."""
    rows = "".join(
        f"<article><h2><a href='/messages/{letter.number}'>{html.escape(letter.subject) or '—'}</a></h2>"
        f"<p>{html.escape(letter.received_at)} · {html.escape(letter.mail_from)} → "
        f"{html.escape(', '.join(letter.to))}</p><pre>{html.escape(letter.text)}</pre></article>"
        for letter in letters
    )
    return (
        "<!doctype html><html lang='ru'><meta charset='utf-8'><meta http-equiv='refresh' content='5'>"
        f"<title>Почта Звонка</title><style>{STYLE}</style><h1>Почта / Mail: {len(letters)}</h1>"
        f"{rows or '<p>Писем пока нет. / No letters yet.</p>'}</html>"
    )


def app_of(box: MailBox) -> FastAPI:
    """The page and its JSON."""
    app = FastAPI(title="Zvonok: local mail", docs_url=None, redoc_url=None)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return page_of(box.letters())

    @app.get("/messages")
    def messages(to: str | None = None) -> list[dict[str, Any]]:
        return [letter.as_json() for letter in box.letters(to)]

    @app.get("/messages/{number}", response_class=PlainTextResponse)
    def message(number: int) -> Response:
        letter = box.letter(number)
        if letter is None:
            return PlainTextResponse("no such letter", status_code=404)
        return Response(letter.raw, media_type="text/plain; charset=utf-8")

    @app.delete("/messages", status_code=204)
    def empty() -> None:
        box.empty()

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


async def serve(smtp_port: int, http_port: int, keep: Path | None) -> None:
    """Run both sides until SIGTERM or SIGINT."""
    box = MailBox(keep)
    loop = asyncio.get_running_loop()
    mail = await loop.create_server(
        lambda: SMTP(box, enable_SMTPUTF8=True, hostname="localhost", loop=loop), "127.0.0.1", smtp_port
    )
    try:
        await serve_until_told(app_of(box), http_port)
    finally:
        mail.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes every letter, delivers none.")
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--http", type=int, required=True)
    parser.add_argument("--keep", type=Path)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.smtp, chosen.http, chosen.keep))


if __name__ == "__main__":
    main()
