"""A mail as it goes out: UTF-8 text in the recipient's language, marked as written by a machine."""

from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import UUID

from email_validator import validate_email

from notifications.templates.template import Wording
from shared.http.texts import Language, Text

_SENDER: Final = Text(ru="Звонок", en="Zvonok")
_GREETING: Final = Text(ru="Здравствуйте, {name}!", en="Hello {name},")
_GREETING_TO_NOBODY: Final = Text(ru="Здравствуйте!", en="Hello,")
_FOOTER: Final = Text(
    ru="Это письмо отправлено автоматически, отвечать на него не нужно.\n«Звонок», электронный дневник",
    en="This mail was sent automatically, please do not reply.\nZvonok, the school diary",
)


def readable_address(text: str) -> str:
    """Check that a text is one address and nothing else, so that it can neither add headers nor recipients.

    Raises:
        ValueError: it is not.
    """
    return validate_email(text, check_deliverability=False).normalized


def compose(
    wording: Wording,
    *,
    to: str,
    name: str | None,
    language: Language,
    sender: str,
    message_id: UUID,
    now: datetime,
) -> EmailMessage:
    """Put a mail together; `to` is a readable address."""
    local, _, domain = sender.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_SENDER.format(language), local, domain)
    message["To"] = Address(addr_spec=to)
    # A name out of an event must not break the header into two.
    subject = Header(" ".join(wording.title.split()), "utf-8", header_name="Subject")
    # Raw, because EmailMessage loses a space where it breaks a long subject between two encoded words.
    message.set_raw("Subject", subject.encode())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}@{domain}>"
    # RFC 3834: no out-of-office answers, please.
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    greeting = _GREETING.format(language, name=name) if name else _GREETING_TO_NOBODY.format(language)
    message.set_content(f"{greeting}\n\n{wording.text}\n\n-- \n{_FOOTER.format(language)}\n", charset="utf-8")
    return message
