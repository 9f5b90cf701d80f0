"""I-21 under load: teachers, an import and families change both sides at once, and nobody waits in a ring."""

import asyncio

from sqlalchemy import text

MOTHER = "Соколова Анна Викторовна"
FATHER = "Соколов Дмитрий Андреевич"
PHONES = ("+79000000002", "+79000000003", "+79001112233")
MAILS = ("sokolova@zvonok.example", "papa@zvonok.example")


async def test_i_21_all_at_once(identity, matching, bundle, known):
    teacher = await identity.bearer(known.teacher_email, known.password)
    people = [
        await matching.register(name, proved="phone" if number % 2 else "email", phone=PHONES[number % 3],
                                email=MAILS[number % 2])
        for number, name in enumerate((MOTHER, FATHER))
    ]  # fmt: skip
    path = f"/api/identity/v1/schools/{await matching.school_id()}/reviews"

    async def family(who):
        for _ in range(6):
            answer = await identity.http.post("/api/identity/v1/me/access/check", headers=who.headers)
            assert answer.status_code == 200, answer.text

    async def contacts(source_id, turn):
        for number in range(4):
            await matching.change_record(source_id, phone=PHONES[(number + turn) % 3], email=MAILS[number % 2])

    async def queue():
        for _ in range(4):
            for review in (await identity.http.get(path, headers=teacher)).json()["items"]:
                answer = await identity.http.post(
                    f"/api/identity/v1/reviews/{review['review_id']}/accept",
                    headers=teacher,
                    json={"version": review["version"], "replace": True},
                )
                assert answer.status_code in {200, 409}, answer.text

    async with asyncio.timeout(60):
        await asyncio.gather(
            *(family(who) for who in people), contacts("usr-mother", 0), contacts("usr-father", 1), queue(),
            identity.load(bundle),
        )  # fmt: skip
    async with identity.database.read() as session:
        doubled = text(
            "SELECT count(*) FROM (SELECT account_id, pupil_id FROM bindings WHERE state = 'active'"
            " GROUP BY 1, 2 HAVING count(*) > 1) doubled"
        )
        assert await session.scalar(doubled) == 0
