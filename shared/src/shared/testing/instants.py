"""Every JSON answer says instants in one form: UTC, with a Z."""

import re

import httpx

# A whole value, not the end of somebody's sentence; a quote within a text has a backslash before it.
_ANOTHER_FORM = re.compile(rb'(?<!\\)"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d(?::?\d\d)?)?"')


async def instants_end_in_z(answer: httpx.Response) -> None:
    """Fail on an answer that says an instant otherwise; a response hook for the client of a service's tests."""
    if "json" in answer.headers.get("content-type", ""):
        wrong = _ANOTHER_FORM.findall(await answer.aread())
        assert not wrong, f"{answer.request.method} {answer.request.url.path} says {wrong[:3]}"


WATCHED = {"response": [instants_end_in_z]}
"""`event_hooks` of a client."""
