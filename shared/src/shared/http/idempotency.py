"""Idempotency-Key: an unsafe request sent twice is carried out once, and answered alike (24 h).

The claim of a key is a row written inside the use case's own transaction, so «carried out» and «claimed» are
one fact. The answer is kept after it:

- claim and answer there → the answer again; with another body → 422;
- claimed by a transaction that is still open, or just ended → 409 in progress;
- claim without answer → the process ended in between → 409 answer lost: carried out, do not repeat.

A request that fails leaves no claim: it may be tried again with the same key. Answers are personal, so they are
kept encrypted under a key that only the client's Idempotency-Key gives; the database has its hash.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, Index, LargeBinary, MetaData, Row, Table, Uuid, delete, func, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.common_problems import (
    IdempotencyAnswerLost,
    IdempotencyInProgress,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
)
from shared.http.problems import Problem
from shared.ops.ids import new_id

if TYPE_CHECKING:
    from shared.db import Tx

KEPT_FOR = timedelta(hours=24)
GRACE = timedelta(seconds=10)
"""Between a commit and its answer being kept; a claim younger than this counts as in progress."""
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_MAX_KEY = 255
_NONCE_BYTES = 12
_KEPT_HEADERS = ("content-type", "content-language", "location", "etag")

_log = structlog.get_logger(__name__)


def idempotency_table(metadata: MetaData) -> Table:
    """Attach the table `idempotency` to a service's metadata."""
    return Table(
        "idempotency",
        metadata,
        Column("key_hash", LargeBinary, primary_key=True),
        Column("claim_id", Uuid, nullable=False),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("answer", LargeBinary),
        Column("claimed_at", TIMESTAMP(timezone=True), nullable=False),
        Column("expires_at", TIMESTAMP(timezone=True), nullable=False),
        Index("idempotency_expires_at_idx", "expires_at"),
    )


_table = idempotency_table(MetaData())


@dataclass(slots=True)
class Claim:
    """One request's hold on its key."""

    key_hash: bytes
    """SHA-256 of principal, method, path and key: a key of one person says nothing to another."""
    fingerprint: bytes
    """SHA-256 of place, key and body: without the key nobody can guess a body that holds a phone number."""
    cipher_key: bytes
    claim_id: UUID = field(default_factory=new_id)
    lost: bool = False
    """Another request holds the key; what this one answers is void."""


_current: ContextVar[Claim | None] = ContextVar("idempotency_claim", default=None)


class KeyTaken(IdempotencyInProgress):
    """Raised inside the transaction to take it back; the middleware then answers what is true."""


async def claim_idempotency_key(tx: "Tx") -> None:
    """Claim the running request's key within a use case's transaction; hook of `UnitOfWork.begin`."""
    claim = _current.get()
    if claim is None:
        return
    # The advisory lock, because an INSERT would wait for the other transaction instead of answering 409.
    number = int.from_bytes(claim.key_hash[:8], signed=True)
    if not await tx.session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        claim.lost = True
        raise KeyTaken
    statement = insert(_table).values(
        key_hash=claim.key_hash,
        claim_id=claim.claim_id,
        fingerprint=claim.fingerprint,
        claimed_at=tx.now,
        expires_at=tx.now + KEPT_FOR,
    )
    taken = statement.on_conflict_do_update(
        index_elements=[_table.c.key_hash],
        set_={name: statement.excluded[name] for name in ("claim_id", "fingerprint", "claimed_at", "expires_at")}
        | {"answer": None},
        # Ours: a use case with two transactions. Expired: free again.
        where=(_table.c.claim_id == claim.claim_id) | (_table.c.expires_at <= tx.now),
    ).returning(_table.c.claim_id)
    if (await tx.session.execute(taken)).first() is None:
        claim.lost = True
        raise KeyTaken


async def purge_idempotency(session: AsyncSession, now: datetime) -> None:
    """Drop expired keys; a periodic job of the worker."""
    await session.execute(delete(_table).where(_table.c.expires_at <= now))


