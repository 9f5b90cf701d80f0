"""I-19, row by row: an example of each, and its near misses."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from identity.matching.evidence import OwnFacts, RecordFacts, may_be_twins
from identity.matching.rules import decide, decide_by_school
from identity.personal_data.person_name import PersonName

NAME = PersonName("Иванова", "Наталья", "Алексеевна")
IN_PART = PersonName("Иванова", "Наталья")
NEAR = PersonName("Ивонова", "Наталья", "Алексеевна")
MARRIED = PersonName("Соколова", "Наталья", "Алексеевна")
STRANGER = PersonName("Петров", "Иван", "Юрьевич")
BORN = date(1985, 3, 8)

OWN = OwnFacts("account", NAME, phone="7900", email="n@x", snils="111", phone_proved=True, email_proved=True)
ASSERTED = replace(OWN, phone_proved=False, email_proved=False, snils_asserted=True)
RECORD = RecordFacts("record", None, "representative", NAME, phone="7900", email="n@x")


def answer(own=OWN, *records, **options):
    decision = decide(own, records, **options)
    return decision.outcome, decision.row


@pytest.mark.parametrize(
    ("own", "missing"),
    [
        (replace(OWN, phone=None), ("phone",)),
        (replace(OWN, email=None), ("email",)),
        (replace(OWN, phone=None, email=None), ("phone", "email")),
    ],
)
def test_row_0(own, missing):
    """I-19 row 0: exactly the missing fields; it comes before everything else."""
    decision = decide(own, [RECORD])
    assert (decision.outcome, decision.row, decision.missing) == ("missing_own_data", 0, missing)


def test_row_0_snils_only_where_the_school_demands_it():
    """I-19 row 0: СНИЛС too, if the school demands it."""
    own = replace(OWN, snils=None)
    assert answer(own, RECORD) == ("accept", 8)
    assert decide(own, [RECORD], snils_required=True).missing == ("snils",)
    assert decide(replace(own, phone=None), [], snils_required=True).missing == ("snils", "phone")


def test_row_1():
    """I-19 row 1: nothing proved, whatever the school has."""
    own = replace(OWN, phone_proved=False, email_proved=False)
    assert answer(own, RECORD) == ("contact_not_proved", 1)
    assert answer(replace(own, snils=None, snils_asserted=True), RECORD) == ("contact_not_proved", 1)
    assert answer(replace(own, email_proved=True), RECORD) == ("accept", 9)


@pytest.mark.parametrize(
    ("own", "record"),
    [
        (OWN, replace(RECORD, phone="7911", email="other@x")),
        (OWN, replace(RECORD, name=STRANGER)),
        (OWN, replace(RECORD, phone=None, email=None)),
        (replace(OWN, role="pupil"), RECORD),
        (replace(OWN, phone_proved=False), replace(RECORD, email=None)),
        (OWN, replace(RECORD, phone=None, email=None, snils="111")),
    ],
    ids=["other contacts", "names none", "no contacts", "other role", "equal but not proved", "snils not asserted"],
)
def test_row_2(own, record):
    """I-19 row 2: a record is reached by what is proved, never by name, and a stranger's is no candidate."""
    assert answer(own, record) == ("pass_data_to_teacher", 2)
    assert decide(own, [record]).record_id is None


@pytest.mark.parametrize(
    ("own", "record", "differing"),
    [
        (OWN, replace(RECORD, snils="222"), ("snils",)),
        (replace(OWN, birth_date=BORN), replace(RECORD, birth_date=date(1958, 3, 8)), ("birth_date",)),
        (OWN, replace(RECORD, snils="222", bound_to="another"), ("snils",)),
        (
            replace(ASSERTED, birth_date=BORN),
            replace(RECORD, snils="111", birth_date=date(1985, 8, 3), phone=None),
            ("birth_date",),
        ),
    ],
)
def test_row_3(own, record, differing):
    """I-19 row 3: a contradiction of СНИЛС or birth date is looked at by a human, before all else."""
    decision = decide(own, [record])
    assert (decision.outcome, decision.row, decision.record_id) == ("review", 3, "record")
    assert decision.differing == differing


SON = replace(RECORD, role="pupil", birth_date=BORN)


