"""The sender of one channel: works off what is due, one message at a time on each of a few connections.

Taking a message and recording its result are two transactions with the server between them; no row is locked
while it talks. A sender that is killed in between leaves its one message leased, and when the lease is over it goes
again: at most one message for each connection is sent twice, under the same reference.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from prometheus_client import Counter

from notifications.channels.rules import UNREADABLE_ADDRESS, UNWRITABLE, Channel, Failure
from notifications.dispatch.carriers import Carrier, Letter, carrier_of
from notifications.dispatch.claim import Claimed, claim_next, count_due, record
from notifications.dispatch.links import NoSecret
from notifications.dispatch.open_sealed import open_sealed
from notifications.dispatch.rules import (
    MANDATORY,
    MAX_ATTEMPTS,
    NO_ADDRESS_ATTEMPTS,
    QUIET,
    QUIET_HOURS,
    WITHIN,
    lease_of,
    message_id,
    next_attempt,
    unwanted,
)
from notifications.settings import Settings
from notifications.templates.catalogue import render
from shared.contracts.notifications import MessageDelivered, MessageFailed
from shared.crypto import SealBroken
from shared.db import Database, Tx

CONNECTIONS: Final = 4
WORTH_A_CONNECTION: Final = 5
"""Messages that are due for each connection that is opened."""
PASS: Final = 200
"""Messages of one connection in one pass; the next pass follows at once when there is more."""
MESSAGES = Counter("messages_total", "Messages to people, by what became of a try", ("channel", "result"))
NOBODY: Final = Failure("permanent", "no_address")
"""What came sealed with the event has no address for this channel."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending stands on."""

    channel: Channel
    database: Database
    settings: Settings
    sealing_key: Mapping[str, Any]
    jitter: Callable[[], float] = random.SystemRandom().random

    async def send_due(self) -> int:
        """Send all that is due. Answers how many messages were dealt with.

        Raises:
            ProviderDown: nothing was tried; the messages stay due.
        """
        async with self.database.read() as session:
            due = await count_due(session, self.channel, self.database.clock(), CONNECTIONS * WORTH_A_CONNECTION)
        if not due:
            return 0
        connections = -(-due // WORTH_A_CONNECTION)
        done = await asyncio.gather(*(self._work() for _ in range(connections)), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return sum(result for result in done if isinstance(result, int))

    async def _work(self) -> int:
        async with carrier_of(self.channel, self.settings, self.database.clock) as carrier:
            for done in range(PASS):
                await carrier.ensure()
                async with self.database.uow.begin() as tx:
                    claimed = await claim_next(tx, self.channel)
                if claimed is None:
                    return done
                if await self._deal_with(claimed, carrier) == "leave_alone":
                    return done + 1
        return PASS

    async def _deal_with(self, claimed: Claimed, carrier: Carrier) -> Literal["go_on", "leave_alone"]:
        dropped = unwanted(
            now=self.database.clock(),
            expires_at=claimed.expires_at,
            superseded=claimed.superseded,
            read_already=claimed.read_already and claimed.kind not in MANDATORY,
            may_know=claimed.may_know,
            disabled=claimed.disabled,
        )
        if dropped == "useful_life_over":
            await self._failed(claimed, dropped)
        elif dropped is not None:
            await self._dropped(claimed, dropped)
        elif (morning := self._morning(claimed)) is not None:
            await self._wait(claimed, morning)
        elif claimed.sealed is None:
            await self._without_address(claimed)
        else:
            failure = await self._send(claimed, claimed.sealed, carrier)
            if failure is None:
                await self._delivered(claimed)
            elif failure is NOBODY:
                await self._dropped(claimed, failure.reason)
            elif failure.kind == "permanent":
                await self._failed(claimed, failure.reason)
            else:
                await self._again(claimed, failure.reason, failure.not_before)
                if failure.reason == "rate_limited":
                    return "leave_alone"
        return "go_on"

    def _morning(self, claimed: Claimed) -> datetime | None:
        # Most wait from the start; this is for those that a server or we ourselves were away for until night.
        quiet = QUIET.get(claimed.kind)
        if quiet is None:
            return None
        now = self.database.clock()
        over = quiet.over(now, claimed.zone)
        return over if over > now else None

    async def _wait(self, claimed: Claimed, until: datetime) -> None:
        if until >= claimed.expires_at:
            await self._failed(claimed, "useful_life_over")
            return
        async with self.database.uow.begin() as tx:
            await record(tx, claimed, status="pending", reason=QUIET_HOURS, next_attempt_at=until)
        self._note(claimed, "again", QUIET_HOURS)

    async def _send(self, claimed: Claimed, sealed: str, carrier: Carrier) -> Failure | None:
        try:
            opened = open_sealed(self.sealing_key, claimed, sealed, str(self.settings.portal_url))
        except NoSecret:
            return UNWRITABLE
        except (SealBroken, ValueError, KeyError, TypeError):
            return UNREADABLE_ADDRESS
        if opened.address is None:
            return NOBODY
        try:
            letter = Letter(
                wording=render(
                    claimed.kind, claimed.template_version, {**claimed.values, **opened.secrets}, claimed.language
                ),
                address=opened.address,
                name=claimed.name,
                language=claimed.language,
                reference=_reference(claimed),
                within=WITHIN * lease_of(claimed.priority).total_seconds(),
            )
            return await carrier.carry(letter)
        except Exception as error:  # noqa: BLE001 -- one message that cannot be written must not hold up all others
            _log.warning("message_unwritable", event_id=str(claimed.event_id), error=type(error).__name__)
            return UNWRITABLE

    async def _without_address(self, claimed: Claimed) -> None:
        if claimed.target == "account" and claimed.attempt < NO_ADDRESS_ATTEMPTS:
            await self._again(claimed, "no_address")
        else:
            await self._dropped(claimed, "no_address")

    async def _delivered(self, claimed: Claimed) -> None:
        async with self.database.uow.begin() as tx:
            if await record(tx, claimed, status="delivered", reason=None):
                tx.emit(
                    MessageDelivered(
                        recipient_id=claimed.recipient_id,
                        message_id=_reference(claimed),
                        cause_event_id=claimed.event_id,
                        channel=claimed.channel,
                        delivered_at=tx.now,
                    )
                )
        self._note(claimed, "delivered", None)

    async def _failed(self, claimed: Claimed, reason: str) -> None:
        async with self.database.uow.begin() as tx:
            if await record(tx, claimed, status="failed", reason=reason):
                self._say_failed(tx, claimed, reason)
        self._note(claimed, "failed", reason)

    async def _dropped(self, claimed: Claimed, reason: str) -> None:
        async with self.database.uow.begin() as tx:
            await record(tx, claimed, status="dropped", reason=reason)
        self._note(claimed, "dropped", reason)

    async def _again(self, claimed: Claimed, reason: str, not_before: timedelta | None = None) -> None:
        if claimed.attempt >= MAX_ATTEMPTS:
            await self._failed(claimed, "attempts_exhausted")
            return
        now = self.database.clock()
        at = next_attempt(now, claimed.attempt, self.jitter, priority=claimed.priority, not_before=not_before)
        if at >= claimed.expires_at:
            await self._failed(claimed, "useful_life_over")
            return
        async with self.database.uow.begin() as tx:
            await record(tx, claimed, status="pending", reason=reason, next_attempt_at=at)
        self._note(claimed, "again", reason)

    def _say_failed(self, tx: Tx, claimed: Claimed, reason: str) -> None:
        tx.emit(
            MessageFailed(
                recipient_id=claimed.recipient_id,
                message_id=_reference(claimed),
                cause_event_id=claimed.event_id,
                channel=claimed.channel,
                reason=reason,
                failed_at=tx.now,
            )
        )

    def _note(self, claimed: Claimed, result: str, reason: str | None) -> None:
        MESSAGES.labels(claimed.channel, result).inc()
        # Ids and codes only: neither address nor text belongs into a log (law 7).
        _log.info(
            "message",
            event_id=str(claimed.event_id),
            channel=claimed.channel,
            target=claimed.target,
            kind=claimed.kind,
            attempt=claimed.attempt,
            result=result,
            reason=reason,
        )


def _reference(claimed: Claimed) -> UUID:
    return message_id(claimed.event_id, claimed.recipient_id, claimed.channel, claimed.target)
