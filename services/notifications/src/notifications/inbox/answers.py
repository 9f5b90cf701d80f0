"""What the notification centre answers: items and counts, in a reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from notifications.audience.rules import UNKNOWN_CHILD
from notifications.inbox.queries import Count, Item
from notifications.inbox.rules import LINK, ActionKind, ActionState, Category, Kind, LinkKind, Outcome, State
from notifications.templates.catalogue import render
from shared.http import Answer, Language, cursor_of


class LinkOut(Answer):
    """Where an item leads. A kind and ids, never an address: the client knows its own pages (N-3)."""

    kind: LinkKind
    id: UUID
    """The pupil of a diary, a performance table or a calendar of attendance; the point, task, announcement, invitation,
    grant, ticket, review or application."""
    week: str | None = None
    """ISO week of a diary, `2026-W48`."""


class ActionsOut(Answer):
    """What can be done right from the item; the client asks the owning service for it (N-1)."""

    kinds: list[ActionKind]
    state: ActionState
    outcome: Outcome | None
    about_id: UUID
    """The invitation to accept or decline."""
    expires_at: datetime


class ItemOut(Answer):
    """One item of the notification centre."""

    id: UUID
    cursor: str
    """Hand the newest one seen to `read-all`."""
    kind: Kind
    category: Category
    state: State
    occurred_at: datetime
    title: str
    text: str
    pupil_id: UUID | None
    child: str | None
    """Given name and initial."""
    link: LinkOut | None
    actions: ActionsOut | None


class CountOut(Answer):
    """Counts of one category."""

    unread: int
    actionable: int


class CountsOut(Answer):
    """All counts in one call (N-2)."""

    unread: int
    actionable: int
    categories: dict[Category, CountOut]


def shown(item: Item, language: Language) -> ItemOut:
    """An item with its texts."""
    values = {**item.values, "child": item.child or UNKNOWN_CHILD[language]}
    wording = render(item.kind, item.template_version, values, language)
    actions = None
    if item.action_state is not None and item.expires_at is not None:
        actions = ActionsOut(
            kinds=list(item.actions),
            state=item.action_state,
            outcome=item.outcome,
            about_id=item.about_id,
            expires_at=item.expires_at,
        )
    return ItemOut(
        id=item.id,
        cursor=cursor_of(item.seq),
        kind=item.kind,
        category=item.category,
        state=item.state,
        occurred_at=item.occurred_at,
        title=wording.title,
        text=wording.text,
        pupil_id=item.pupil_id,
        child=item.child,
        link=_link(item),
        actions=actions,
    )


def _link(item: Item) -> LinkOut | None:
    kind = LINK.get(item.kind)
    if kind is None:
        return None
    if kind == "diary_week":
        assert item.pupil_id is not None
        return LinkOut(kind=kind, id=item.pupil_id, week=item.values.get("week") or _week_of(item.values["date"]))
    if kind in {"performance", "attendance"}:
        assert item.pupil_id is not None
        return LinkOut(kind=kind, id=item.pupil_id)
    return LinkOut(kind=kind, id=item.about_id)


def _week_of(day: str) -> str:
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def counted(counts: Mapping[Category, Count]) -> CountsOut:
    """Counts, summed up."""
    return CountsOut(
        unread=sum(count.unread for count in counts.values()),
        actionable=sum(count.actionable for count in counts.values()),
        categories={
            category: CountOut(unread=count.unread, actionable=count.actionable)
            for category, count in sorted(counts.items())
        },
    )