@pytest.mark.parametrize(
    ("own", "record", "expected"),
    [
        (OWN, SON, ("pass_data_to_teacher", 2)),
        (OWN, replace(SON, birth_date=None), ("pass_data_to_teacher", 2)),
        (replace(OWN, name=IN_PART), SON, ("pass_data_to_teacher", 2)),
        (replace(OWN, birth_date=date(1958, 3, 8)), SON, ("pass_data_to_teacher", 2)),
        (replace(OWN, role="representative", birth_date=BORN), SON, ("pass_data_to_teacher", 2)),
        (replace(OWN, birth_date=BORN), SON, ("accept", 8)),
        (replace(OWN, role="pupil"), SON, ("accept", 8)),
        (OWN, RECORD, ("accept", 8)),
    ],
)
def test_row_2_a_pupil_is_who_says_so_or_is_born_on_that_day(own, record, expected):
    """I-19: candidates are records of the account's own role. A parent may bear the child's names, and the parent's
    phone stands on the child's record.
    """
    assert answer(own, record) == expected


def test_row_3_one_side_alone_is_no_contradiction():
    """I-19 row 3, near miss."""
    assert answer(OWN, replace(RECORD, birth_date=BORN)) == ("accept", 8)
    assert answer(replace(OWN, birth_date=BORN), RECORD) == ("accept", 8)


def test_row_4():
    """I-19 row 4: a record that is another account's already; the own binding is no conflict."""
    assert answer(OWN, replace(RECORD, bound_to="another")) == ("conflict", 4)
    assert answer(OWN, replace(RECORD, bound_to="account")) == ("accept", 8)
    assert answer(OWN, replace(RECORD, bound_to="another", phone="7911")) == ("conflict", 4)


@pytest.mark.parametrize("name", [NAME, IN_PART])
def test_row_5(name):
    """I-19 row 5: an asserted СНИЛС and equal names open at level 2, even with a stale contact."""
    record = replace(RECORD, name=name, snils="111", phone="7911", email=None)
    decision = decide(ASSERTED, [record])
    assert (decision.outcome, decision.row, decision.level) == ("accept", 5, 2)


def test_row_5_needs_equal_names_and_an_assertion():
    """I-19 row 5, near misses."""
    record = replace(RECORD, snils="111")
    assert answer(ASSERTED, replace(record, name=NEAR)) == ("review", 7)
    assert answer(ASSERTED, replace(record, name=STRANGER)) == ("pass_data_to_teacher", 2)
    assert answer(replace(OWN, email_proved=False), replace(record, email="stale@x")) == ("review", 6)


@pytest.mark.parametrize("name", [NAME, IN_PART, NEAR])
@pytest.mark.parametrize("proved", [True, False])
def test_row_6(name, proved):
    """I-19 row 6: a stale contact beside a proved one, whether or not the other is proved."""
    own = replace(OWN, email_proved=proved)
    decision = decide(own, [replace(RECORD, name=name, email="stale@x")])
    assert (decision.outcome, decision.row) == ("review", 6)
    assert "email" in decision.differing
    assert answer(replace(own, email_proved=True), replace(RECORD, name=name, phone="7911")) == ("review", 6)


@pytest.mark.parametrize(("name", "differing"), [(NEAR, ("surname",)), (MARRIED, ("surname",))])
def test_row_7(name, differing):
    """I-19 row 7: likeness never accepts, however well proved."""
    decision = decide(OWN, [replace(RECORD, name=name)])
    assert (decision.outcome, decision.row, decision.differing) == ("review", 7, differing)


def test_row_8():
    """I-19 row 8: both proved, at least one not shared."""
    for shared in ({}, {"phone_shared": True}, {"email_shared": True}):
        decision = decide(OWN, [replace(RECORD, **shared)])
        assert (decision.outcome, decision.row, decision.level) == ("accept", 8, 2)


@pytest.mark.parametrize(
    ("own", "record", "level"),
    [
        (OWN, replace(RECORD, email=None), 2),
        (OWN, replace(RECORD, phone=None), 2),
        (replace(OWN, email_proved=False), RECORD, 2),
        (OWN, replace(RECORD, email=None, phone_shared=True), 1),
        (replace(OWN, phone_proved=False), replace(RECORD, email_shared=True), 1),
        (replace(OWN, phone_proved=False), replace(RECORD, phone_shared=True), 2),
    ],
)
def test_row_9(own, record, level):
    """I-19 row 9: one proved and equal; the other absent at school, or equal but not proved."""
    decision = decide(own, [record])
    assert (decision.outcome, decision.row, decision.level) == ("accept", 9, level)


