"""The event story of journal: it learns who is who and who may read whom, and tells about all that stands in cells."""

from shared.bus import Subscriptions
from shared.contracts.delegation import DelegationActivated, DelegationRevoked
from shared.contracts.identity import (
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    ClassGroupChanged,
    ClassGroupEnded,
    ClassOpened,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    SessionsRevoked,
    StaffAssigned,
    StaffReleased,
    SubjectOpened,
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
    LessonChanged,
    PeriodMarkSet,
    PointDueSoon,
    PointSet,
    PointSettled,
    PointVanished,
    WeekSigned,
)

PUBLISHES = (
    GradePosted,
    GradeChanged,
    GradeRemoved,
    AbsenceRecorded,
    AbsenceRemoved,
    AbsenceNoticeGiven,
    AbsenceNoticeWithdrawn,
    PointSet,
    PointDueSoon,
    PointSettled,
    PointVanished,
    HomeworkAssigned,
    HomeworkWithdrawn,
    LessonChanged,
    PeriodMarkSet,
    AnnouncementPosted,
    AnnouncementWithdrawn,
    WeekSigned,
)

subscriptions = Subscriptions(
    "journal",
    listens=(
        # the roster
        SchoolOpened,
        SubjectOpened,
        ClassOpened,
        PupilEnrolled,
        PupilLeft,
        ClassGroupChanged,
        ClassGroupEnded,
        # the roster, and who may do what
        StaffAssigned,
        StaffReleased,
        BindingGranted,
        BindingLevelChanged,
        BindingRevoked,
        DelegationActivated,
        DelegationRevoked,
        # whose tokens are void
        SessionsRevoked,
    ),
)
