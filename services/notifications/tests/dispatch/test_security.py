"""What an owner, a school's record, a class teacher and an applicant are told (N-4, I-5, I-20 … I-22, I-27)."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.dispatch.send_messages import Sender
from shared.contracts.identity import (
    AccountDisabled,
    ApplicationDeadlineNoticed,
    ApplicationGranted,
    ApplicationMoved,
    ApplicationRefused,
    ApplicationRegistered,
    ReviewRequested,
)
from shared.ops.ids import new_id

MAIL, PHONE = "mother@zvonok.example", "+79000000001"
OLD_MAIL, OLD_PHONE = "old@zvonok.example", "+79000000009"


@pytest.fixture
def known(family: Any) -> list[Any]:
    return [family.account(family.mother), family.contact(family.mother, MAIL), family.phone(family.mother, PHONE)]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("new_device", "Вход с нового устройства"),
        ("password_changed", "Пароль изменён"),
        ("refresh_reused", "Вход завершён из предосторожности"),
        ("contact_changed", "Изменён контакт"),
    ],
)
async def test_security_is_heard_everywhere_at_once(
    family: Any,
    tell: Any,
    known: Any,
    sender: Sender,
    texter: Sender,
    sink: Any,
    gateway: Any,
    reader: Any,
    kind: str,
    title: str,
) -> None:
    """N-4: inbox, mail and SMS now, also when the item was read before; locked."""
    await tell(*known, family.security(family.mother, kind))
    me = reader(family.mother)
    (item,) = await me.items()
    assert (item["title"], item["category"]) == (title, "security")
    await me.post(f"/inbox/{item['id']}/read")
    assert await sender.send_due() == 1
    assert await texter.send_due() == 1
    assert sink.recipients == [MAIL]
    assert str(sink.kept[0]["Subject"]) == title
    assert sink.kept[0].get_content().startswith("Здравствуйте, Ольга!")
    (sms,) = gateway.kept
    assert sms.to == PHONE
    assert "Ольга" not in sms.text


@pytest.mark.parametrize(("contact", "old"), [("email", OLD_MAIL), ("phone", OLD_PHONE)])
async def test_the_old_contact_hears_that_it_is_none_any_more(
    family: Any,
    tell: Any,
    known: Any,
    sender: Sender,
    texter: Sender,
    sink: Any,
    gateway: Any,
    contact: str,
    old: str,
) -> None:
    """I-5: beside the new one, whose owner it may not be; without a name."""
    await tell(*known, family.security(family.mother, "contact_changed", old, contact=contact))
    await sender.send_due()
    await texter.send_due()
    assert sorted(sink.recipients) == sorted([MAIL, *([old] if contact == "email" else [])])
    assert sorted(sms.to for sms in gateway.kept) == sorted([PHONE, *([old] if contact == "phone" else [])])
    if contact == "email":
        (mail,) = (mail for mail in sink.kept if mail["To"] == old)
        assert str(mail["Subject"]) == "Этот адрес электронной почты заменён другим"
        assert "Ольга" not in mail.get_content()
        assert len({mail["Message-ID"] for mail in sink.kept}) == 2


async def test_whoever_closes_the_account_cannot_silence_the_old_contact(
    family: Any, tell: Any, known: Any, sender: Sender, texter: Sender, sink: Any, gateway: Any, reader: Any
) -> None:
    """I-5: an account that was taken over; nor by reading the item first."""
    await tell(*known, family.security(family.mother, "contact_changed", OLD_MAIL, contact="email"))
    (item,) = await reader(family.mother).items()
    await reader(family.mother).post(f"/inbox/{item['id']}/read")
    await tell(AccountDisabled(account_id=family.mother))
    await sender.send_due()
    await texter.send_due()
    assert sink.recipients == [OLD_MAIL]
    assert gateway.kept == []


async def test_all_contacts_of_the_record_are_told_with_a_way_to_undo_it(
    family: Any, tell: Any, known: Any, sender: Sender, texter: Sender, sink: Any, gateway: Any, reader: Any
) -> None:
    """I-21: «Это не я», to the school's contacts; the account itself reads it in the notification centre."""
    person = new_id()
    await tell(
        *known, family.recognised(family.mother, person, phone="8 (900) 000-00-07", email="record@zvonok.example")
    )
    await sender.send_due()
    await texter.send_due()
    link = "https://portal.zvonok.example/not-me#undo-secret"
    assert sink.recipients == ["record@zvonok.example"]
    assert f"Это не я:\r\n{link}\r\n" in sink.kept[0].get_content()
    (sms,) = gateway.kept
    assert sms.to == "+79000000007"
    assert sms.text.endswith(link)
    (item,) = await reader(family.mother).items()
    assert item["title"] == "Доступ к электронному дневнику открыт"
    assert "undo-secret" not in str(item)


