"""Families: children with one surname and the patronymic of one father, sharing their representatives."""

from collections.abc import Iterator
from random import Random

from town.demo_school.civil import Registry
from town.demo_school.model import Person
from town.demo_school.names import GIVEN_NAMES, SURNAMES
from town.demo_school.people import FATHER, GRANDMOTHER, MOTHER, PUPIL

Place = tuple[int, str]
"""Grade and letter of a class."""

KNOWN_PUPILS_CLASS: Place = (7, "А")


class Families:
    """Fills the classes with children, family by family."""

    def __init__(self, registry: Registry, rng: Random, sizes: dict[Place, int]) -> None:
        self._registry = registry
        self._rng = rng
        self._left = dict(sizes)
        self.pupils: dict[Place, list[Person]] = {place: [] for place in sizes}
        self.representatives: list[Person] = []
        self._settle_known_family()
        while any(self._left.values()):
            self._settle_family()
        for pupils in self.pupils.values():
            pupils.sort(key=lambda pupil: (pupil.surname, pupil.given_name, pupil.source_id))

    def _settle_known_family(self) -> None:
        parents = [self._registry.known(MOTHER, "parent"), self._registry.known(FATHER, "parent")]
        self.representatives += [*parents, self._registry.known(GRANDMOTHER, "guardian")]
        agents = tuple(parent.source_id for parent in parents)
        self._seat(KNOWN_PUPILS_CLASS, self._registry.known(PUPIL, "pupil", agents=agents))

    def _settle_family(self) -> None:
        family = self._rng.choice(SURNAMES)
        father = self._rng.choice(GIVEN_NAMES["male"]["adult"])
        kind = self._rng.choices(("both", "mother", "father"), (78, 19, 3))[0]
        age = (30, 45)
        parents: list[Person] = []
        if kind != "father":
            parents.append(self._registry.adult("parent", family=family, age=age))
        if kind != "mother":
            parents.append(self._registry.adult("parent", woman=False, family=family, given_name=father, age=age))
        agents = tuple(parent.source_id for parent in parents)
        for place in self._places_for(self._rng.choices((1, 2, 3), (66, 28, 6))[0]):
            self._seat(place, self._registry.child(grade=place[0], family=family, father=father, agents=agents))
        self.representatives += parents

    def _places_for(self, children: int) -> Iterator[Place]:
        """Free places in different grades, in the emptiest classes; fewer when the school is nearly full."""
        grades: set[int] = set()
        for _ in range(children):
            free = [place for place, left in self._left.items() if left and place[0] not in grades]
            if not free:
                return
            most = max(self._left[place] for place in free)
            place = self._rng.choice([place for place in free if self._left[place] >= most - 3])
            grades.add(place[0])
            yield place

    def _seat(self, place: Place, pupil: Person) -> None:
        self._left[place] -= 1
        self.pupils[place].append(pupil)
