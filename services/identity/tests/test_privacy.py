"""Law 7: P3 and P4 never travel or lie in clear."""

import hmac
import json
from hashlib import sha256

from sqlalchemy import text

from shared.crypto import unseal

SECRETS = ("9000000002", "11223344595", "112-233-445 95", "1986-07-02", "sokolova@zvonok.example", "Zvonok-demo-2026")


async def dump(database):
    """Every value of every table as text; bytes both as they are and decoded."""
    async with database.read() as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
        lines = []
        for table in tables.all():
            rows = await session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 -- names from the catalogue
            lines += [
                value.decode("latin-1") if isinstance(value, bytes) else str(value) for row in rows for value in row
            ]
    return "\n".join(lines)


async def test_law_7_no_contact_in_clear_in_any_table(identity, bundle, known):
    await identity.load(bundle)
    await identity.sign_in("8 900 000-00-02", known.password)
    await identity.sign_in("8 900 000-00-02", "wrong password")
    everything = await dump(identity.database)
    assert "Соколова" in everything, "the dump sees the tables"
    for secret in SECRETS:
        assert secret not in everything
        assert sha256(secret.encode()).hexdigest() not in everything, "not even as a plain hash"
    encoded = "Викторовна".encode().decode("latin-1")
    assert encoded in everything, "the dump sees inside of outbox bodies"


async def test_i_16_the_address_is_sealed_for_each_consumer(identity, bundle, emitted, sealing_key):
    await identity.load(bundle)
    verified = [e for e in await emitted(identity.database) if type(e).__name__ == "ContactVerified"]
    opened = set()
    for event in verified:
        assert set(event.sealed) == {"notifications"}
        opened.add(unseal(sealing_key, event.sealed["notifications"], f"contact:{event.account_id}"))
    assert {"+79000000002", "sokolova@zvonok.example", "belova@zvonok.example"} <= opened
    assert "+79001565139" not in opened, "only proved ones of accounts"


async def test_account_reachable_has_keyed_hashes(identity, bundle, emitted):
    await identity.load(bundle)
    hashes = {
        hashed
        for event in await emitted(identity.database)
        if type(event).__name__ == "AccountReachable"
        for hashed in event.phone_hashes
    }
    message = len(b"phone").to_bytes(2) + b"phone" + b"+79000000002"
    assert hmac.digest(b"l" * 32, message, sha256).hex() in hashes
    assert len(hashes) == 3


async def test_people_are_readable_only_with_the_master_key(identity, bundle):
    await identity.load(bundle)
    async with identity.database.read() as session:
        row = (await session.execute(text("SELECT * FROM people WHERE source_id = 'usr-mother'"))).one()
    from shared.crypto import FieldPlace

    key = identity.container.keys.vault.open_person_key(row.data_key)
    assert key.decrypt(FieldPlace("people", "snils", row.person_id), row.snils) == "11223344595"
    assert json.dumps(row.birth_date.hex())
