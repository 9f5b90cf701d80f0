"""Spellings of one given name that documents mix up: a closed table (I-17).

Source: the pairs of civil and church spelling (-ья and -ия, Даниил and Данила, Кирилл and Кирил) that
А. В. Суперанская, «Словарь русских личных имён», gives under one head word. Not here on purpose: short forms
(Саша, Настя) and names that were once one but are two today (Елена and Алёна, Ирина and Арина, Ксения and Аксинья,
Юрий and Георгий, Мухаммад and Магомед): brothers and sisters bear both.
"""

from types import MappingProxyType

_ONE_NAME = (
    ("артем", "артемий"),
    ("виолетта", "виолета"),
    ("гавриил", "гаврила", "гаврил"),
    ("геннадий", "генадий"),
    ("даниил", "данила", "данил"),
    ("дарья", "дария"),
    ("евгения", "евгенья"),
    ("илья", "илия"),
    ("ипполит", "иполит"),
    ("камилла", "камила"),
    ("кирилл", "кирил"),
    ("лидия", "лидья"),
    ("мария", "марья"),
    ("наталья", "наталия"),
    ("сергей", "сергий"),
    ("софья", "софия"),
    ("татьяна", "татиана"),
    ("федор", "феодор"),
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
