"""What this service is told by its environment; variables have the prefix ZVONOK_."""

from pydantic import EmailStr, Field

from shared.ops.settings import ServiceSettings


class Settings(ServiceSettings):
    """Beside what every service has: the mail server, and the key that opens sealed addresses."""

    api_port: int = 8104
    ops_port: int = 8204
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=8125, ge=1, le=65535)
    smtp_username: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    smtp_timeout: float = Field(default=15.0, gt=0)
    """Seconds for each step of the conversation with the mail server."""
    mail_from: EmailStr = "no-reply@zvonok.example"
    """The sender of all mails; its domain also stands in Message-ID."""
