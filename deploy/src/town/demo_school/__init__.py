"""The demo school: one invented Russian school, always the same for a seed and a week.

`python -m town.demo_school --out DIR [--week 2026-W48] [--seed 1] [--size full|tiny|large]
                            [--marks 60000] [--until 2026-11-26]` writes

- `school.zip`: a OneRoster 1.2 CSV bundle, the input of `identity import`;
- `timetable.csv`: the lessons of one ISO week, the input of `journal import-timetable`.

- with `--marks 60000` also the year so far, which ends the day before `--until` (the week's Monday, if not given):
  `past-timetable.csv` for `journal import-timetable`; `substitutions.csv`, `notices.csv`, `entries.csv`,
  `registers.csv`, `points.csv`, `period-marks.csv`, `homework.csv`, `behaviour.csv` and `backpack.csv` for
  `journal import-history`; `city-events.csv` for `journal import-city-events`. Journal's README has their columns.

Same seed, week and day: byte-equal files. Nobody in it exists; СНИЛС have valid checksums, phones lie in +7 900,
mail addresses in `zvonok.example`.

FORMAT of school.zip
--------------------
UTF-8 without BOM, comma, CRLF, RFC 4180 quoting, a header row in the order of the OneRoster 1.2 CSV binding
with our `metadata.*` columns at its end. Bulk files: `status` and `dateLastModified` are empty everywhere.
Dates are `YYYY-MM-DD`. A list inside one field is separated by commas. A `sourcedId` is a stable text key;
nothing may be read out of its form. The columns that are filled:

manifest.csv (propertyName, value)
    oneroster.version 1.2; which file is `bulk` or `absent`.
orgs.csv (sourcedId, name, type, identifier, metadata.city, metadata.timeZone)
    Exactly one, type `school`.
academicSessions.csv (sourcedId, title, type, startDate, endDate, parentSourcedId, schoolYear)
    One of type `schoolYear`, under it four `gradingPeriod` (quarters). `schoolYear` is the year it ends.
courses.csv (sourcedId, schoolYearSourcedId, title, courseCode, orgSourcedId, subjects)
    One per school subject; the homerooms' own course is `crs-homeroom` «Классный час».
classes.csv (sourcedId, title, grades, courseSourcedId, classCode, classType, schoolSourcedId, termSourcedIds,
             subjects, metadata.homeroomSourcedId)
    classType `homeroom`: the class, title «7А», grades «07», course `crs-homeroom`.
    classType `scheduled`: one subject of one class; metadata.homeroomSourcedId names that class.
users.csv (sourcedId, enabledUser, username, givenName, familyName, middleName, email, phone, agentSourcedIds,
           grades, primaryOrgSourcedId, metadata.snils, metadata.initialPassword, metadata.phoneProved,
           metadata.emailProved)
    Every person once. `phone` is E.164, `metadata.snils` is «112-233-445 95»; these and `email` may be empty.
    `agentSourcedIds` of a pupil: its representatives. `password` is always empty. `metadata.initialPassword`
    stands only with the known people (`people.py`): they get an account with it, all others get none.
    proved: `1` or empty.
roles.csv (sourcedId, userSourcedId, roleType, role, beginDate, endDate, orgSourcedId, metadata.role)
    One per person, roleType `primary`. role `student`, `parent`, `guardian`, `teacher`, `principal` (the
    director) or `siteAdministrator`; the last with metadata.role `deputy` or `schoolAdministrator`.
enrollments.csv (sourcedId, classSourcedId, schoolSourcedId, userSourcedId, role, primary, beginDate, endDate)
    `student` in a homeroom, never in a scheduled class: the whole homeroom attends. `teacher` of a scheduled
    class. `teacher` of a homeroom with primary `true`: the class teacher. primary is `true` or `false`.
demographics.csv (sourcedId, birthDate, sex)
    Every person; sourcedId is the user's, sex `male` or `female`.

The grandmother among the known people has role `guardian` and is in nobody's `agentSourcedIds`: she has an
account and no child, so she sees nothing until a parent invites her.

FORMAT of timetable.csv
-----------------------
UTF-8, comma, CRLF. Columns in this order: `date` (YYYY-MM-DD), `lesson_number` (from 1), `starts_at`,
`ends_at` (HH:MM, local to the school), `class_source_id` (a homeroom's sourcedId), `subject_source_id` (a
course's), `teacher_source_id` (a user's), `room`, `topic` (may be empty).
"""
