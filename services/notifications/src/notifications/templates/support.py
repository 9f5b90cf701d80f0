"""What those who asked for help read."""

from typing import Final

from notifications.templates import variables as v
from notifications.templates.template import Template
from shared.http.texts import Text

SUPPORT: Final = (
    Template(
        "ticket_opened",
        1,
        {"number": v.words},
        {"number": "26-000123-4"},
        title=Text(ru="Обращение {number} принято", en="Ticket {number} received"),
        text=Text(
            ru="Мы получили ваше обращение и присвоили ему номер {number}. Сообщим, когда его состояние изменится.",
            en="We have received your request. Its number is {number}. We will tell you when its state changes.",
        ),
    ),
    Template(
        "ticket_status_changed",
        1,
        {"number": v.words, "status": v.ticket_status},
        {"number": "26-000123-4", "status": "resolved"},
        title=Text(ru="Обращение {number}: {status}", en="Ticket {number}: {status}"),
        text=Text(ru="Новое состояние обращения {number}: {status}.", en="The new state of ticket {number}: {status}."),
    ),
)
