"""Who takes a message out of the house: a letter becomes a mail or an SMS and is handed to its server."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from notifications.channels.rules import UNREADABLE_ADDRESS, Channel, Failure
from notifications.channels.sms import SmsGateway
from notifications.channels.smtp import MailServer
from notifications.dispatch.compose import compose, readable_address
from notifications.settings import Settings
from notifications.templates.template import Wording
from shared.contacts import phone_number
from shared.http.texts import Language


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said, to which address, under which reference."""

    wording: Wording
    address: str
    name: str | None
    language: Language
    reference: UUID
    within: float
    """Seconds until it is somebody else's to send."""


class Carrier(Protocol):
    """A connection to one server, for the length of a block; used by one task at a time."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def ensure(self) -> None:
        """Be connected, before a message is taken.

        Raises:
            ProviderDown: the server does not answer; nothing was tried.
        """

    async def carry(self, letter: Letter) -> Failure | None:
        """Hand a letter over. Answers None when the server took it, else why not."""


class ByEmail:
    """Mails, over SMTP."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._server = MailServer(settings)
        self._sender = settings.mail_from
        self._clock = clock

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.__aexit__(kind, error, trace)

    async def ensure(self) -> None:
        await self._server.ensure()

    async def carry(self, letter: Letter) -> Failure | None:
        try:
            address = readable_address(letter.address)
        except ValueError:
            return UNREADABLE_ADDRESS
        message = compose(
            letter.wording,
            to=address,
            name=letter.name,
            language=letter.language,
            sender=self._sender,
            message_id=letter.reference,
            now=self._clock(),
        )
        return await self._server.send(message, address, letter.within)


class BySms:
    """SMS, through the gateway."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._gateway = SmsGateway(settings, clock)

    async def __aenter__(self) -> Self:
        await self._gateway.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._gateway.__aexit__(kind, error, trace)

    async def ensure(self) -> None:
        await self._gateway.ensure()

    async def carry(self, letter: Letter) -> Failure | None:
        try:
            number = phone_number(letter.address)
        except ValueError:
            return UNREADABLE_ADDRESS
        if letter.wording.sms is None:
            raise ValueError("this kind has no wording for SMS")
        return await self._gateway.send(letter.wording.sms, number, letter.reference, letter.within)


def carrier_of(channel: Channel, settings: Settings, clock: Callable[[], datetime]) -> Carrier:
    """A new connection of a channel."""
    return ByEmail(settings, clock) if channel == "email" else BySms(settings, clock)
