"""What can be done in the journal and who may do it (J-1). What no rule allows is refused."""

from shared.access import Action, Relation, Rule

SECTIONS = frozenset({"timetable", "marks", "homework", "attendance"})
"""Of a diary. A trusted person reads those that were granted, everybody else who may open it reads all."""

OPEN_DIARY = Action(
    "open_diary",
    (
        Rule(Relation.SELF, on="pupil"),
        Rule(Relation.REPRESENTATIVE, on="pupil", level=1),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
        Rule(Relation.TRUSTED, on="pupil"),
    ),
)
"""The diary of one pupil."""

READ_CLASS = Action(
    "read_class",
    (
        Rule(Relation.SUBJECT_TEACHER, on="class"),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""The list of a class and its lessons."""

_SUBSTITUTE = Rule(Relation.SUBJECT_TEACHER, on="lesson", same_part=True)
"""«Замена»: who holds one lesson in another's place is its subject teacher, in that lesson alone (J-4)."""

KEEP_MARKS = Action("keep_marks", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True), _SUBSTITUTE))
"""Post, correct and remove marks of one subject in one class."""

HOLD_LESSON = Action("hold_lesson", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True), _SUBSTITUTE))
"""Write the topic of a lesson, and see who sits in it."""

READ_JOURNAL = Action(
    "read_journal",
    (
        Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""The page of one subject in one class (J-35)."""

KEEP_HOMEWORK = Action("keep_homework", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),))
"""Give, change and take back homework of one subject in one class."""

TICK_OFF_HOMEWORK = Action("tick_off_homework", (Rule(Relation.SELF, on="pupil"),))
"""Mark homework done: the pupil alone."""

KEEP_THEMATIC_PLAN = Action(
    "keep_thematic_plan",
    (
        Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""Write the topics of one subject in one class, and give them to its lessons (J-7)."""

NOTE_BEHAVIOUR = Action("note_behaviour", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),))
"""Say how pupils behaved in the own subject."""

LEAD_CLASS = Action("lead_class", (Rule(Relation.CLASS_TEACHER, on="class"),))
"""What a class teacher alone does in the own class."""

PLAN_BACKPACK = Action("plan_backpack", (Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),))
"""Say what to bring to the lessons of one subject in one class."""

SIGN_WEEK = Action("sign_week", (Rule(Relation.REPRESENTATIVE, on="pupil", level=2),))
"""Sign a finished week of the diary (J-32)."""

ANNOUNCE = Action(
    "announce",
    (
        Rule(Relation.SUBJECT_TEACHER, on="class"),
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""Tell a class something."""

ANNOUNCE_TO_SCHOOL = Action(
    "announce_to_school", (Rule(Relation.DEPUTY, on="school"), Rule(Relation.DIRECTOR, on="school"))
)
"""Tell a parallel or the whole school something."""

PLAN_YEAR = Action("plan_year", (Rule(Relation.DEPUTY, on="school"), Rule(Relation.DIRECTOR, on="school")))
"""Plan periods, close them, set by what the journal is kept."""

REOPEN_PERIOD = Action("reopen_period", (Rule(Relation.DIRECTOR, on="school"),))
"""Open a closed period again (J-11): the director alone."""

KEEP_ATTENDANCE = Action(
    "keep_attendance",
    (
        Rule(Relation.SUBJECT_TEACHER, on="class", same_part=True),
        _SUBSTITUTE,
        Rule(Relation.CLASS_TEACHER, on="class"),
    ),
)
"""Say who was absent from a lesson: its teacher, and the class teacher, who hears why (J-20)."""

KEEP_CONTROL_FORMS = Action(
    "keep_control_forms", (Rule(Relation.DEPUTY, on="school"), Rule(Relation.DIRECTOR, on="school"))
)
"""Add, change and archive the control forms of a school (J-9)."""

GIVE_NOTICE = Action("give_notice", (Rule(Relation.REPRESENTATIVE, on="pupil", level=2),))
"""Say that a child will be absent, and take it back (J-21)."""

READ_NOTICES = Action(
    "read_notices",
    (
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""Why pupils of a class are or will be absent: a reason is P3, and not for every teacher (J-21)."""

SEE_VIEWERS = Action("see_viewers", (Rule(Relation.REPRESENTATIVE, on="pupil", level=2),))
"""«Кто смотрел дневник» (J-2)."""

EXPORT_OWN_DATA = Action(
    "export_own_data", (Rule(Relation.SELF, on="pupil"), Rule(Relation.REPRESENTATIVE, on="pupil", level=1))
)
"""Take along everything that is held about a pupil (J-34): the family's right, not the school's."""

READ_SUMMARY = Action(
    "read_summary",
    (
        Rule(Relation.CLASS_TEACHER, on="class"),
        Rule(Relation.DEPUTY, on="school"),
        Rule(Relation.DIRECTOR, on="school"),
    ),
)
"""The marks of a class in all subjects for periods and the year (J-18), and the class at a glance (J-35)."""

READ_COMPLETENESS = Action(
    "read_completeness", (Rule(Relation.DEPUTY, on="school"), Rule(Relation.DIRECTOR, on="school"))
)
"""How completely the journals of a school are kept (J-33), and the school at a glance."""

_WHO_PLANS_LESSONS = (
    Rule(Relation.SCHOOL_ADMINISTRATOR, on="school"),
    Rule(Relation.DEPUTY, on="school"),
    Rule(Relation.DIRECTOR, on="school"),
)

IMPORT_TIMETABLE = Action("import_timetable", _WHO_PLANS_LESSONS)
"""Bring the lessons of a school by a file."""

PLAN_LESSONS = Action("plan_lessons", _WHO_PLANS_LESSONS)
"""Keep bells, rooms and weekly timetables, and make lessons from them (J-4, J-5)."""

CHANGE_LESSONS = Action("change_lessons", _WHO_PLANS_LESSONS)
"""Put a substitute into a lesson, cancel it, bring it back to its plan (J-4)."""

FAMILY = frozenset({Relation.SELF, Relation.REPRESENTATIVE, Relation.TRUSTED})
"""Relations to a pupil; all others are to a class or school: staff."""
