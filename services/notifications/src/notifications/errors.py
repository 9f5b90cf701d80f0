"""The expected failures of this service, with their stable codes."""

from shared.http import NotFound, Text


class ItemNotFound(NotFound):
    """No such item, somebody else's, or about a pupil whom the caller may no longer read about."""

    code = "item_not_found"
    title = Text(ru="Уведомление не найдено", en="Notification not found")
    detail = Text(ru="Уведомления {item_id} нет среди ваших.", en="There is no notification {item_id} among yours.")
