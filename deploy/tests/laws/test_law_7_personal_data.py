"""Law 7: phones, e-mail addresses, birth dates (P3), СНИЛС and secrets (P4) stand nowhere in clear.

Not in an event, not in a log, not in a table: after the import of a school and the whole story.
"""

import json
import re
import secrets
from datetime import UTC, datetime, timedelta

import aio_pika
import asyncpg
import httpx
import pytest

from shared.bus.relay import Outgoing, message_of
from shared.contracts import Envelope, Event
from shared.contracts.identity import CodeIssued, DiaryAccessAccepted
from shared.crypto import SealingKeys
from shared.ops.ids import new_id
from town.demo_school.civil import snils
from town.demo_school.people import DEMO_PASSWORD, MOTHER, TEACHER
from town.up import SERVICES

from .ledger import all_settled, eventually
from .personal_data import PersonalData, dump, logs

SNILS = snils(90_000_002)
"""The mother's."""
TOKEN = re.compile(rb"eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}")
PRINTS_THE_DEMO = "demo-school.log"
"""The generator of the invented school says whom it invented, as `make up` does."""


@pytest.fixture(scope="module")
def planted(town, told) -> PersonalData:
    found = PersonalData.of_bundle(town.root / "demo" / "school.zip")
    assert min(map(len, (found.digits, found.snils, found.emails, found.birth_dates))) > 300
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_law_7_no_table_and_no_event_has_personal_data_in_clear(town, planted, service) -> None:
    await all_settled(town)
    tables = await dump(town.dsn(service))
    assert {"outbox_event", "inbox", "inbox_quarantine"} <= set(tables)
    assert {table: found for table, content in tables.items() if (found := planted.found_in(content))} == {}


async def test_law_7_the_search_reads_what_the_tables_hold(town, planted) -> None:
    """The control: names (P2) may travel, and the same dump shows them, in tables and inside the bytes of events."""
    surname = MOTHER.surname.encode()
    assert surname in (await dump(town.dsn("identity")))["outbox_event"]
    assert surname in (await dump(town.dsn("delegation")))["inbox"]


@pytest.mark.parametrize(
    ("kind", "written"),
    [("text", "$1"), ("bytea", "convert_to($1, 'UTF8')"), ("jsonb", "jsonb_build_object('v', $1::text)")],
)
async def test_law_7_a_planted_value_would_be_found(town, planted, kind, written) -> None:
    forms = [MOTHER.phone, MOTHER.phone[2:], "8" + MOTHER.phone[2:], MOTHER.login, MOTHER.login.upper()]
    forms += ["somebody-else@zvonok.example", SNILS, SNILS.replace("-", "").replace(" ", "")]
    forms += [MOTHER.birth_date.isoformat(), DEMO_PASSWORD]
    connection = await asyncpg.connect(town.dsn("support"))
    try:
        await connection.execute(f"CREATE TABLE law_7_control (planted {kind})")
        for form in forms:
            await connection.execute("TRUNCATE law_7_control")
            await connection.execute(f"INSERT INTO law_7_control VALUES ({written})", form)  # noqa: S608 -- ours
            content = (await dump(town.dsn("support"), "law_7_control"))["law_7_control"]
            assert planted.found_in(content), form
    finally:
        await connection.execute("DROP TABLE IF EXISTS law_7_control")
        await connection.close()


async def test_law_7_a_planted_date_would_be_found(town, planted) -> None:
    connection = await asyncpg.connect(town.dsn("support"))
    try:
        await connection.execute("CREATE TABLE law_7_control (planted date)")
        await connection.execute("INSERT INTO law_7_control VALUES ($1)", MOTHER.birth_date)
        assert planted.found_in((await dump(town.dsn("support"), "law_7_control"))["law_7_control"]) == {
            MOTHER.birth_date.isoformat()
        }
    finally:
        await connection.execute("DROP TABLE IF EXISTS law_7_control")
        await connection.close()


