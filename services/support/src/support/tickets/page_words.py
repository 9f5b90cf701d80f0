"""What the pages for requesters say."""

from shared.http import Text

BRAND = Text(ru="Звонок · поддержка", en="Zvonok · support")
FORM_HEADING = Text(ru="Задайте вопрос поддержке", en="Ask support")
INTRO = Text(
    ru="Опишите, что случилось. Учётная запись для этого не нужна.",
    en="Tell us what happened. You do not need an account.",
)
NOTE = Text(
    ru="Номер обращения появится сразу после отправки и придёт на вашу почту. "
    "Не указывайте пароли, коды из сообщений и номера документов.",
    en="You get the ticket number right after sending, and by e-mail. "
    "Do not write passwords, codes from messages or numbers of documents.",
)
SEND = Text(ru="Отправить обращение", en="Send")
CHOOSE = Text(ru="Выберите тему", en="Choose a topic")
CHECK = Text(ru="Обращение не отправлено. Проверьте поля:", en="The ticket was not sent. Check the fields:")
NOT_SENT = Text(ru="Обращение не отправлено.", en="The ticket was not sent.")
UNREADABLE_FORM = Text(
    ru="Форму не удалось прочитать. Заполните её ещё раз.", en="The form could not be read. Please fill it in again."
)
UNKNOWN_FIELD = Text(ru="В форме есть лишнее поле.", en="The form has a field that does not belong there.")
ERROR_MARK = Text(ru="Ошибка: ", en="Error: ")

LABELS = {
    "type": Text(ru="Тема", en="Topic"),
    "email": Text(ru="Электронная почта", en="E-mail"),
    "phone": Text(ru="Телефон (необязательно)", en="Phone (optional)"),
    "subject": Text(ru="Кратко о вопросе", en="The question in short"),
    "text": Text(ru="Подробности", en="Details"),
}
HINTS = {
    "email": Text(
        ru="Сюда придут номер обращения и сообщения о его состоянии",
        en="The ticket number and news of its status come here",
    ),
    "text": Text(
        ru="Что вы делали, что увидели, в каком классе и по какому предмету",
        en="What you did, what you saw, which class and subject",
    ),
}

TICKET_HEADING = Text(ru="Ваше обращение", en="Your ticket")
FILED = Text(
    ru="Обращение принято. Сохраните эту страницу в закладках: по её адресу обращение видно без входа. "
    "Номер придёт и на вашу почту.",
    en="Your ticket was accepted. Bookmark this page: its address shows the ticket without signing in. "
    "The number comes by e-mail, too.",
)
NUMBER = Text(ru="Номер", en="Number")
STATUS = Text(ru="Состояние", en="Status")
TYPE = Text(ru="Тема", en="Topic")
SUBJECT = Text(ru="Вопрос", en="Question")
OPENED = Text(ru="Подано", en="Filed")
THREAD = Text(ru="Переписка", en="Messages")
WHO = {"requester": Text(ru="Вы", en="You"), "agent": Text(ru="Поддержка", en="Support")}
ANOTHER = Text(ru="Задать ещё один вопрос", en="Ask another question")
MOMENT = Text(
    ru="{day:02}.{month:02}.{year}, {hour:02}:{minute:02} (МСК)",
    en="{year}-{month:02}-{day:02}, {hour:02}:{minute:02} (Moscow)",
)
