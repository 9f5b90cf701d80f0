from notifications.consumers import subscriptions
from notifications.events import PUBLISHES
from shared.contracts import events_of
from shared.contracts.delegation import DelegationRevoked, InvitationSent
from shared.contracts.identity import AccountDisabled, BindingGranted
from shared.contracts.journal import AbsenceRecorded
from shared.contracts.support import TicketOpened


def rooms_of(event: type) -> list[str]:
    return [handler.call.__module__.split(".")[1] for handler in subscriptions.handlers(event.type)]


def test_every_event_listened_to_has_a_handler() -> None:
    subscriptions.complete()


def test_everything_published_is_of_this_service() -> None:
    assert set(PUBLISHES) == set(events_of("notifications"))


def test_rooms_take_an_event_in_their_order() -> None:
    """Who may know is settled before anybody is told, and mails go to whom was told."""
    # `access`: edges of families and trusted persons are kept by the kit.
    assert rooms_of(DelegationRevoked) == ["access", "inbox", "dispatch"]
    assert rooms_of(BindingGranted) == ["access", "inbox"]
    assert rooms_of(AbsenceRecorded) == ["school_day", "dispatch"]
    assert rooms_of(InvitationSent) == rooms_of(TicketOpened) == ["inbox", "dispatch"]
    assert set(rooms_of(AccountDisabled)) == {"audience", "channels", "dispatch"}
