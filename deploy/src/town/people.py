"""People of the demo school as a frontend would act for them: sign in, read, write, wait until they see something."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar
from uuid import uuid4

import httpx

from town.demo_school.people import DEMO_PASSWORD, KnownPerson

T = TypeVar("T")

POLL = 0.01
"""Seconds between two looks of somebody who waits."""


class Refused(Exception):
    """A service answered with a problem that the story did not expect."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url.path} → {answer.status_code} {answer.text}")
        self.answer = answer


class Person:
    """Somebody who uses the town over HTTP; signed in unless `known` is None.

    All who act from this process sit at one device, as a family does: nobody is told of a new one at each sign-in.

    Args:
        base_url: service → address.
        known: who signs in.
    """

    _devices: ClassVar[dict[str, str]] = {}
    """Town → the token by which it knows this device."""

    def __init__(self, base_url: Callable[[str], str], known: KnownPerson | None = None) -> None:
        self._base_url = base_url
        self.password = DEMO_PASSWORD
        self.known = known
        # Real people come from many addresses; here they all come from this machine, past any proxy settings.
        self._client = httpx.Client(timeout=30, trust_env=False, headers={"Accept-Language": "ru"})
        self.account_id = ""
        if known is not None:
            self.sign_in(known)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def sign_in(self, known: KnownPerson) -> None:
        """With login and password, as at the portal."""
        self._sign_in_as(known.login)

    def confirm_password(self) -> None:
        """Step up: what follows within five minutes may be a signature or an invitation (I-11)."""
        found = self.post("identity", "/sessions/step-up", {"password": self.password})
        self._client.headers["Authorization"] = f"Bearer {found['access_token']}"

    def _sign_in_as(self, login: str) -> None:
        typed = {"login": login, "password": self.password, "device_token": self._device}
        found = self.post("identity", "/sessions", typed)
        self._goes_on_with(found, found["account_id"])

    @property
    def _device(self) -> str | None:
        return self._devices.get(self._base_url("identity"))

    def _goes_on_with(self, session: dict[str, Any], account_id: str) -> None:
        self.account_id = account_id
        self._devices[self._base_url("identity")] = session["device_token"]
        self._client.headers["Authorization"] = f"Bearer {session['access_token']}"

    def ask(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        """Any request, whatever it is answered with."""
        url = f"{self._base_url(service)}/api/{service}/v1{path}"
        return self._client.request(method, url, **options)

    def get(self, service: str, path: str, **params: Any) -> Any:
        """A read that must succeed."""
        return _good(self.ask("GET", service, path, params=params))

    def post(self, service: str, path: str, body: Any = None) -> Any:
        """A write that must succeed, once even if it is sent twice."""
        return _good(self.ask("POST", service, path, json=body, headers={"Idempotency-Key": str(uuid4())}))

    def put(self, service: str, path: str, body: Any = None) -> Any:
        """A replacement that must succeed."""
        return _good(self.ask("PUT", service, path, json=body, headers={"Idempotency-Key": str(uuid4())}))

    def patch(self, service: str, path: str, body: Any = None) -> Any:
        """A change that must succeed."""
        return _good(self.ask("PATCH", service, path, json=body, headers={"Idempotency-Key": str(uuid4())}))

    def delete(self, service: str, path: str) -> None:
        """A removal that must succeed."""
        _good(self.ask("DELETE", service, path, headers={"Idempotency-Key": str(uuid4())}))


def _good(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise Refused(answer)
    return answer.json() if answer.content else None


class Late(Exception):
    """Something did not come to pass in time."""


def until(look: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """Look again and again until there is something to see.

    Raises:
        Late: it did not come within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None and found is not False:
            return found
        if time.monotonic() > deadline:
            raise Late(f"not within {seconds:.0f} s: {what}")
        time.sleep(POLL)
