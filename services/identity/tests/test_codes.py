"""I-2: one-time codes and links, with limits that hold across replicas and under parallel requests."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from identity.codes.ask_code import ask_code_to, ask_recovery_code
from identity.codes.redeem_code import redeem_code, redeem_link
from identity.codes.rules import wait_before_next
from identity.codes.tables import one_time_codes
from identity.errors import TooManyCodes
from identity.personal_data.contacts import Identifier, identifiers_meant
from identity.worker import clear_away

PHONE = Identifier("phone", "+79161234567")
MAILBOX = Identifier("email", "Someone@zvonok.example")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def ask(identity):
    async def ask(contact=PHONE, subject_id=None, account_id=None):
        subject_id = subject_id or uuid4()
        async with identity.database.uow.begin() as tx:
            await ask_code_to(
                tx, identity.container.keys, contact, purpose="contact_change", subject_id=subject_id,
                account_id=account_id or uuid4(), locale="ru",
            )  # fmt: skip
        return subject_id

    return ask


@pytest.fixture
def redeem(identity):
    async def redeem(subject_id, code, purpose="contact_change"):
        async with identity.database.uow.begin() as tx:
            return await redeem_code(tx, identity.container.keys, subject_id, purpose, code)

    return redeem


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_i_2_six_digits_once(post, ask, redeem):
    account_id = uuid4()
    subject_id = await ask(account_id=account_id)
    letter = await post.latest()
    assert re.fullmatch("[0-9]{6}", letter.code)
    assert (letter.address, letter.link, letter.event.channel) == (PHONE.value, None, "sms")
    assert letter.event.account_id == account_id
    redeemed = await redeem(subject_id, letter.code)
    assert redeemed.account_id == account_id
    assert await redeem(subject_id, letter.code) is None


async def test_i_2_bound_to_subject_and_purpose(post, ask, redeem):
    subject_id = await ask()
    code = (await post.latest()).code
    assert await redeem(uuid4(), code) is None
    assert await redeem(subject_id, code, "registration") is None
    assert await redeem(subject_id, code)


async def test_i_2_five_minutes(post, ask, redeem, moment):
    subject_id = await ask()
    code = (await post.latest()).code
    moment.passes(minutes=5)
    assert await redeem(subject_id, code) is None
    moment.passes(seconds=-1)
    assert await redeem(subject_id, code)


async def test_i_2_five_tries(post, ask, redeem):
    subject_id = await ask()
    code = (await post.latest()).code
    for _ in range(5):
        assert await redeem(subject_id, wrong(code)) is None
    assert await redeem(subject_id, code) is None, "the sixth is not looked at, even if it is right"


async def test_i_2_the_fifth_try_still_counts(post, ask, redeem):
    subject_id = await ask()
    code = (await post.latest()).code
    for _ in range(4):
        assert await redeem(subject_id, wrong(code)) is None
    assert await redeem(subject_id, code)


async def test_i_2_parallel_tries_are_five_at_most(identity, post, ask, redeem):
    """Forty replicas try at once; five are counted and compared, and then not even the right code is."""
    subject_id = await ask()
    code = (await post.latest()).code
    guesses = [f"{(int(code) + 1 + n) % 10**6:06d}" for n in range(39)]
    answers = await asyncio.gather(*(redeem(subject_id, guess) for guess in guesses))
    assert not any(answers)
    async with identity.database.read() as session:
        assert await session.scalar(select(one_time_codes.c.tries)) == 5
    assert await redeem(subject_id, code) is None


async def test_i_2_of_parallel_right_tries_one_wins(post, ask, redeem):
    subject_id = await ask()
    code = (await post.latest()).code
    answers = await asyncio.gather(*(redeem(subject_id, code) for _ in range(10)))
    assert len([answer for answer in answers if answer]) == 1


async def test_i_2_a_try_that_is_taken_back_has_a_cost(identity, post, ask, redeem):
    """The negative control of the promise in `redeem_code`: refusing inside of the transaction counts nothing."""
    subject_id = await ask()
    code = (await post.latest()).code
    for _ in range(9):
        with pytest.raises(ZeroDivisionError):
            async with identity.database.uow.begin() as tx:
                assert await redeem_code(tx, identity.container.keys, subject_id, "contact_change", wrong(code)) is None
                raise ZeroDivisionError
    assert await redeem(subject_id, code)


async def test_i_2_sixty_seconds_and_five_a_day(post, ask, moment):
    for _ in range(5):
        await ask()
        with pytest.raises(TooManyCodes) as refused:
            await ask()
        assert refused.value.fields["retry_after"] in {60, 86400 - 240}
        await post.issue()
        moment.passes(seconds=60)
    with pytest.raises(TooManyCodes):
        await ask()
    await ask(Identifier("phone", "+79161234568"))
    assert len(await post.read()) == 6
    moment.passes(hours=24)
    await ask()


async def test_i_2_parallel_asking_is_one_code(identity, ask):
    answers = await asyncio.gather(*(ask() for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyCodes) for answer in answers) == 19
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(one_time_codes)) == 1


def test_i_2_waits():
    assert wait_before_next([], NOON) == timedelta(0)
    assert wait_before_next([NOON - timedelta(seconds=59)], NOON) == timedelta(seconds=1)
    assert wait_before_next([NOON - timedelta(seconds=60)], NOON) == timedelta(0)
    five = [NOON - timedelta(hours=n) for n in range(1, 6)]
    assert wait_before_next(five, NOON) == timedelta(hours=19)
    assert wait_before_next(five[:4], NOON) == timedelta(0)


async def test_i_2_the_newest_code_counts(post, ask, redeem, moment):
    subject_id = await ask()
    old = (await post.latest()).code
    moment.passes(seconds=61)
    await ask(subject_id=subject_id)
    new = (await post.latest()).code
    if old != new:
        assert await redeem(subject_id, old) is None
    assert await redeem(subject_id, new)


async def test_i_2_codes_and_links_are_kept_as_keyed_hashes(identity, post, ask):
    await ask()
    await ask(MAILBOX)
    sms, mail = await post.read()
    assert len(mail.link) > 40
    assert mail.code is None
    async with identity.database.read() as session:
        rows = (await session.execute(select(one_time_codes))).all()
    for row in rows:
        assert (row.address, row.data_key, len(row.secret_hash)) == (None, None, 32)
        for secret in (sms.code, mail.link, sms.address, mail.address):
            assert secret.encode() not in bytes(row.secret_hash)
            assert secret not in str(row)


async def test_i_2_a_link_is_good_once_and_a_day(identity, post, ask, moment):
    async def redeem_it(token):
        async with identity.database.uow.begin() as tx:
            return await redeem_link(tx, identity.container.keys, token)

    subject_id = await ask(MAILBOX)
    token = (await post.latest()).link
    assert await redeem_it(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    answers = await asyncio.gather(*(redeem_it(token) for _ in range(5)))
    (won,) = [answer for answer in answers if answer]
    assert won.subject_id == subject_id
    moment.passes(seconds=61)
    await ask(MAILBOX)
    token = (await post.latest()).link
    moment.passes(hours=25)
    assert await redeem_it(token) is None


async def test_i_3_anothers_proved_contact_gets_a_word_and_no_code(identity, bundle, known, post, ask, redeem):
    await identity.load(bundle)
    mother = await identity.account_id("mother")
    subject_id = await ask(Identifier("phone", known.mother_phone))
    letter = await post.latest()
    assert (letter.event.purpose, letter.code, letter.link) == ("already_registered", None, None)
    assert (letter.event.account_id, letter.address) == (mother, known.mother_phone)
    assert await redeem(subject_id, "000000") is None


async def test_i_2_recovery_goes_to_a_proved_contact(identity, bundle, known, post, moment):
    await identity.load(bundle)

    async def asked(login):
        moment.passes(seconds=61)
        async with identity.database.uow.begin() as tx:
            await ask_recovery_code(
                tx, identity.container.keys, identifiers_meant(login), subject_id=uuid4(), locale="ru"
            )
        return [(letter.event.channel, letter.address) for letter in await post.read_new()]

    assert await asked(known.mother_phone) == [("sms", known.mother_phone)]
    assert await asked("Sokolova@zvonok.example") == [("email", "sokolova@zvonok.example")]
    assert await asked(known.mother_snils) == [("sms", known.mother_phone)]
    assert await asked("teacher") == [("email", known.teacher_email)]
    assert await asked("pupil") == [], "has proved nothing: the class teacher gives a new slip"
    assert await asked("nobody-at-all") == []
    assert await asked("+79001565139") == [], "unproved"


async def test_i_2_five_a_day_to_one_number_whatever_was_typed(identity, bundle, known, post, moment):
    await identity.load(bundle)
    for login in (known.mother_phone, known.mother_snils, "mother") * 3:
        moment.passes(seconds=61)
        async with identity.database.uow.begin() as tx:
            await ask_recovery_code(
                tx, identity.container.keys, identifiers_meant(login), subject_id=uuid4(), locale="ru"
            )
        await post.read()
    assert len(await post.read()) == 5


async def test_codes_are_issued_by_a_constant_number_of_queries(identity, bundle, post, ask, queries):
    await identity.load(bundle)

    async def cost(number):
        for n in range(number):
            await ask(Identifier("phone", f"+791612{number:02d}{n:03d}"))
        with queries() as counted:
            await post.issue()
        return len(counted)

    assert await cost(2) == await cost(40)


async def test_lapsed_codes_are_cleared_away(identity, post, ask, moment):
    await ask()
    await ask(MAILBOX)
    await post.issue()
    await clear_away(identity.container)
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(one_time_codes)) == 2
    moment.passes(hours=25)
    await clear_away(identity.container)
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(one_time_codes)) == 0
