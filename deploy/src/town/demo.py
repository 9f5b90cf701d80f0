"""`make demo`: the stories, printed with the time of each step."""

import httpx
from rich.console import Console

from shared.localstack.errors import LocalStackError
from town.newcomers import Post
from town.people import Late, Refused
from town.story import Story
from town.story_of_access import StoryOfAccess
from town.up import Town
from town.up.demo import this_week
from town.up.show import said


def play(town: Town) -> None:
    """Play the stories in the running town.

    Raises:
        LocalStackError: the town does not run, or a step failed; says which.
    """
    console = Console()

    def say(russian: str, english: str, seconds: float) -> None:
        console.print(f"[green]✓[/] {said(russian, english):<55} [dim]{seconds * 1000:7.0f} ms[/]")

    try:
        Story(town.base_url, town.mail_url, say).play()
        StoryOfAccess(town.base_url, Post(town.sms_url, town.mail_url), say, this_week()).play()
    except httpx.ConnectError as error:
        raise LocalStackError(
            "Город не запущен. Запустите его: make up", "The town does not run. Start it: make up"
        ) from error
    except (Refused, Late) as error:
        raise LocalStackError(f"История прервалась: {error}", f"The story broke off: {error}") from error
