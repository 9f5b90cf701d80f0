"""What the rest of the stack needs to know of a PostgreSQL and a RabbitMQ, wherever they come from."""

from dataclasses import asdict, dataclass
from typing import Literal, Protocol
from urllib.parse import quote, unquote, urlsplit

StopMode = Literal["smart", "fast", "immediate"]


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A PostgreSQL and its superuser (or a role with CREATEDB and CREATEROLE)."""

    host: str
    port: int
    user: str
    password: str
    database: str = "postgres"

    def dsn(self, database: str | None = None, *, user: str | None = None, password: str | None = None) -> str:
        """libpq-style URL, as asyncpg and psql read it."""
        name = quote(user if user is not None else self.user, safe="")
        secret = quote(password if password is not None else self.password, safe="")
        return f"postgresql://{name}:{secret}@{self.host}:{self.port}/{database or self.database}"

    def sqlalchemy_url(self, database: str, *, user: str | None = None, password: str | None = None) -> str:
        """The same for SQLAlchemy with asyncpg."""
        return self.dsn(database, user=user, password=password).replace("postgresql://", "postgresql+asyncpg://", 1)

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def parse(cls, url: str) -> "PostgresAddress":
        """From an address such as postgresql://user:password@host:5432/postgres."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5432,
            user=unquote(parts.username or "postgres"),
            password=unquote(parts.password or ""),
            database=parts.path.lstrip("/") or "postgres",
        )


@dataclass(frozen=True, slots=True)
class RabbitAddress:
    """A RabbitMQ, its management API and its administrator."""

    host: str
    port: int
    management_url: str
    user: str
    password: str
    vhost: str = "/"

    def url(self, *, user: str | None = None, password: str | None = None, vhost: str | None = None) -> str:
        """AMQP URL; the administrator's unless another user is named."""
        name = quote(user if user is not None else self.user, safe="")
        secret = quote(password if password is not None else self.password, safe="")
        path = quote(vhost if vhost is not None else self.vhost, safe="")
        return f"amqp://{name}:{secret}@{self.host}:{self.port}/{path}"

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def parse(cls, amqp_url: str, management_url: str) -> "RabbitAddress":
        """From amqp://user:password@host:5672/vhost and http://host:15672."""
        parts = urlsplit(amqp_url)
        return cls(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or 5672,
            management_url=management_url.rstrip("/"),
            user=unquote(parts.username or "guest"),
            password=unquote(parts.password or "guest"),
            vhost=unquote(parts.path[1:]) or "/",
        )


class PostgresServer(Protocol):
    """A PostgreSQL that can be started and stopped, if it is ours to start and stop."""

    @property
    def origin(self) -> str: ...
    @property
    def address(self) -> PostgresAddress: ...
    @property
    def alive(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self, mode: StopMode = "fast") -> None: ...
    def kill(self) -> None: ...
    def restart(self, mode: StopMode = "fast") -> None: ...
    def remove(self) -> None: ...


class RabbitServer(Protocol):
    """A RabbitMQ that can be started and stopped, if it is ours to start and stop."""

    @property
    def origin(self) -> str: ...
    @property
    def address(self) -> RabbitAddress: ...
    @property
    def alive(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def remove(self) -> None: ...