def test_law_7_no_log_has_personal_data_or_a_token(town, planted, person) -> None:
    teacher = person(TEACHER)
    # What a careless log would repeat: wrong passwords, refused fields, unknown addresses.
    teacher.ask("POST", "identity", "/sessions", json={"login": MOTHER.login, "password": "not " + DEMO_PASSWORD})
    teacher.ask("POST", "delegation", "/invitations", json={"phone": MOTHER.phone, "snils": SNILS})
    teacher.ask("GET", "journal", f"/nothing/{MOTHER.phone}", params={"email": MOTHER.login})
    files = logs([town.root / "log", town.root / "stack"])
    written = {path.name: path.read_bytes() for path in files if path.name != PRINTS_THE_DEMO}
    assert {f"{service}-{process}.log" for service in SERVICES for process in ("api", "worker")} <= set(written)
    assert {name: found for name, content in written.items() if (found := planted.found_in(content))} == {}
    assert [name for name, content in written.items() if TOKEN.search(content)] == []
    assert any(b"/api/identity/v1/sessions" in content for content in written.values()), (
        "the control: requests are logged"
    )


async def say_as_identity(town, *events: Event) -> None:
    """As identity's relay would; each is the first of its stream."""
    connection = await aio_pika.connect(town.rabbitmq_url("identity"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("identity.events", ensure=False)
        for event in events:
            event_id = new_id()
            body = Envelope.to_bytes(
                event,
                event.payload(),
                event_id=event_id,
                time=datetime.now(UTC),
                sequence=1,
                correlation_id=event_id,
                causation_id=None,
                traceparent=None,
            )
            message = message_of(Outgoing(event_id, event.type, event.routing_key, body), event.producer)
            await exchange.publish(message, routing_key=event.routing_key)


def code(keys: SealingKeys, channel: str, address: str, **secret: str) -> CodeIssued:
    code_id = new_id()
    told = {"address": address, "code": None, "link": None} | secret
    return CodeIssued(
        account_id=new_id(),
        code_id=code_id,
        channel=channel,
        purpose="registration",
        locale="ru",
        sealed=keys.seal_for_all(json.dumps(told), f"code:{code_id}"),
        expires_at=datetime.now(UTC) + timedelta(minutes=5),
    )


async def test_law_7_codes_and_secrets_reach_people_and_nothing_else(town, planted) -> None:
    """N-13, I-21: the sinks have them; no table, no event and no log does, neither waiting nor sent."""
    keys = SealingKeys(town.keys.sealing_recipients())
    by_sms, by_mail, undo = (secrets.token_hex(8) for _ in range(3))
    person = new_id()
    record = json.dumps({"phone": MOTHER.phone, "email": MOTHER.login, "undo": undo})
    accepted = DiaryAccessAccepted(
        school_id=new_id(),
        person_id=person,
        account_id=new_id(),
        level=1,
        sealed=keys.seal_for_all(record, f"record:{person}"),
        accepted_at=datetime.now(UTC),
    )
    sms, mail = code(keys, "sms", MOTHER.phone, code=by_sms), code(keys, "email", MOTHER.login, link=by_mail)
    await say_as_identity(town, sms, mail, accepted)

    async def missing() -> list[str]:
        async with httpx.AsyncClient(trust_env=False) as client:
            sms = (await client.get(f"{town.sms_url}/messages", params={"to": MOTHER.phone})).text
            mail = (await client.get(f"{town.mail_url}/messages", params={"to": MOTHER.login})).text
        not_sent = [what for what in (by_sms, f"#{undo}") if what not in sms]
        return not_sent + [what for what in (f"#{by_mail}", f"#{undo}") if what not in mail]

    await eventually(missing, 30)
    secret = planted.and_secrets(by_sms, by_mail, undo)
    for service in SERVICES:
        tables = await dump(town.dsn(service))
        assert {table: found for table, content in tables.items() if (found := secret.found_in(content))} == {}
    connection = await asyncpg.connect(town.dsn("notifications"))
    try:
        ours = [sms.account_id, mail.account_id, person]
        query = "SELECT status, sealed IS NULL AS wiped FROM message WHERE recipient_id = ANY($1)"

        async def unrecorded() -> list[str]:
            return [row["status"] for row in await connection.fetch(query, ours) if row["status"] != "delivered"]

        await eventually(unrecorded, 30)
        assert [row["wiped"] for row in await connection.fetch(query, ours)] == [True] * 4
    finally:
        await connection.close()
    for path in logs([town.root / "log", town.root / "stack"]):
        if path.name != PRINTS_THE_DEMO:
            assert secret.found_in(path.read_bytes()) == set(), path.name
