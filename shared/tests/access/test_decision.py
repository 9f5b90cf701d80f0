"""J-2: one pure decision, no unless an edge says yes."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.access import Action, Edge, EdgeState, Object, Relation, Rule, decide

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ME, PUPIL, OTHER, CLASS, SCHOOL, ALGEBRA = (UUID(int=number) for number in range(1, 7))
DIARY = Object("pupil", PUPIL, within=(Object("class", CLASS, within=(Object("school", SCHOOL),)),))

READ = Action(
    "read",
    (
        Rule(Relation.SELF, on="pupil"),
        Rule(Relation.REPRESENTATIVE, on="pupil", level=1),
        Rule(Relation.TRUSTED, on="pupil", section="marks"),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
SIGN = Action("sign", (Rule(Relation.REPRESENTATIVE, on="pupil", level=2),))
POST = Action("post", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),))


def edge(relation: Relation = Relation.REPRESENTATIVE, on: tuple[str, UUID] = ("pupil", PUPIL), **values: Any) -> Edge:
    return Edge(
        **{
            "source": "identity",
            "edge_id": "1",
            "account_id": ME,
            "relation": relation,
            "object_type": on[0],
            "object_id": on[1],
            "version": 1,
            "level": 1,
        }
        | values
    )


instants = st.sampled_from([None, NOW - SECOND, NOW, NOW + SECOND])
edges = st.builds(
    edge,
    st.sampled_from(Relation),
    st.sampled_from([("pupil", PUPIL), ("pupil", OTHER), ("class", CLASS), ("school", SCHOOL)]),
    level=st.integers(0, 2),
    scope=st.frozensets(st.sampled_from(["marks", "homework", str(ALGEBRA)])),
    valid_from=instants,
    valid_until=instants,
    state=st.sampled_from(EdgeState),
)
actions = st.sampled_from([READ, SIGN, POST])


@pytest.mark.parametrize(
    ("given_edge", "action", "allowed"),
    [
        (edge(), READ, True),
        (edge(), SIGN, False),
        (edge(level=2), SIGN, True),
        (edge(level=0), READ, False),
        (edge(Relation.SELF), READ, True),
        (edge(Relation.SELF, ("pupil", OTHER)), READ, False),
        (edge(Relation.SELF, ("class", CLASS)), READ, False),
        (edge(Relation.TRUSTED, scope=frozenset({"marks"})), READ, True),
        (edge(Relation.TRUSTED, scope=frozenset({"homework"})), READ, False),
        (edge(Relation.TRUSTED), READ, False),
        (edge(Relation.CLASS_TEACHER, ("class", CLASS)), READ, True),
        (edge(Relation.DIRECTOR, ("school", SCHOOL)), READ, True),
        (edge(Relation.DIRECTOR, ("class", CLASS)), READ, False),
        (edge(Relation.AGENT), READ, False),
        (edge(valid_from=NOW), READ, True),
        (edge(valid_from=NOW + SECOND), READ, False),
        (edge(valid_until=NOW), READ, False),
        (edge(valid_until=NOW + SECOND), READ, True),
        (edge(state=EdgeState.REVOKED), READ, False),
    ],
)
def test_cases(given_edge: Edge, action: Action, allowed: bool):
    assert decide([given_edge], action, DIARY, NOW).allowed is allowed


def test_without_edges_nothing_is_allowed():
    assert not decide([], READ, DIARY, NOW)


def test_a_subject_teacher_has_own_classes_and_own_subjects():
    """J-1."""
    teacher = edge(Relation.SUBJECT_TEACHER, ("class", CLASS), scope=frozenset({str(ALGEBRA)}))
    column = Object("class", CLASS, part=str(ALGEBRA))
    assert decide([teacher], POST, column, NOW)
    assert not decide([teacher], POST, Object("class", CLASS, part=str(OTHER)), NOW)
    assert not decide([teacher], POST, Object("class", CLASS), NOW)
    assert not decide([teacher], POST, Object("class", OTHER, part=str(ALGEBRA)), NOW)


def test_an_action_without_rules_is_never_allowed():
    assert not decide([edge(level=2)], Action("nothing", ()), DIARY, NOW)


def test_the_answer_says_by_which_relation_how_high_and_how_far():
    found = decide(
        [
            edge(Relation.TRUSTED, scope=frozenset({"marks"})),
            edge(Relation.TRUSTED, scope=frozenset({"marks", "homework"}), edge_id="2"),
        ],
        READ,
        DIARY,
        NOW,
    )
    assert found.relation is Relation.TRUSTED
    assert found.scope == {"marks", "homework"}
    both = decide([edge(level=1), edge(level=2, edge_id="2")], READ, DIARY, NOW)
    assert (both.relation, both.level) == (Relation.REPRESENTATIVE, 2)


@given(st.lists(edges), actions)
def test_edges_not_in_force_never_allow(given_edges: list[Edge], action: Action):
    dead = [one for one in given_edges if not one.in_force(NOW)]
    assert not decide(dead, action, DIARY, NOW)
    assert decide(given_edges, action, DIARY, NOW) == decide(
        [one for one in given_edges if one.in_force(NOW)], action, DIARY, NOW
    )


@given(st.lists(edges), st.lists(edges), actions)
def test_more_edges_never_take_a_permission_away(given_edges: list[Edge], more: list[Edge], action: Action):
    if decide(given_edges, action, DIARY, NOW):
        assert decide([*more, *given_edges], action, DIARY, NOW)


@given(st.lists(edges), actions, st.randoms())
def test_the_order_of_edges_does_not_matter(given_edges: list[Edge], action: Action, random: Random):
    shuffled = list(given_edges)
    random.shuffle(shuffled)
    assert decide(given_edges, action, DIARY, NOW) == decide(shuffled, action, DIARY, NOW)


@given(st.lists(edges), actions)
def test_a_yes_is_always_one_edges_own(given_edges: list[Edge], action: Action):
    """No combination of edges allows what none of them allows alone."""
    alone = any(decide([one], action, DIARY, NOW) for one in given_edges)
    assert bool(decide(given_edges, action, DIARY, NOW)) is alone
