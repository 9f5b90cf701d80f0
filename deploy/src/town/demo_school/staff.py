"""Who works in the demo school, who leads which class and who teaches what where."""

from collections.abc import Iterable, Iterator
from random import Random

from town.demo_school.civil import Registry
from town.demo_school.model import Person, SchoolClass, Teaching
from town.demo_school.people import DIRECTOR, TEACHER
from town.demo_school.subjects import FIRST_GRADE, HOMEROOM, LAST_PRIMARY_GRADE, SUBJECTS, Subject

MOST_LESSONS = 23
"""Lessons a week above which a subject gets another teacher (18 are a full post)."""

KNOWN_TEACHERS_CLASS = (7, "А")


class Staff:
    """Hires as many teachers as the lessons need and hands out classes to them."""

    def __init__(self, registry: Registry, rng: Random, classes: Iterable[tuple[int, str]]) -> None:
        self._registry = registry
        self._rng = rng
        self._places = tuple(classes)
        self.people: list[Person] = [registry.known(DIRECTOR, "director")]
        self._subject_teachers: dict[tuple[int, str, str], Person] = {}
        """Of the class, or of its first group."""
        self._second_teachers: dict[tuple[int, str, str], Person] = {}
        self._primary = {place: self._hire() for place in self._places if place[0] <= LAST_PRIMARY_GRADE}
        for subject in SUBJECTS:
            self._staff_subject(subject)
        self.people += [
            registry.adult("deputy"),
            registry.adult("deputy"),
            registry.adult("school_administrator"),
        ]
        self.class_teachers = self._choose_class_teachers()

    def teachings(self, classes: Iterable[SchoolClass]) -> Iterator[Teaching]:
        """Every class × subject × group with its teacher, the homeroom lesson last."""
        for school_class in classes:
            place = (school_class.grade, school_class.letter)
            for subject in SUBJECTS:
                if school_class.grade in subject.hours:
                    for part in subject.parts(school_class.grade):
                        known = self._second_teachers if part == 2 else self._subject_teachers
                        teacher = known.get((*place, subject.key)) or self._primary[place]
                        yield Teaching(school_class, subject, teacher, part)
            yield Teaching(school_class, HOMEROOM, school_class.teacher)

    def _hire(self) -> Person:
        person = self._registry.adult("teacher", woman=self._rng.random() < 0.8)
        self.people.append(person)
        return person

    def _staff_subject(self, subject: Subject) -> None:
        """Share the classes of a subject among as few teachers as keep within `MOST_LESSONS`."""
        places = [
            place
            for place in self._places
            if place[0] in subject.hours
            and (place[0] > LAST_PRIMARY_GRADE or (subject.primary_by_specialist and place[0] > FIRST_GRADE))
        ]
        if not places:
            return
        parts = [len(subject.parts(grade)) for grade, _ in places]
        lessons = sum(subject.hours[grade] * groups for (grade, _), groups in zip(places, parts, strict=True))
        pool: list[Person] = []
        if subject.key == "math" and KNOWN_TEACHERS_CLASS in places:
            pool.append(self._registry.known(TEACHER, "teacher"))
            self.people += pool
        # Groups learn at the same time.
        pool += [self._hire() for _ in range(max(-(-lessons // MOST_LESSONS), *parts) - len(pool))]
        load = dict.fromkeys((teacher.source_id for teacher in pool), 0)
        # The known teacher's class first, so that it falls to her; then the heaviest, so that the rest fits.
        for place in sorted(places, key=lambda p: (p != KNOWN_TEACHERS_CLASS, -subject.hours[p[0]], p)):
            groups = len(subject.parts(place[0]))
            chosen = sorted(pool, key=lambda one: load[one.source_id])[:groups]
            for teacher, known in zip(chosen, (self._subject_teachers, self._second_teachers), strict=False):
                load[teacher.source_id] += subject.hours[place[0]]
                known[(*place, subject.key)] = teacher

    def _choose_class_teachers(self) -> dict[tuple[int, str], Person]:
        """One teacher per class, each of one class only: all homeroom lessons are at the same time."""
        chosen = dict(self._primary)
        if KNOWN_TEACHERS_CLASS in self._places:
            chosen[KNOWN_TEACHERS_CLASS] = self._subject_teachers[(*KNOWN_TEACHERS_CLASS, "math")]
        for place in self._places:
            if place in chosen:
                continue
            taken = {teacher.source_id for teacher in chosen.values()}
            own = [
                teacher
                for (grade, letter, _), teacher in self._subject_teachers.items()
                if (grade, letter) == place and teacher.source_id not in taken
            ]
            chosen[place] = self._rng.choice(own)
        return chosen
