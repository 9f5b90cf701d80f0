"""Spellings of one given name that documents mix up: a closed table (I-17).

Sources: the rule itself (Наталья … Мария, Данил); А. В. Суперанская, author of the handbook of the registry offices, in
«Наука и жизнь» 2004 № 6 on names that she certifies to be one (Наталия and Наталья, София and Софья, Таисия and Таисья,
Алевтина and Алефтина), whose pair -ия and -ья is applied to other names; and the double consonants that clerks write
single (Кирилл, Геннадий).

Not here on purpose: short forms (Саша, Настя), and names that were once one and are two today (Елена and Алёна, Артём
and Артемий, Ксения and Аксинья, Юрий and Георгий, Мухаммад and Магомед): brothers and sisters bear both.
"""

from types import MappingProxyType

_ONE_NAME = (
    ("алевтина", "алефтина"),
    ("виолетта", "виолета"),
    ("геннадий", "генадий"),
    ("даниил", "данила", "данил"),
    ("дарья", "дария"),
    ("евгения", "евгенья"),
    ("ипполит", "иполит"),
    ("кирилл", "кирил"),
    ("лидия", "лидья"),
    ("мария", "марья"),
    ("наталья", "наталия"),
    ("софья", "софия"),
    ("таисия", "таисья"),
    ("татьяна", "татиана"),
    ("филипп", "филип"),
    ("эмилия", "эмилья"),
)

_HEAD = MappingProxyType({spelling: group[0] for group in _ONE_NAME for spelling in group})


def are_variants(one: str, other: str) -> bool:
    """Whether two given names in normal form are different spellings of one name."""
    return one != other and _HEAD.get(one, one) == _HEAD.get(other, other)


def spellings_of(name: str) -> tuple[str, ...]:
    """The other spellings of a given name in normal form; empty for a name that has one spelling only."""
    head = _HEAD.get(name)
    if head is None:
        return ()
    return tuple(spelling for spelling, its_head in _HEAD.items() if its_head == head and spelling != name)
