"""What this service is told by its environment; variables have the prefix ZVONOK_."""

from pydantic import AnyHttpUrl, EmailStr, Field

from shared.ops.settings import ServiceSettings


class Settings(ServiceSettings):
    """Beside what every service has: mail server, SMS gateway, and where links in messages lead."""

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
    sms_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8127/messages")
    """Where the SMS gateway takes messages."""
    sms_token: str | None = Field(default=None, repr=False)
    sms_timeout: float = Field(default=10.0, gt=0)
    """Seconds for each step of the conversation with the gateway."""
    portal_url: AnyHttpUrl = AnyHttpUrl("http://127.0.0.1:8100")
    """The portal frontend: links in messages lead to its pages."""
