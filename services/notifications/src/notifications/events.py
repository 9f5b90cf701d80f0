"""The event story of notifications: it listens to nearly everybody and says what became of messages."""

from shared.access import register_cutoffs
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
    AccountRegistered,
    ApplicationDeadlineNoticed,
    ApplicationGranted,
    ApplicationMoved,
    ApplicationRefused,
    ApplicationRegistered,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    CodeIssued,
    ContactVerified,
    DiaryAccessAccepted,
    PupilEnrolled,
    PupilLeft,
    ReviewRequested,
    SchoolOpened,
    SecurityNoticed,
    SessionsRevoked,
)
from shared.contracts.journal import (
    AbsenceNoticeGiven,
    AbsenceNoticeWithdrawn,
    AbsenceRecorded,
    AbsenceRemoved,
    AnnouncementPosted,
    AnnouncementWithdrawn,
    GradeChanged,
    GradePosted,
    GradeRemoved,
    HomeworkAssigned,
    HomeworkWithdrawn,
    PeriodMarkSet,
    PointDueSoon,
    PointSet,
    PointSettled,
    PointVanished,
    WeekSigned,
)
from shared.contracts.notifications import MessageDelivered, MessageFailed
from shared.contracts.support import TicketOpened, TicketStatusChanged

PUBLISHES = (MessageDelivered, MessageFailed)

subscriptions = Subscriptions(
    "notifications",
    listens=(
        # who is to be told about a pupil, and in which language
        SchoolOpened,
        PupilEnrolled,
        PupilLeft,
        BindingGranted,
        BindingLevelChanged,
        BindingRevoked,
        DelegationActivated,
        DelegationRevoked,
        AccountRegistered,
        AccountDisabled,
        SessionsRevoked,
        # where messages go
        ContactVerified,
        # what only goes out of the house, first in every queue
        CodeIssued,
        # what people are told
        GradePosted,
        GradeChanged,
        GradeRemoved,
        PeriodMarkSet,
        PointSet,
        PointDueSoon,
        PointSettled,
        PointVanished,
        AbsenceRecorded,
        AbsenceRemoved,
        AbsenceNoticeGiven,
        AbsenceNoticeWithdrawn,
        WeekSigned,
        HomeworkAssigned,
        HomeworkWithdrawn,
        AnnouncementPosted,
        AnnouncementWithdrawn,
        InvitationSent,
        InvitationAccepted,
        InvitationDeclined,
        InvitationCancelled,
        InvitationLapsed,
        TicketOpened,
        TicketStatusChanged,
        SecurityNoticed,
        DiaryAccessAccepted,
        ReviewRequested,
        ApplicationRegistered,
        ApplicationMoved,
        ApplicationGranted,
        ApplicationRefused,
        ApplicationDeadlineNoticed,
    ),
)
register_cutoffs(subscriptions)
