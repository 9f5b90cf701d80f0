"""What is read about one's own account: one-time codes, sign-ins, changed contacts, opened diaries.

An SMS is read on a locked screen by whoever holds the telephone, so it says no name and no school.
"""

from typing import Final

from notifications.templates import variables as v
from notifications.templates.template import Template
from shared.http.texts import Text

_AT = "2026-11-23T09:00:00Z"

SECURITY: Final = (
    Template(
        "one_time_code",
        1,
        {"purpose": v.code_purpose, "proof": v.proof},
        {"purpose": "sign_in", "proof": {"code": "123456", "link": None}},
        # A subject is shown by every mail program: the code stands in the text alone.
        title=Text(ru="Звонок: {purpose}", en="Zvonok: {purpose}"),
        text=Text(
            ru="{proof}\n\nНикому это не сообщайте: ни школа, ни поддержка об этом не спросят. "
            "Если вы ничего не запрашивали, удалите письмо.",
            en="{proof}\n\nTell nobody: neither school nor support will ever ask for it. "
            "If you did not ask for it, delete this mail.",
        ),
        sms=Text(
            ru="{proof} Никому его не сообщайте. Звонок: {purpose}",
            en="{proof} Never share it. Zvonok: {purpose}",
        ),
        secret=("proof",),
    ),
    Template(
        "contact_already_registered",
        1,
        {"contact": v.contact},
        {"contact": "email"},
        title=Text(ru="Ваш {contact} уже зарегистрирован", en="Your {contact} is registered already"),
        text=Text(
            ru="При регистрации в «Звонке» указали ваш {contact}. Учётная запись с ним уже есть, новая не создана. "
            "Если это были вы, войдите; забытый пароль можно заменить на странице входа. "
            "Если не вы, делать ничего не нужно.",
            en="Somebody gave your {contact} to register with Zvonok. It has an account already, no new one was made. "
            "If it was you, sign in; a forgotten password can be replaced there. If it was not you, do nothing.",
        ),
        sms=Text(
            ru="Звонок: ваш {contact} указали при регистрации, но он уже зарегистрирован. Это вы? Просто войдите.",
            en="Zvonok: your {contact} was given to register, but it has an account. Was it you? Just sign in.",
        ),
    ),
    Template(
        "security_new_device",
        1,
        {"at": v.moment},
        {"at": _AT},
        title=Text(ru="Вход с нового устройства", en="Sign-in from a new device"),
        text=Text(
            ru="В вашу учётную запись вошли с нового устройства: {at}. "
            "Если это были не вы, сразу смените пароль: остальные входы тогда завершатся.",
            en="Your account was signed in to from a new device: {at}. "
            "If it was not you, change the password now: that ends all other sign-ins.",
        ),
        sms=Text(
            ru="Звонок: вход с нового устройства, {at}. Это не вы? Смените пароль.",
            en="Zvonok: sign-in from a new device, {at}. Not you? Change the password.",
        ),
    ),
    Template(
        "security_contact_changed",
        1,
        {"contact": v.contact, "at": v.moment},
        {"contact": "phone", "at": _AT},
        title=Text(ru="Изменён {contact}", en="Changed: {contact}"),
        text=Text(
            ru="В вашей учётной записи изменён {contact}: {at}. "
            "Если это сделали не вы, смените пароль и напишите в поддержку.",
            en="In your account was changed: {contact}, {at}. "
            "If it was not you, change the password and write to support.",
        ),
        sms=Text(
            ru="Звонок: изменён {contact}, {at}. Это не вы? Смените пароль.",
            en="Zvonok: changed {contact}, {at}. Not you? Change the password.",
        ),
    ),
    Template(
        "security_contact_removed",
        1,
        {"contact": v.contact, "at": v.moment},
        {"contact": "phone", "at": _AT},
        title=Text(ru="Этот {contact} заменён другим", en="This {contact} was replaced"),
        text=Text(
            ru="В вашей учётной записи «Звонка» этот {contact} заменён другим: {at}. "
            "Если это сделали не вы, восстановите доступ на странице входа или напишите в поддержку.",
            en="In your Zvonok account this {contact} was replaced by another: {at}. "
            "If it was not you, recover the account on the sign-in page or write to support.",
        ),
        sms=Text(
            ru="Звонок: этот {contact} в вашей учётной записи заменён, {at}. Это не вы? Напишите в поддержку.",
            en="Zvonok: this {contact} was replaced in your account, {at}. Not you? Write to support.",
        ),
    ),
    Template(
        "security_password_changed",
        1,
        {"at": v.moment},
        {"at": _AT},
        title=Text(ru="Пароль изменён", en="Password changed"),
        text=Text(
            ru="Пароль вашей учётной записи изменён: {at}. "
            "Если это сделали не вы, восстановите доступ на странице входа.",
            en="The password of your account was changed: {at}. "
            "If it was not you, recover the account on the sign-in page.",
        ),
        sms=Text(
            ru="Звонок: пароль изменён, {at}. Это не вы? Восстановите доступ.",
            en="Zvonok: password changed, {at}. Not you? Recover the account.",
        ),
    ),
    Template(
        "security_refresh_reused",
        1,
        {"at": v.moment},
        {"at": _AT},
        title=Text(ru="Вход завершён из предосторожности", en="Signed out as a precaution"),
        text=Text(
            ru="Один из ваших входов попытались использовать повторно: {at}. Так бывает, когда его скопировали. "
            "Мы завершили этот вход. Войдите заново и смените пароль.",
            en="One of your sign-ins was used a second time: {at}. That happens when it was copied. "
            "We have ended it. Sign in again and change the password.",
        ),
        sms=Text(
            ru="Звонок: вход завершён из предосторожности, {at}. Войдите заново и смените пароль.",
            en="Zvonok: signed out as a precaution, {at}. Sign in again and change the password.",
        ),
    ),
    Template(
        "diary_access_accepted",
        1,
        {"level": v.access_level},
        {"level": 2},
        title=Text(ru="Доступ к электронному дневнику открыт", en="Your access to the diary is open"),
        text=Text(
            ru="Ваши данные совпали с теми, что записаны в школе. Вам доступно: {level}.",
            en="Your data agree with what the school has recorded. You may: {level}.",
        ),
    ),
    Template(
        "record_access_accepted",
        1,
        {"undo": v.words},
        {"undo": "https://portal.zvonok.example/not-me#abc"},
        title=Text(ru="По вашим данным открыт дневник", en="A diary was opened with your data"),
        text=Text(
            ru="По вашему телефону или адресу, записанному в школе, открыт доступ к электронному дневнику. "
            "Если это вы, делать ничего не нужно. Это не я:\n{undo}",
            en="With your phone or address as the school has it, access to a school diary was opened. "
            "If it was you, there is nothing to do. It was not me:\n{undo}",
        ),
        sms=Text(
            ru="Звонок: по вашему номеру открыт доступ к дневнику. Это не я: {undo}",
            en="Zvonok: a diary was opened with your number. It was not me: {undo}",
        ),
        secret=("undo",),
    ),
)
