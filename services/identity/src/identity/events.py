"""The event story of identity: who exists, who is where, who may open whose diary. It listens to nobody."""

from shared.bus import Subscriptions
from shared.contracts.identity import (
    AccountDisabled,
    AccountReachable,
    AccountRegistered,
    AgentAppointed,
    AgentDismissed,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    ClassOpened,
    CodeIssued,
    ContactVerified,
    DiaryAccessAccepted,
    PupilEnrolled,
    PupilLeft,
    ReviewRequested,
    SchoolOpened,
    SecurityNoticed,
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
    AgentAppointed,
    AgentDismissed,
    AccountRegistered,
    ContactVerified,
    AccountReachable,
    AccountDisabled,
    CodeIssued,
    SecurityNoticed,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    DiaryAccessAccepted,
    ReviewRequested,
    SessionsRevoked,
)

subscriptions = Subscriptions("identity", listens=())
