"""The local telephone of everybody: an SMS gateway that sends nothing, and shows what it was given.

    python -m shared.localstack.sms_sink --http 8127

The gateway: `POST /messages` with `{"to": "+7…", "text": "…", "reference": "…"}`. A reference that comes again is
the same message: it is answered alike and kept once, with the number of times it came.

The telephone: `GET /messages?to=` newest first, `DELETE /messages`, `GET /` a page. `POST /answers` lays down what the
gateway answers next (`[{"status": 429, "retry_after": 3}, {"status": 500}]`), to see what becomes of messages then.
"""

import argparse
import asyncio
import html
import itertools
from collections import deque
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field, StringConstraints

from shared.localstack.sinks import KEPT, STYLE, serve_until_told


class Submitted(BaseModel):
    """What a client of the gateway hands over."""

    to: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{7,15}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Answer(BaseModel):
    """An answer that the gateway was told to give instead of taking the message."""

    status: Annotated[int, Field(ge=200, le=599)]
    retry_after: int | None = None
    keep: bool = False
    """Take the message all the same: the client hears of a failure that was none."""


@dataclass(frozen=True, slots=True)
class Sms:
    """One message. `number` counts from 1 since the start; `times`: how often it came under its reference."""

    number: int
    received_at: str
    to: str
    text: str
    reference: str
    times: int = 1


class Telephone:
    """The messages, and the answers that were laid down."""

    def __init__(self) -> None:
        self._kept: deque[Sms] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self.answers: deque[Answer] = deque()

    def take(self, submitted: Submitted) -> Sms:
        """Keep a message, once for each reference."""
        for place, known in enumerate(self._kept):
            if known.reference == submitted.reference:
                self._kept[place] = replace(known, times=known.times + 1)
                return self._kept[place]
        sms = Sms(
            number=next(self._numbers),
            received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            to=submitted.to,
            text=submitted.text,
            reference=submitted.reference,
        )
        self._kept.appendleft(sms)
        return sms

    def messages(self, to: str | None = None) -> list[Sms]:
        """Newest first, optionally those to one number."""
        # A plus sign that was not escaped in a query arrives as a space.
        wanted = None if to is None else f"+{to.strip().lstrip('+')}"
        return [sms for sms in self._kept if wanted is None or sms.to == wanted]

    def empty(self) -> None:
        self._kept.clear()
        self.answers.clear()


def page_of(messages: list[Sms]) -> str:
    """The messages as one HTML page."""
    rows = "".join(
        f"<article><h2>{html.escape(sms.to)}</h2><p>{html.escape(sms.received_at)}</p>"
        f"<pre>{html.escape(sms.text)}</pre></article>"
        for sms in messages
    )
    return (
        "<!doctype html><html lang='ru'><meta charset='utf-8'><meta http-equiv='refresh' content='5'>"
        f"<title>СМС Звонка</title><style>{STYLE}</style><h1>СМС / SMS: {len(messages)}</h1>"
        f"{rows or '<p>Сообщений пока нет. / No messages yet.</p>'}</html>"
    )


def app_of(telephone: Telephone) -> FastAPI:
    """The gateway, the page and its JSON."""
    app = FastAPI(title="Zvonok: local SMS gateway", docs_url=None, redoc_url=None)

    @app.post("/messages")
    def submit(submitted: Submitted) -> JSONResponse:
        if telephone.answers:
            told = telephone.answers.popleft()
            if told.keep:
                telephone.take(submitted)
            headers = {} if told.retry_after is None else {"Retry-After": str(told.retry_after)}
            return JSONResponse({"error": "as told"}, status_code=told.status, headers=headers)
        return JSONResponse({"id": telephone.take(submitted).number}, status_code=202)

    @app.post("/answers", status_code=204)
    def lay_down(answers: list[Answer]) -> None:
        telephone.answers.extend(answers)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return page_of(telephone.messages())

    @app.get("/messages")
    def messages(to: str | None = None) -> list[dict[str, Any]]:
        return [asdict(sms) for sms in telephone.messages(to)]

    @app.delete("/messages", status_code=204)
    def empty() -> None:
        telephone.empty()

    @app.get("/health/ready")
    def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Takes every SMS, sends none.")
    parser.add_argument("--http", type=int, required=True)
    asyncio.run(serve_until_told(app_of(Telephone()), parser.parse_args().http))


if __name__ == "__main__":
    main()
