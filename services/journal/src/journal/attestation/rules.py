"""What the marks of a period propose, and why; what a teacher may set (J-16 … J-18). Pure, exact, no I/O.

Explanations are data: the operands and the result of each step. Clients put them into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

Category = Literal["control", "class", "home"]
PeriodMarkValue = Literal["2", "3", "4", "5", "зачёт", "незачёт", "н/а", "осв"]
"""What may be set for a period: no 1 (it is a mark of the day), the others as in J-8."""

VALUES: tuple[str, ...] = get_args(PeriodMarkValue)
LOWEST = 2
"""The lowest mark of a period; a mean of ones proposes it too."""


@dataclass(frozen=True, slots=True)
class MarkOfPeriod:
    """A mark as attestation sees it."""

    value: str
    weight: int
    category: Category


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which average on a 5, a 4, a 3 is proposed; a school may set its own."""

    five: Decimal = Decimal("4.60")
    four: Decimal = Decimal("3.60")
    three: Decimal = Decimal("2.60")

    def steps(self) -> tuple[tuple[int, Decimal], ...]:
        return ((5, self.five), (4, self.four), (3, self.three))


@dataclass(frozen=True, slots=True)
class ByAverage:
    """Proposal (a): the weighted average Σ(mark·weight)/Σ(weight), held against the school's thresholds."""

    proposed: int | None
    """None while no mark has a number."""
    sum_of_products: int
    sum_of_weights: int
    average: Decimal | None
    """Two places, half up: the number that families see is the number that is compared, so that a shown 4.60 is a 5."""
    thresholds: Thresholds
    reached: Decimal | None
    """The threshold that the average reached; None below all of them."""


@dataclass(frozen=True, slots=True)
class MeanOfCategory:
    """The simple mean of one category."""

    count: int
    sum: int
    mean: Decimal
    """Two places, half up, to be shown."""
    whole: int
    """Rounded half up from the exact mean."""


@dataclass(frozen=True, slots=True)
class ByPriority:
    """Proposal (b), the rule of the source text: control works before class work before home work.

    Home work is done with help and books, so it counts least; that the results agree is what makes a mark objective.
    """

    proposed: int | None
    chosen: Category | None
    """Whose mean is proposed: control if there are control marks, else class, else home."""
    control_works: MeanOfCategory | None
    class_work: MeanOfCategory | None
    home_work: MeanOfCategory | None
    class_agrees_with_home: bool | None
    """Equal as whole marks; None where one of them is missing."""
    control_agrees_with: tuple[Category, ...] | None
    """Which of class and home say the same as control; None without control marks or without the others."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """Both, side by side; neither sets the mark by itself."""

    marks_count: int
    """Marks that have a number."""
    enough: bool
    """At least the school's minimum, so that the pupil can be attested (J-17)."""
    by_average: ByAverage
    by_priority: ByPriority

    @property
    def values(self) -> frozenset[str]:
        """The marks that are proposed, as they would be set; below the school's minimum н/а is one of them (J-17)."""
        proposed = {str(mark) for mark in (self.by_average.proposed, self.by_priority.proposed) if mark is not None}
        return frozenset(proposed | {"н/а"} if proposed and not self.enough else proposed)


@dataclass(frozen=True, slots=True)
class Tally:
    """All that the proposals look at: what the marks with numbers add up to."""

    products: int = 0
    """Σ(mark·weight)"""
    weights: int = 0
    control: tuple[int, int] = (0, 0)
    """Σ(mark) and how many, of control works; the same of the other categories."""
    class_: tuple[int, int] = (0, 0)
    home: tuple[int, int] = (0, 0)

    @property
    def count(self) -> int:
        return self.control[1] + self.class_[1] + self.home[1]

    @property
    def values(self) -> int:
        """Σ(mark)"""
        return self.control[0] + self.class_[0] + self.home[0]


def tally(marks: Iterable[MarkOfPeriod]) -> Tally:
    """Add marks up. зачёт, незачёт, н/а and осв have no number and are left out, not counted as zero."""
    products = weights = 0
    sums: dict[str, tuple[int, int]] = {}
    for mark in marks:
        if not mark.value.isdecimal():
            continue
        value = int(mark.value)
        products += value * mark.weight
        weights += mark.weight
        total, count = sums.get(mark.category, (0, 0))
        sums[mark.category] = total + value, count + 1
    nothing = (0, 0)
    return Tally(products, weights, sums.get("control", nothing), sums.get("class", nothing), sums.get("home", nothing))


