"""E-mail over SMTP: one connection for many mails, every failure turned into a class (N-8)."""

import asyncio
from email.message import EmailMessage
from types import TracebackType
from typing import Self

import aiosmtplib
from aiosmtplib import (
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from notifications.channels.errors import ProviderDown
from notifications.channels.rules import NETWORK, UNSUPPORTED_ADDRESS, Failure, classify_reply
from notifications.settings import Settings


class MailServer:
    """A connection to the mail server for the length of a block; opened again when the server drops it."""

    def __init__(self, settings: Settings) -> None:
        self._client = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=settings.smtp_password,
            timeout=settings.smtp_timeout,
            # TLS whenever the server offers it; a local sink does not.
            start_tls=None,
        )

    async def __aenter__(self) -> Self:
        await self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client.is_connected:
            try:
                await self._client.quit()
            except (SMTPException, OSError):
                self._client.close()

    async def _connect(self) -> None:
        try:
            await self._client.connect()
        except (SMTPException, OSError) as error:
            # `from None`: a traceback may hold the server's text.
            raise ProviderDown(type(error).__name__) from None

    async def ensure(self) -> None:
        """Be connected.

        Raises:
            ProviderDown: the server does not answer.
        """
        if not self._client.is_connected:
            await self._connect()

    async def send(self, message: EmailMessage, to: str, within: float) -> Failure | None:
        """Hand one mail over. Answers None when the server took it, else why not.

        Args:
            message: The mail.
            to: Its one recipient.
            within: Seconds for the whole conversation; after that the mail is somebody else's to send.

        A connection that breaks after the text was sent and before the server's answer counts as not sent: the
        mail goes again under the same Message-ID, by which mail systems know duplicates.
        """
        try:
            async with asyncio.timeout(within):
                await self._client.send_message(message, recipients=[to])
        except SMTPException as error:
            failure = _judge(error)
        except OSError:  # a broken connection; a TimeoutError is one too
            failure = NETWORK
        else:
            return None
        if failure is NETWORK:
            self._client.close()
        return failure


def _judge(error: SMTPException) -> Failure:
    if isinstance(error, SMTPRecipientsRefused):
        return classify_reply(error.recipients[0].code, of_recipient=True)
    if isinstance(error, SMTPServerDisconnected | SMTPTimeoutError):
        return NETWORK
    if isinstance(error, SMTPResponseException):
        return classify_reply(error.code, of_recipient=False)
    if isinstance(error, SMTPNotSupported):
        # The address has letters beyond ASCII and this server does not take such.
        return UNSUPPORTED_ADDRESS
    return NETWORK
