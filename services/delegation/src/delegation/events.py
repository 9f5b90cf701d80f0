"""The event story of delegation: it learns who may invite and who can be invited, and tells who reads whose diary."""

from shared.bus import Subscriptions
from shared.contracts.delegation import (
    DelegationActivated,
    DelegationRevoked,
    InvitationAccepted,
    InvitationCancelled,
    InvitationDeclined,
    InvitationLapsed,
    InvitationSent,
)
from shared.contracts.identity import (
    AccountDisabled,
    AccountReachable,
    AccountRegistered,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    SessionsRevoked,
)

PUBLISHES = (
    InvitationSent,
    InvitationAccepted,
    InvitationDeclined,
    InvitationCancelled,
    InvitationLapsed,
    DelegationActivated,
    DelegationRevoked,
)

subscriptions = Subscriptions(
    "delegation",
    listens=(
        # how people and children are called, and by whom a person can be reached
        AccountRegistered,
        AccountReachable,
        AccountDisabled,
        PupilEnrolled,
        PupilLeft,
        # who represents whom
        BindingGranted,
        BindingLevelChanged,
        BindingRevoked,
        # when a day ends where the child goes to school
        SchoolOpened,
        # whose tokens are void
        SessionsRevoked,
    ),
)
