"""What the parameters of addresses mean, wherever they stand and say nothing of themselves: for the documentation."""

from collections.abc import Mapping
from types import MappingProxyType

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "announcement_id": "Of the announcement",
        "bell_schedule_id": "Of the bell schedule",
        "category": "Control works, class work or home work alone",
        "city": "Events of this city alone",
        "class_id": "Of the class",
        "control_form_id": "Of the control form",
        "curriculum_id": "Of the curriculum",
        "date": "The day: 2026-11-23",
        "feed_id": "Of the feed's address",
        "file_id": "Of the file",
        "from": "The first day: 2026-11-23",
        "homework_id": "Of the task",
        "kind": "Of this kind alone",
        "lesson_id": "Of the lesson",
        "mark_id": "Of the mark",
        "notice_id": "Of the absence notice",
        "period": "The attestation period",
        "period_id": "Of the attestation period",
        "pupil_id": "Of the pupil; the diary is found by it",
        "school_id": "Of the school",
        "secret": "Of the feed, as its owner was told it once",
        "signature_id": "Of the signature",
        "subject": "The subject's id",
        "to": "The last day: 2026-11-29",
        "version": "The version that was seen",
        "week": "An ISO week: 2026-W48",
        "weekly_timetable_id": "Of the weekly timetable",
    }
)
