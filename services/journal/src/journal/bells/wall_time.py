"""Times as they stand in requests: by the clock on the school's wall, without a zone."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator


def _of_the_wall(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("bells ring by the clock on the wall: no zone")
    return at


WallTime = Annotated[time, AfterValidator(_of_the_wall)]