async def test_a_record_without_a_phone_gets_a_mail(
    family: Any, tell: Any, sender: Sender, texter: Sender, sink: Any, gateway: Any, rows: Any
) -> None:
    await tell(family.recognised(family.mother, new_id(), email="record@zvonok.example"))
    await sender.send_due()
    await texter.send_due()
    assert sink.recipients == ["record@zvonok.example"]
    assert gateway.kept == []
    assert sorted(await rows()) == [("delivered", None, 1), ("dropped", "no_address", 1)]


async def test_class_teachers_are_asked(
    family: Any, tell: Any, known: Any, sender: Sender, texter: Sender, sink: Any, reader: Any
) -> None:
    """I-22: inbox and mail of the teachers' accounts, nobody else's."""
    review = new_id()
    asked = ReviewRequested(
        school_id=family.school_id,
        person_id=new_id(),
        review_id=review,
        outcome="pass_data_to_teacher",
        teacher_account_ids=(family.mother, family.father),
        requested_at=family.posted().posted_at,
    )
    await tell(*known, asked)
    for teacher in (family.mother, family.father):
        (item,) = await reader(teacher).items()
        assert item["link"] == {"kind": "review", "id": str(review), "week": None}
        assert item["text"].startswith("Вам передали данные")
    assert await reader(family.stranger).items() == []
    await sender.send_due()
    assert sink.recipients == [MAIL]
    assert await texter.send_due() == 0


async def test_an_applicant_hears_of_each_step(
    family: Any, tell: Any, known: Any, sender: Sender, sink: Any, reader: Any, clock: Any
) -> None:
    """I-27: registered, in review, decided; each stays in the notification centre and goes by mail."""
    at = clock()
    common: dict[str, Any] = {
        "account_id": family.mother,
        "application_id": new_id(),
        "school_id": family.school_id,
        "number": "26-000123-4",
    }
    steps = (
        ApplicationRegistered(**common, decide_by=at + timedelta(days=3), registered_at=at),
        ApplicationMoved(**common, state="in_review", moved_at=at),
        ApplicationRefused(**common, ground="documents_unfit", decided_at=at),
        ApplicationGranted(**common, decided_at=at),
    )
    titles = [
        "Заявление 26-000123-4 удовлетворено",
        "Заявление 26-000123-4: отказ",
        "Заявление 26-000123-4: рассматривается",
        "Заявление 26-000123-4 зарегистрировано",
    ]
    await tell(*known)
    for step in steps:
        await tell(step)
    assert await reader(family.mother).titles(category="applications") == titles
    await sender.send_due()
    assert sorted(str(mail["Subject"]) for mail in sink.kept) == sorted(titles)
    assert any("26 ноября 2026" in mail.get_content() for mail in sink.kept)


@pytest.mark.parametrize(
    ("step", "title"),
    [("reminder", "Заявление 26-000123-4 ждёт решения"), ("escalation", "Срок заявления 26-000123-4 истёк")],
)
async def test_staff_hear_of_a_term_and_the_applicant_does_not(
    family: Any, tell: Any, known: Any, sender: Sender, sink: Any, reader: Any, clock: Any, step: str, title: str
) -> None:
    """I-25."""
    noticed = ApplicationDeadlineNoticed(
        account_id=family.stranger,
        application_id=new_id(),
        school_id=family.school_id,
        number="26-000123-4",
        step=step,  # type: ignore[arg-type] # parametrized
        staff_account_ids=(family.mother,),
        decide_by=clock(),
        noticed_at=clock(),
    )
    await tell(*known, noticed)
    assert await reader(family.mother).titles(category="applications") == [title]
    assert await reader(family.stranger).items() == []
    await sender.send_due()
    assert [str(mail["Subject"]) for mail in sink.kept] == [title]


async def test_steps_are_told_in_the_language_of_the_account(
    family: Any, tell: Any, texter: Sender, gateway: Any
) -> None:
    await tell(family.account(family.mother, "Olga", "en"), family.phone(family.mother, PHONE))
    await tell(family.security(family.mother, "contact_changed", OLD_PHONE, contact="phone"))
    await texter.send_due()
    assert all(sms.text.startswith("Zvonok: ") for sms in gateway.kept)
    assert len(gateway.kept) == 2
