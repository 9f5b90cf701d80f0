import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from support.tickets.links import VALID_FOR, LinkSigner

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINKS = LinkSigner(b"m" * 32)


@given(ticket_id=st.uuids())
def test_a_token_opens_its_ticket_until_it_ends(ticket_id):
    """S-3."""
    token = LINKS.token(ticket_id, NOW)
    assert LINKS.ticket_of(token, NOW + VALID_FOR - timedelta(seconds=2)) == ticket_id
    assert LINKS.ticket_of(token, NOW + VALID_FOR) is None
    assert LinkSigner(b"n" * 32).ticket_of(token, NOW) is None


@given(ticket_id=st.uuids(), place=st.integers(0, 52), bit=st.integers(0, 7))
def test_one_flipped_bit_opens_nothing(ticket_id, place, bit):
    """S-3."""
    raw = bytearray(base64.urlsafe_b64decode(LINKS.token(ticket_id, NOW) + "=="))
    raw[place % len(raw)] ^= 1 << bit
    assert LINKS.ticket_of(base64.urlsafe_b64encode(raw).decode().rstrip("="), NOW) is None


@given(st.text(max_size=200))
def test_anything_else_is_no_token(text):
    assert LINKS.ticket_of(text, NOW) is None


def test_a_token_says_nothing_but_a_ticket_and_a_day():
    """S-3: it stands in addresses and so in histories."""
    ticket_id = uuid4()
    raw = base64.urlsafe_b64decode(LINKS.token(ticket_id, NOW) + "==")
    assert len(raw) == 1 + 16 + 4 + 32
    assert UUID(bytes=raw[1:17]) == ticket_id
