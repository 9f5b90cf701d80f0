"""The event story of support: it learns names and agents, and tells the life of every ticket."""

from shared.bus import Subscriptions
from shared.contracts.identity import (
    AccountRegistered,
    AgentAppointed,
    AgentDismissed,
    SessionsRevoked,
    StaffAssigned,
    StaffReleased,
)
from shared.contracts.support import TicketOpened, TicketStatusChanged

PUBLISHES = (TicketOpened, TicketStatusChanged)

subscriptions = Subscriptions(
    "support",
    listens=(
        # how requesters with an account are called
        AccountRegistered,
        # who works at the desk
        StaffAssigned,
        StaffReleased,
        AgentAppointed,
        AgentDismissed,
        # whose tokens are void
        SessionsRevoked,
    ),
)
