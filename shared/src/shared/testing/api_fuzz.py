"""Requests that nobody would think of: Schemathesis reads a service's own OpenAPI and asks it everything that fits.

A request may be refused in any documented way; a server error, a status or a content type that the document does not
promise, and a body unlike its schema are findings. The cases are the same on every run: Hypothesis derandomised.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

_BASE = "http://fuzz"
_SKIPPED = frozenset({"host", "content-length"})


@dataclass(frozen=True)
class Finding:
    """One operation that answered what it should not, and the smallest request found that makes it."""

    operation: str
    role: str
    what: str

    def __str__(self) -> str:
        return f"{self.operation} as {self.role}: {self.what}"


@dataclass
class ApiFuzz:
    """Asks the service behind a client, in turns as each of several roles.

    `known` gives real ids to parameters and members of bodies by their names, so that half of the requests get beyond
    «not found»: `{"pupil_id": [...]}` is used for the path, the query and any depth of a body.
    """

    client: httpx.AsyncClient
    roles: Mapping[str, Mapping[str, str]]
    """The headers of each role; an empty mapping has not signed in."""
    known: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: int = 5
    """Requests that fit the document, for each operation; of those that do not fit it, half as many."""
    left_out: frozenset[str] = frozenset()
    """`METHOD /path` of operations that are not asked, such as those that end the session of a role."""
    asked: int = 0
    answered: dict[int, int] = field(default_factory=dict)
    """How often each status was answered: what a test asserts to know that it went deep enough."""

    async def findings(self) -> list[Finding]:
        """Ask every operation; what was found, one for each operation and kind of failure."""
        document = (await self.client.get("/openapi.json")).json()
        return await asyncio.to_thread(self._attack, document, asyncio.get_running_loop())

    def _attack(self, document: dict[str, Any], loop: asyncio.AbstractEventLoop) -> list[Finding]:
        import schemathesis
        from schemathesis.generation import GenerationMode

        schema = schemathesis.openapi.from_dict(document)
        found: list[Finding] = []
        operations: Any = schema.get_all_operations()
        for result in operations:
            operation: Any = result.ok()
            if operation.label in self.left_out:
                continue
            for mode, examples in (
                (GenerationMode.POSITIVE, self.examples),
                (GenerationMode.NEGATIVE, self.examples // 2),
            ):
                finding = self._attack_operation(loop, operation, mode, examples)
                if finding is not None:
                    found.append(finding)
        return found

    def _attack_operation(
        self, loop: asyncio.AbstractEventLoop, operation: Any, mode: Any, examples: int
    ) -> Finding | None:
        from hypothesis import HealthCheck, Phase, given, settings
        from hypothesis import strategies as st
        from hypothesis.errors import Unsatisfiable
        from schemathesis.core.failures import Failure, FailureGroup
        from schemathesis.core.transport import Response

        role_of_case = ""

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode), draws=st.data())
        def ask(case: Any, draws: Any) -> None:
            nonlocal role_of_case
            role_of_case = draws.draw(st.sampled_from(sorted(self.roles)))
            if draws.draw(st.booleans()):
                self._make_known(case, draws.draw(st.integers(0, 7)))
            asked = asyncio.run_coroutine_threadsafe(self._ask(case, self.roles[role_of_case]), loop)
            answer = asked.result(timeout=60)
            case.validate_response(Response.from_httpx(answer, verify=False), checks=_checks())

        try:
            ask()
        except Unsatisfiable:
            return None  # nothing can be made that does not fit the document: there are no parameters
        except (FailureGroup, Failure) as failure:
            return Finding(operation.label, role_of_case, str(failure))
        return None

    async def _ask(self, case: Any, headers: Mapping[str, str]) -> httpx.Response:
        import requests

        prepared = requests.Request(**_request_of(case)).prepare()
        sent = {name: value for name, value in prepared.headers.items() if name.lower() not in _SKIPPED}
        sent = {name: value for name, value in sent.items() if name.lower() != "authorization"} | dict(headers)
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        answer = await self.client.request(prepared.method or "GET", _path(prepared.url), headers=sent, content=body)
        self.asked += 1
        self.answered[answer.status_code] = self.answered.get(answer.status_code, 0) + 1
        return answer

    def _make_known(self, case: Any, turn: int) -> None:
        """Put real ids where the case has made-up ones."""
        for container in (case.path_parameters, case.query):
            for name in container or {}:
                if name in self.known:
                    container[name] = self._one(name, turn)
        self._make_body_known(case.body, turn)

    def _make_body_known(self, part: Any, turn: int) -> None:
        if isinstance(part, dict):
            for name, value in part.items():
                if name in self.known and isinstance(value, str):
                    part[name] = self._one(name, turn)
                else:
                    self._make_body_known(value, turn)
        elif isinstance(part, list):
            for one in part:
                self._make_body_known(one, turn)

    def _one(self, name: str, turn: int) -> str:
        values = self.known[name]
        return values[turn % len(values)]


def _path(url: str | None) -> str:
    return (url or "").removeprefix(_BASE)


def _request_of(case: Any) -> dict[str, Any]:
    names = ("method", "url", "headers", "params", "data", "json", "files", "cookies")
    made = case.as_transport_kwargs(base_url=_BASE)
    return {name: made[name] for name in names if name in made}


def _checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
