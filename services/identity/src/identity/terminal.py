"""How commands speak: in the language of the terminal, complaints and progress on stderr, results on stdout."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from identity.mistakes import Mistake
from shared.http.texts import Language, Text


def language() -> Language:
    """Of the terminal; Russian unless it says English."""
    said = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "en" if said.lower().startswith("en") else "ru"


def errors() -> Console:
    """The console for everything that is not the result."""
    return Console(stderr=True, highlight=False)


def show_mistake(mistake: Mistake) -> None:
    """One line that editors can jump to: file, line, column, rule, what to do."""
    place = ":".join(str(part) for part in (mistake.file, mistake.line, mistake.column) if part)
    errors().print(f"{place}: {mistake.rule}: {mistake.message(language())}", markup=False, soft_wrap=True)


@contextmanager
def progress(steps: Mapping[str, Text]) -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step, shown once the step begins; what is yielded takes step, done, total."""
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors(), transient=True) as bar:
        tasks = {step: bar.add_task(text.format(language()), total=None, visible=False) for step, text in steps.items()}

        def show(step: str, done: int, total: int) -> None:
            bar.update(tasks[step], completed=done, total=total, visible=True)

        yield show
