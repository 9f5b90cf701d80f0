"""I-19: what holds for every account and every set of records, whatever the row."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from identity.matching.evidence import OwnFacts, RecordFacts, is_reached, weigh
from identity.matching.rules import Decision, decide, judge
from identity.personal_data.person_name import PersonName

NAMES = (
    PersonName("Иванова", "Наталья", "Алексеевна"),
    PersonName("Иванова", "Наталья"),
    PersonName("Иванова", "Наталия", "Алексеевна"),
    PersonName("Ивонова", "Наталья", "Алексеевна"),
    PersonName("Соколова", "Наталья", "Алексеевна"),
    PersonName("Ivanova", "Natalia", "Alekseevna"),
    PersonName("Петров", "Иван", "Юрьевич"),
)
ATTRIBUTES = ("phone", "email", "snils", "birth_date")

values = st.sampled_from([None, "a", "a", "b"])
flags = st.booleans()
owns = st.builds(
    OwnFacts,
    account_id=st.just("account"),
    name=st.sampled_from(NAMES),
    role=st.sampled_from([None, "pupil", "representative"]),
    **dict.fromkeys(ATTRIBUTES, values),
    phone_proved=flags,
    email_proved=flags,
    snils_asserted=flags,
)
records = st.builds(
    RecordFacts,
    record_id=st.just("record"),
    school_id=st.none(),
    role=st.sampled_from(["pupil", "representative"]),
    name=st.sampled_from(NAMES),
    **dict.fromkeys(ATTRIBUTES, values),
    bound_to=st.sampled_from([None, None, "account", "another"]),
    phone_shared=flags,
    email_shared=flags,
    birth_date_shared=flags,
)
schools = st.lists(records, max_size=5).map(
    lambda found: [replace(record, record_id=f"r{number}") for number, record in enumerate(found)]
)


@given(owns, schools, st.randoms(use_true_random=False), flags)
def test_the_order_of_records_decides_nothing(own, school, random, snils_required):
    shuffled = list(school)
    random.shuffle(shuffled)
    assert decide(own, shuffled, snils_required=snils_required) == decide(own, school, snils_required=snils_required)


@given(owns, schools)
def test_records_that_nothing_proved_leads_to_change_nothing(own, school):
    """A record is never reached by name."""
    reached = [record for record in school if is_reached(own, record)]
    assert decide(own, reached) == decide(own, school)


@given(owns, schools)
def test_accepting_takes_a_proof_and_equal_names(own, school):
    decision = decide(own, school)
    if decision.outcome != "accept":
        assert decision.level is None
        return
    record = next(record for record in school if record.record_id == decision.record_id)
    evidence = weigh(own, record)
    assert evidence.reaches
    assert evidence.names.level in {"full", "part"}
    assert record.bound_to in {None, own.account_id}
    assert "differs" not in {evidence.snils, evidence.birth_date}
    assert own.role == record.role or (
        own.role is None and (record.role == "representative" or evidence.birth_date == "equal")
    )
    if decision.level == 2:
        unshared = (evidence.phone == "proved" and not record.phone_shared) or (
            evidence.email == "proved" and not record.email_shared
        )
        assert evidence.snils == "proved" or (unshared and evidence.names.level == "full")


@given(owns, records, st.sampled_from(ATTRIBUTES), st.sampled_from(["own", "record"]))
def test_a_contradiction_never_admits(own, record, attribute, side):
    """Whatever a new value on one side contradicts: no kinder answer, no higher level."""
    if None in {getattr(own, attribute), getattr(record, attribute)}:
        other = "b"
        own_after = replace(own, **{attribute: getattr(own, attribute) or other})
        record_after = replace(record, **{attribute: getattr(record, attribute) or other})
        if getattr(own_after, attribute) == getattr(record_after, attribute):
            return
    elif side == "own":
        own_after, record_after = replace(own, **{attribute: "c"}), record
    else:
        own_after, record_after = own, replace(record, **{attribute: "c"})
    _no_kinder(decide(own, [record]), decide(own_after, [record_after]))


@given(owns, records, st.sampled_from(["phone_proved", "email_proved", "snils_asserted"]))
def test_a_proof_taken_away_never_admits(own, record, proof):
    _no_kinder(decide(own, [record]), decide(replace(own, **{proof: False}), [record]))


@given(owns, records, st.sampled_from(["phone_shared", "email_shared", "birth_date_shared"]))
def test_sharing_never_admits(own, record, sharing):
    _no_kinder(decide(own, [record]), decide(own, [replace(record, **{sharing: True})]))


@given(owns, records)
def test_a_worse_name_never_admits(own, record):
    before = decide(own, [replace(record, name=own.name)])
    _no_kinder(before, decide(own, [record]))


@given(owns, schools, records)
def test_another_record_never_changes_which_one_is_opened(own, school, record):
    """It can only make the answer ambiguous."""
    before, after = decide(own, school), decide(own, [*school, replace(record, record_id="z")])
    if before.outcome == "accept":
        assert after == before or after.outcome == "ambiguous"


@given(owns, schools)
def test_the_answer_is_that_of_one_of_the_candidates(own, school):
    decision = decide(own, school)
    verdicts = [verdict for record in school if (verdict := judge(own, record))]
    if decision.row > 2 and decision.outcome != "ambiguous":
        assert (decision.record_id, decision.row) in {(verdict.record.record_id, verdict.row) for verdict in verdicts}
    accepted = sorted(verdict.record.record_id for verdict in verdicts if verdict.outcome == "accept")
    assert decision.rivals == (tuple(accepted) if decision.outcome == "ambiguous" else ())


def _no_kinder(before: Decision, after: Decision) -> None:
    """A decision that may only have become stricter."""
    if "missing_own_data" in {before.outcome, after.outcome}:
        return  # a value that was filled in
    if before.outcome != "accept":
        assert after.outcome != "accept", (before, after)
    elif after.outcome == "accept":
        assert after.level <= before.level, (before, after)
