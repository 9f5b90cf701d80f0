"""The expected failures of this service, with their stable codes."""

from shared.http import NotFound, Text, TooManyRequests


class ItemNotFound(NotFound):
    """No such item, somebody else's, or about a pupil whom the caller may no longer read about."""

    code = "item_not_found"
    title = Text(ru="Уведомление не найдено", en="Notification not found")
    detail = Text(ru="Уведомления {item_id} нет среди ваших.", en="There is no notification {item_id} among yours.")


class TooManyStreams(TooManyRequests):
    """A process holds a bounded number of streams open, and of one person no more than devices are plausible."""

    code = "too_many_streams"
    title = Text(ru="Слишком много открытых подключений", en="Too many open streams")
    detail = Text(
        ru="Закройте лишние окна или повторите через {retry_after} с.",
        en="Close some windows, or try again in {retry_after} s.",
    )