def test_row_10():
    """I-19 row 10: all equal contacts are the family's."""
    decision = decide(OWN, [replace(RECORD, phone_shared=True, email_shared=True)])
    assert (decision.outcome, decision.row, decision.level) == ("accept", 10, 1)


@pytest.mark.parametrize(
    ("own", "record"),
    [
        (OWN, replace(RECORD, name=IN_PART)),
        (OWN, replace(RECORD, name=IN_PART, phone_shared=True)),
        (OWN, replace(RECORD, name=PersonName("Иванова", "Наталия", "Алексеевна"))),
        (
            replace(OWN, birth_date=BORN),
            replace(RECORD, name=IN_PART, phone_shared=True, email_shared=True, birth_date=BORN),
        ),
    ],
)
def test_row_11(own, record):
    """I-19 row 11: names in part, an unshared proof or the birth date."""
    decision = decide(own, [record])
    assert (decision.outcome, decision.row, decision.level) == ("accept", 11, 1)


@pytest.mark.parametrize(
    ("own", "record"),
    [
        (OWN, replace(RECORD, name=IN_PART, phone_shared=True, email_shared=True)),
        (replace(OWN, email_proved=False), replace(RECORD, name=IN_PART, phone_shared=True)),
        (
            replace(OWN, birth_date=BORN),
            replace(
                RECORD, name=IN_PART, phone_shared=True, email_shared=True, birth_date=BORN, birth_date_shared=True
            ),
        ),
    ],
    ids=["shared", "the unshared one is not proved", "twins"],
)
def test_row_12(own, record):
    """I-19 row 12: names in part and nothing of the own."""
    decision = decide(own, [record])
    assert (decision.outcome, decision.row, decision.differing) == ("review", 12, ("patronymic",))


def test_row_13():
    """I-19 row 13: more than one record would be accepted; a record to review beside them changes nothing."""
    twice = [RECORD, replace(RECORD, record_id="again"), replace(RECORD, record_id="near", name=NEAR)]
    decision = decide(OWN, twice)
    assert (decision.outcome, decision.row, decision.record_id) == ("ambiguous", 13, None)
    assert decision.rivals == ("again", "record")
    assert answer(OWN, RECORD, replace(RECORD, record_id="near", name=NEAR)) == ("accept", 8)


def test_none_accepted_then_conflict_then_the_best_named():
    """I-19: the order of what is told when no record is accepted."""
    near, married = replace(RECORD, record_id="near", name=NEAR), replace(RECORD, record_id="a", name=MARRIED)
    conflict = replace(RECORD, record_id="taken", bound_to="another")
    stale = replace(RECORD, record_id="stale", email="stale@x")
    assert decide(OWN, [married, near]).record_id == "near"
    assert decide(OWN, [married, near, stale]).record_id == "stale"
    assert decide(OWN, [married, stale, conflict]).outcome == "conflict"


def test_each_school_answers_by_itself():
    """I-19: sharing and row 13 are judged within one school."""
    one, two = UUID(int=1), UUID(int=2)
    records = [
        replace(RECORD, record_id=UUID(int=10 + number), school_id=school) for number, school in enumerate((one, two))
    ]
    decisions = decide_by_school(OWN, records)
    assert [(decision.school_id, decision.outcome) for decision in decisions] == [(one, "accept"), (two, "accept")]
    strict = decide_by_school(replace(OWN, snils=None), records, snils_required=lambda school: school == two)
    assert [decision.outcome for decision in strict] == ["accept", "missing_own_data"]
    elsewhere = decide_by_school(OWN, [replace(record, name=STRANGER) for record in records])
    assert [(decision.school_id, decision.outcome) for decision in elsewhere] == [(None, "pass_data_to_teacher")]
    with pytest.raises(ValueError, match="by itself"):
        decide(OWN, records)


def test_who_may_be_twins():
    """I-19 row 11: same surname, no different patronymics."""
    assert may_be_twins(PersonName("Ёлкин", "Данил", "Юрьевич"), PersonName("Елкин", "Даниил"))
    assert not may_be_twins(PersonName("Ёлкин", "Данил", "Юрьевич"), PersonName("Елкин", "Даниил", "Ильич"))
    assert not may_be_twins(PersonName("Ёлкин", "Данил"), PersonName("Ёлкина", "Дарья"))


def test_values_stay_out_of_logs():
    """Law 7: no contact in a representation."""
    assert "7900" not in repr(OWN)
    assert "n@x" not in repr(RECORD)