class Idempotency:
    """Answers repeated requests with what was answered before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = None
        if scope["type"] == "http" and scope["method"] in _UNSAFE:
            key = Headers(scope=scope).get("idempotency-key")
        if key is None:
            await self._app(scope, receive, send)
            return
        if not 1 <= len(key) <= _MAX_KEY or not all("!" <= character <= "~" for character in key):
            raise IdempotencyKeyInvalid
        container: Any = scope["app"].state.container
        body = await _read(receive)
        if body is None:
            return
        claim = _claim(key, await _principal(scope, container), scope, body)
        known = await self._answered(container, claim)
        if known is None:
            known = await self._carry_out(scope, _again(body, receive), container, claim)
        await known.send(send)

    async def _carry_out(self, scope: Scope, receive: Receive, container: Any, claim: Claim) -> "_Answer":
        answer = _Answer()
        with _claiming(claim), suppress(KeyTaken):
            await self._app(scope, receive, answer.collect)
        if not claim.lost:
            await self._keep(container, claim, answer)
            return answer
        # Another request was faster; its answer, if it has one by now, is the answer.
        known = await self._answered(container, claim)
        if known is None:
            raise IdempotencyInProgress
        known.replayed = True
        return known

    async def _answered(self, container: Any, claim: Claim) -> "_Answer | None":
        now = container.database.clock()
        async with container.database.read() as session:
            row: Row[Any] | None = (
                await session.execute(
                    select(_table).where(_table.c.key_hash == claim.key_hash, _table.c.expires_at > now)
                )
            ).first()
        if row is None:
            return None
        if row.fingerprint != claim.fingerprint:
            raise IdempotencyKeyReused
        if row.answer is None:
            young = row.claimed_at > now - GRACE
            unanswered: Problem = IdempotencyInProgress() if young else IdempotencyAnswerLost()
            raise unanswered
        try:
            return _Answer.opened(row.answer, claim)
        except (InvalidTag, ValueError, KeyError):
            raise IdempotencyAnswerLost from None

    async def _keep(self, container: Any, claim: Claim, answer: "_Answer") -> None:
        """Keep the answer beside the claim; no claim, because nothing was committed → nothing to keep."""
        try:
            async with container.database.read() as session:
                await session.execute(
                    update(_table)
                    .where(_table.c.key_hash == claim.key_hash, _table.c.claim_id == claim.claim_id)
                    .values(answer=answer.sealed(claim))
                )
                await session.commit()
        except Exception:  # noqa: BLE001 - see below
            # The use case is committed: its answer goes out, a repetition will be told that it was carried out.
            _log.exception("idempotency_answer_not_kept")


@contextmanager
def _claiming(claim: Claim) -> Iterator[None]:
    token = _current.set(claim)
    try:
        yield
    finally:
        _current.reset(token)


class _Answer:
    """A response held back until it is kept."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.replayed = False

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        start: Message = {"type": "http.response.start", "status": self.status, "headers": self.headers}
        if self.replayed:
            MutableHeaders(scope=start)["Idempotent-Replayed"] = "true"
        await send(start)
        await send({"type": "http.response.body", "body": bytes(self.body)})

    def sealed(self, claim: Claim) -> bytes:
        kept = [
            (name.decode(), value.decode("latin-1"))
            for name, value in self.headers
            if name.decode().lower() in (*_KEPT_HEADERS, "content-length")
        ]
        text = json.dumps({"status": self.status, "headers": kept, "body": bytes(self.body).decode("latin-1")})
        nonce = token_bytes(_NONCE_BYTES)
        sealed: bytes = AESGCM(claim.cipher_key).encrypt(nonce, text.encode(), claim.key_hash)
        return nonce + sealed

    @classmethod
    def opened(cls, stored: bytes, claim: Claim) -> "_Answer":
        nonce, sealed = stored[:_NONCE_BYTES], stored[_NONCE_BYTES:]
        kept = json.loads(AESGCM(claim.cipher_key).decrypt(nonce, sealed, claim.key_hash))
        answer = cls()
        answer.status = kept["status"]
        answer.headers = [(name.encode(), value.encode("latin-1")) for name, value in kept["headers"]]
        answer.body += kept["body"].encode("latin-1")
        answer.replayed = True
        return answer


def _claim(key: str, principal: str, scope: Scope, body: bytes) -> Claim:
    place = json.dumps([principal, scope["method"], scope["path"], scope["query_string"].decode("latin-1"), key])
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zvonok idempotency answer v1")
    return Claim(
        key_hash=sha256(place.encode()).digest(),
        fingerprint=sha256(place.encode() + b"\0" + body).digest(),
        cipher_key=kdf.derive(place.encode() + body),
    )


async def _principal(scope: Scope, container: Any) -> str:
    """Whose key it is; a token that does not verify is the route's to refuse."""
    authorization = Headers(scope=scope).get("authorization", "")
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer":
        return "anonymous"
    try:
        return str((await container.tokens.verify(token.strip())).caller.account_id)
    except Problem:
        return f"unverified {sha256(authorization.encode()).hexdigest()}"


async def _read(receive: Receive) -> bytes | None:
    """Read a whole body; None if the client left in the middle of it."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
