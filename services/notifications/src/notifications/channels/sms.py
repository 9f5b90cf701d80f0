"""SMS through a gateway that speaks HTTP: one `POST` for each message, every answer turned into a class (N-8).

`{"to": "+7…", "text": "…", "reference": "…"}`, the token as `Authorization: Bearer`. The reference also stands in
`Idempotency-Key`: a gateway that has it already sends nothing a second time.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

import httpx

from notifications.channels.errors import ProviderDown
from notifications.channels.rules import NETWORK, Failure, classify_status
from notifications.settings import Settings


class SmsGateway:
    """A client of the gateway for the length of a block."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        token = settings.sms_token
        self._url = httpx.URL(str(settings.sms_url))
        self._clock = clock
        self._reachable = False
        self._timeout = settings.sms_timeout
        self._client = httpx.AsyncClient(
            timeout=settings.sms_timeout,
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ensure(self) -> None:
        """See that somebody listens there, once, and again after the network has failed.

        Raises:
            ProviderDown: nobody does.
        """
        if self._reachable:
            return
        port = self._url.port or (443 if self._url.scheme == "https" else 80)
        try:
            async with asyncio.timeout(self._timeout):
                _, writer = await asyncio.open_connection(self._url.host, port)
                writer.close()
        except OSError as error:
            raise ProviderDown(type(error).__name__) from None
        self._reachable = True

    async def send(self, text: str, to: str, reference: UUID, within: float) -> Failure | None:
        """Hand one message over. Answers None when the gateway took it, else why not.

        Args:
            text: What is read.
            to: The number, E.164.
            reference: The same at every try.
            within: Seconds for the whole conversation; after that the message is somebody else's to send.
        """
        try:
            async with asyncio.timeout(within):
                answer = await self._client.post(
                    self._url,
                    json={"to": to, "text": text, "reference": str(reference)},
                    headers={"Idempotency-Key": str(reference)},
                )
        except (httpx.HTTPError, OSError):
            self._reachable = False
            return NETWORK
        return classify_status(answer.status_code, answer.headers.get("Retry-After"), self._clock())
