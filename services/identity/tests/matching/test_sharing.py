"""I-18: what stands on more than one record of a school; I-19 row 11: twins."""

from datetime import date

from identity.matching.evidence import OwnFacts, RecordFacts
from identity.matching.sharing import RecordIndex, with_sharing
from identity.personal_data.person_name import PersonName

BORN = date(2012, 5, 1)


def record(record_id, given_name="Данил", patronymic="Юрьевич", *, school="1", surname="Ёлкин", role="pupil", **values):
    return RecordFacts(record_id, school, role, PersonName(surname, given_name, patronymic), **values)


def marked(*records):
    return {
        (each.record_id, name)
        for each in with_sharing(records)
        for name in ("phone_shared", "email_shared", "birth_date_shared")
        if getattr(each, name)
    }


def test_a_contact_is_shared_whatever_the_roles_and_names():
    """I-18."""
    mother = record("mother", "Анна", "Ильинична", role="representative", surname="Соколова", phone="1", email="a")
    assert marked(mother, record("son", phone="1", email="b")) == {("mother", "phone_shared"), ("son", "phone_shared")}
    assert marked(mother, record("son", phone="2", email="b")) == set()
    assert marked(record("one"), record("two")) == set(), "what is absent is not shared"


def test_sharing_ends_at_the_school():
    """I-19: judged within one school."""
    assert marked(record("here", phone="1"), record("there", phone="1", school="2")) == set()


def test_twins_share_their_birth_date():
    """I-19 row 11: the same surname and no different patronymics."""
    one = record("one", birth_date=BORN)
    both = {("one", "birth_date_shared"), ("two", "birth_date_shared")}
    assert marked(one, record("two", "Дамир", surname="ЕЛКИН", birth_date=BORN)) == both
    assert marked(one, record("two", "Дамир", None, birth_date=BORN)) == both
    assert marked(one, record("two", "Дамир", "Ильич", birth_date=BORN)) == set()
    assert marked(one, record("two", "Дамир", surname="Волков", birth_date=BORN)) == set()
    assert marked(one, record("two", "Дамир", birth_date=date(2012, 5, 2))) == set()
    assert marked(one, record("two", "Дамир", birth_date=BORN, school="2")) == set()


def test_an_account_reaches_by_proved_values_alone_and_each_record_once():
    """I-19."""
    records = [record("both", phone="1", email="a"), record("phone", phone="1"), record("snils", snils="s")]
    index = RecordIndex(records)
    own = OwnFacts("account", PersonName("Ёлкин", "Данил"), phone="1", email="a", snils="s", phone_proved=True)

    def reached(own):
        return sorted(each.record_id for each in index.reached_by(own))

    assert reached(own) == ["both", "phone"]
    assert reached(OwnFacts("account", own.name, phone="1", email="a", phone_proved=True, email_proved=True)) == [
        "both",
        "phone",
    ]
    assert reached(OwnFacts("account", own.name, snils="s", snils_asserted=True)) == ["snils"]
    assert reached(OwnFacts("account", own.name, phone="1", email="a", snils="s")) == []
    assert reached(OwnFacts("account", own.name, phone_proved=True, email_proved=True, snils_asserted=True)) == []
