"""The sender: works off due mails, one at a time on each of a few connections to the mail server.

Taking a mail and recording its result are two transactions with the mail server between them; no row is locked
while it talks. A sender that is killed in between leaves its one mail leased, and after two minutes it goes
again: at most one mail for each connection is sent twice, under the same Message-ID.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from prometheus_client import Counter

from notifications.channels.rules import UNREADABLE_ADDRESS, UNWRITABLE, Failure
from notifications.channels.smtp import MailServer
from notifications.dispatch.claim import Claimed, claim_next, count_due, record
from notifications.dispatch.compose import compose, readable_address
from notifications.dispatch.rules import (
    MANDATORY,
    MAX_ATTEMPTS,
    NO_ADDRESS_ATTEMPTS,
    message_id,
    next_attempt,
    unwanted,
)
from notifications.settings import Settings
from notifications.templates.catalogue import render
from shared.contracts.notifications import MessageDelivered, MessageFailed
from shared.crypto import SealBroken, unseal
from shared.db import Database, Tx

CONNECTIONS: Final = 4
WORTH_A_CONNECTION: Final = 5
"""Mails that are due for each connection that is opened."""
PASS: Final = 200
"""Mails of one connection in one pass; the next pass follows at once when there is more."""
MESSAGES = Counter("messages_total", "Messages to people, by what became of a try", ("channel", "result"))
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """What sending stands on."""

    database: Database
    settings: Settings
    sealing_key: Mapping[str, Any]
    jitter: Callable[[], float] = random.SystemRandom().random

    async def send_due(self) -> int:
        """Send all that is due. Answers how many mails were dealt with.

        Raises:
            MailServerDown: nothing was tried; the mails stay due.
        """
        async with self.database.read() as session:
            due = await count_due(session, self.database.clock(), CONNECTIONS * WORTH_A_CONNECTION)
        if not due:
            return 0
        connections = -(-due // WORTH_A_CONNECTION)
        done = await asyncio.gather(*(self._work() for _ in range(connections)), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result
        return sum(result for result in done if isinstance(result, int))

    async def _work(self) -> int:
        async with MailServer(self.settings) as server:
            for done in range(PASS):
                await server.ensure()
                async with self.database.uow.begin() as tx:
                    claimed = await claim_next(tx)
                if claimed is None:
                    return done
                await self._deal_with(claimed, server)
        return PASS

    async def _deal_with(self, claimed: Claimed, server: MailServer) -> None:
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
        elif claimed.sealed_address is None:
            await self._without_address(claimed)
        else:
            failure = await self._send(claimed, claimed.sealed_address, server)
            if failure is None:
                await self._delivered(claimed)
            elif failure.kind == "permanent":
                await self._failed(claimed, failure.reason)
            else:
                await self._again(claimed, failure.reason)

    async def _send(self, claimed: Claimed, sealed: str, server: MailServer) -> Failure | None:
        try:
            address = readable_address(unseal(self.sealing_key, sealed, claimed.sealed_context))
        except (SealBroken, ValueError):
            return UNREADABLE_ADDRESS
        try:
            message = compose(
                render(claimed.kind, claimed.template_version, claimed.values, claimed.language),
                to=address,
                name=claimed.name,
                language=claimed.language,
                sender=self.settings.mail_from,
                message_id=message_id(claimed.notice_id, claimed.recipient_id, claimed.channel),
                now=self.database.clock(),
            )
        except Exception as error:  # noqa: BLE001 -- one mail that cannot be written must not hold up all others
            _log.warning("message_unwritable", notice_id=str(claimed.notice_id), error=type(error).__name__)
            return UNWRITABLE
        return await server.send(message, address)

    async def _without_address(self, claimed: Claimed) -> None:
        if claimed.attempt < NO_ADDRESS_ATTEMPTS:
            await self._again(claimed, "no_address")
        else:
            await self._dropped(claimed, "no_address")

    async def _delivered(self, claimed: Claimed) -> None:
        async with self.database.uow.begin() as tx:
            if await record(tx, claimed, status="delivered", reason=None):
                tx.emit(
                    MessageDelivered(
                        recipient_id=claimed.recipient_id,
                        message_id=message_id(claimed.notice_id, claimed.recipient_id, claimed.channel),
                        cause_event_id=claimed.notice_id,
                        channel="email",
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

    async def _again(self, claimed: Claimed, reason: str) -> None:
        if claimed.attempt >= MAX_ATTEMPTS:
            await self._failed(claimed, "attempts_exhausted")
            return
        async with self.database.uow.begin() as tx:
            at = next_attempt(tx.now, claimed.attempt, self.jitter)
            await record(tx, claimed, status="pending", reason=reason, next_attempt_at=at)
        self._note(claimed, "again", reason)

    def _say_failed(self, tx: Tx, claimed: Claimed, reason: str) -> None:
        tx.emit(
            MessageFailed(
                recipient_id=claimed.recipient_id,
                message_id=message_id(claimed.notice_id, claimed.recipient_id, claimed.channel),
                cause_event_id=claimed.notice_id,
                channel="email",
                reason=reason,
                failed_at=tx.now,
            )
        )

    def _note(self, claimed: Claimed, result: str, reason: str | None) -> None:
        MESSAGES.labels(claimed.channel, result).inc()
        # Ids and codes only: neither address nor text belongs into a log (law 7).
        _log.info(
            "message",
            notice_id=str(claimed.notice_id),
            kind=claimed.kind,
            attempt=claimed.attempt,
            result=result,
            reason=reason,
        )