def propose(
    marks: Iterable[MarkOfPeriod], *, thresholds: Thresholds | None = None, minimum_marks: int = 3
) -> Proposals:
    """What the marks of a pupil in one subject and period propose."""
    return propose_of(tally(marks), thresholds or Thresholds(), minimum_marks)


def propose_of(marks: Tally, thresholds: Thresholds, minimum_marks: int) -> Proposals:
    """What marks propose that were added up already."""
    return Proposals(
        marks_count=marks.count,
        enough=marks.count >= minimum_marks,
        by_average=by_average(marks, thresholds),
        by_priority=by_priority(marks),
    )


def by_average(marks: Tally, thresholds: Thresholds) -> ByAverage:
    """Proposal (a) of J-16."""
    products, weights = marks.products, marks.weights
    if not weights:
        return ByAverage(None, 0, 0, None, thresholds, None)
    average = _two_places(products, weights)
    for mark, threshold in thresholds.steps():
        if average >= threshold:
            return ByAverage(mark, products, weights, average, thresholds, threshold)
    return ByAverage(LOWEST, products, weights, average, thresholds, None)


def by_priority(marks: Tally) -> ByPriority:
    """Proposal (b) of J-16. Weights play no part in it."""
    control, class_, home = _mean(*marks.control), _mean(*marks.class_), _mean(*marks.home)
    chosen: Category | None = "control" if control else "class" if class_ else "home" if home else None
    leading = control or class_ or home
    others: tuple[tuple[Category, MeanOfCategory | None], ...] = (("class", class_), ("home", home))
    return ByPriority(
        proposed=max(leading.whole, LOWEST) if leading else None,
        chosen=chosen,
        control_works=control,
        class_work=class_,
        home_work=home,
        class_agrees_with_home=class_.whole == home.whole if class_ and home else None,
        control_agrees_with=tuple(name for name, mean in others if mean and mean.whole == control.whole)
        if control and (class_ or home)
        else None,
    )


def _mean(total: int, count: int) -> MeanOfCategory | None:
    return MeanOfCategory(count, total, _two_places(total, count), _half_up(total, count)) if count else None


@dataclass(frozen=True, slots=True)
class OfYear:
    """What the marks of the periods propose for the year (J-18): their mean, rounded half up."""

    proposed: int | None
    count: int
    sum: int
    mean: Decimal | None


def propose_year(period_marks: Iterable[str]) -> OfYear:
    """The mean of the period marks that have a number."""
    values = [int(value) for value in period_marks if value.isdecimal()]
    if not values:
        return OfYear(None, 0, 0, None)
    exact = Fraction(sum(values), len(values))
    return OfYear(_half_up(exact.numerator, exact.denominator), len(values), sum(values), two_places(exact))


def reason_is_needed(value: str, proposed: frozenset[str]) -> bool:
    """Whether the teacher has to say why: the mark differs from every proposal (J-17).

    Where nothing is proposed there is nothing to differ from; осв is somebody else's decision and needs no reason.
    """
    return bool(proposed) and value not in proposed and value != "осв"


AnomalyKind = Literal["mark_missing", "too_few_marks", "against_both_proposals"]


def anomaly_of(value: str | None, proposals: Proposals) -> AnomalyKind | None:
    """What a deputy should look at in one pupil's period (J-18); the first that fits.

    Args:
        value: the period mark; None if none is set.
        proposals: what the marks proposed.
    """
    if value is None:
        return "mark_missing"
    # A school may attest by one mark, and its deputy still looks at whom it did (J-18).
    if value.isdecimal() and (not proposals.enough or proposals.marks_count <= 1):
        return "too_few_marks"
    return "against_both_proposals" if reason_is_needed(value, proposals.values) else None


def two_places(exact: Fraction) -> Decimal:
    """A positive fraction to hundredths, half up, rounded once."""
    return _two_places(exact.numerator, exact.denominator)


def _two_places(numerator: int, denominator: int) -> Decimal:
    return Decimal(_half_up(100 * numerator, denominator)).scaleb(-2)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
