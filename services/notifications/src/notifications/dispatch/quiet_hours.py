"""Hours in which nobody is called, by the clock on the wall of their zone (N-4, N-5). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` up to and without `end`, every day; overnight when it ends earlier than it begins.

    Equal times would say nothing: neither «never» nor «always».
    """

    begin: time
    end: time

    def __post_init__(self) -> None:
        if self.begin == self.end:
            raise ValueError("quiet hours that begin when they end")

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """The first instant from `at` on that is not quiet: `at` itself, or when the quiet hours end."""
        local = at.astimezone(zone)
        clock = local.time()
        overnight = self.end < self.begin
        quiet = (clock >= self.begin or clock < self.end) if overnight else self.begin <= clock < self.end
        if not quiet:
            return at
        day = local.date() + timedelta(days=1) if overnight and clock >= self.begin else local.date()
        return datetime.combine(day, self.end, zone).astimezone(UTC)
