"""Routes answer no error that their document does not name."""

import re
from operator import itemgetter
from typing import Any

import httpx

from shared.http.problems import all_problems

ANYWHERE = {problem.code for problem in all_problems() if problem.__module__.startswith("shared.http")} - {
    "step_up_required",
    "invalid_cursor",
}
"""Codes that any route may answer: bodies that are no JSON, tokens that lapsed, a database that is away."""


class Documented:
    """Looks over the shoulder of every test: a route answers no error that its document does not name."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._routes = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", path)), method.upper(), operation["responses"])
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ]

    async def __call__(self, answer: httpx.Response) -> None:
        if answer.headers.get("content-type") != "application/problem+json":
            return
        await answer.aread()
        code, status = answer.json()["code"], str(answer.status_code)
        if code in ANYWHERE:
            return
        method, path = answer.request.method, answer.request.url.path
        # A path without a name in it goes before one with: /imports before /{school_id}.
        routes = [(p.pattern.count("[^/]+"), r) for p, m, r in self._routes if m == method and p.fullmatch(path)]
        documented = min(routes, key=itemgetter(0))[1] if routes else {}
        described = documented.get(status, {}).get("description", "")
        assert f"`{code}`" in described, f"{method} {path} answers {status} {code}, documented: {described}"
