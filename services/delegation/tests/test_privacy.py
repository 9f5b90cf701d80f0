"""D-2, law 7: no phone and no СНИЛС in clear: not in a table, not in an event, not in a log."""

import asyncpg

PHONE_DIGITS = ("9001110003", "9001110001")
SNILS_DIGITS = "11223344595"


async def test_no_contact_in_clear_anywhere(delegation, family, capsys):
    await delegation.granny_turns_up(snils=SNILS_DIGITS)
    await delegation.granted()
    answer = await delegation.post(
        family.mother,
        "/invitations",
        json={"children": [str(family.pyotr)], "snils": "112-233-445 95", "surname": "Белова"},
        headers={"Idempotency-Key": "kept"},
    )
    assert answer.status_code == 201
    refused = await delegation.invite(phone="+7 900 111-00-0")
    assert refused.status_code == 422

    url = delegation.container.settings.database_url.replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert {row["tablename"] for row in tables} >= {"invitations", "grants", "outbox_event", "inbox"}
        dump = []
        for row in tables:
            for record in await connection.fetch(f'SELECT * FROM "{row["tablename"]}"'):  # noqa: S608 -- names of our own tables
                dump += [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in record.values()
                ]
    finally:
        await connection.close()
    logged = capsys.readouterr()
    said = "\n".join([*dump, logged.out, logged.err])
    assert "invitation_sent" in said
    spaced = said.replace("-", "").replace(" ", "")
    for digits in (*PHONE_DIGITS, SNILS_DIGITS):
        assert digits not in said
        assert digits not in spaced
