"""The event story of identity: who exists, who is where, who may open whose diary. It listens to nobody."""

from shared.bus import Subscriptions
from shared.contracts.identity import (
    AccountReachable,
    AccountRegistered,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    ClassOpened,
    ContactVerified,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    SessionsRevoked,
    StaffAssigned,
    StaffReleased,
    SubjectOpened,
)

PUBLISHES = (
    SchoolOpened,
    SubjectOpened,
    ClassOpened,
    PupilEnrolled,
    PupilLeft,
    StaffAssigned,
    StaffReleased,
    AccountRegistered,
    ContactVerified,
    AccountReachable,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    SessionsRevoked,
)

subscriptions = Subscriptions("identity", listens=())
