"""I-19, I-21: the decision in the service, on keyed hashes, in the transaction of the change."""

MOTHER = "Соколова Анна Викторовна"
MOTHER_PHONE = "+79000000002"
MOTHER_EMAIL = "sokolova@zvonok.example"


async def test_i_19_both_contacts_proved_opens_the_diaries(matching, emitted):
    """I-19, row 8."""
    mother = await matching.register(MOTHER, phone=MOTHER_PHONE, email=MOTHER_EMAIL)
    items = (await matching.access(mother))["items"]
    assert [(i["given_name"], i["relation"], i["level"]) for i in items] == [
        ("Михаил", "representative", 2),
        ("Ольга", "representative", 2),
    ]
    assert await matching.outcomes(mother) == [("accept", "both_contacts_proved", 2)]
    granted = [e for e in await emitted(matching.identity.database) if type(e).__name__ == "BindingGranted"]
    assert {e.account_id for e in granted} == {mother.account_id}
