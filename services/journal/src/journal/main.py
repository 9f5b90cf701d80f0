"""The HTTP application: `uvicorn --factory journal.main:create_app`."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI

from journal.announcements.api import router as announcements
from journal.attendance.api import router as attendance
from journal.attestation.api import router as attestation
from journal.attestation.periods_api import router as closing
from journal.backpack.api import router as backpack
from journal.behaviour.api import router as behaviour
from journal.bells.api import router as bells
from journal.calendar.api import router as calendar
from journal.city_events.api import router as city_events
from journal.class_journal.api import router as class_journal
from journal.class_journal.cell_history_api import router as cell_history
from journal.container import Container
from journal.curricula.api import router as curricula
from journal.daily_regime.api import router as daily_regime
from journal.diary.api import router as diary
from journal.feeds.api import router as feeds
from journal.homework import files_api as homework_files
from journal.homework.api import router as homework
from journal.lessons.api import router as lessons
from journal.marks.api import router as marks
from journal.parameters import PARAMETERS
from journal.points.api import router as points
from journal.reports.api import router as reports
from journal.reports.exports_api import router as exports
from journal.reports.overviews_api import router as overviews
from journal.settings import Settings
from journal.signature.api import router as signature
from journal.substitutions.api import router as substitutions
from journal.timetable.api import router as timetable
from journal.weekly_timetable.api import router as weekly_timetable
from shared.http import service_app
from shared.ops.settings import load_settings

# FastAPI asks them one after the other: what families open all day comes first, and what teachers' pages ask all day.
ROUTERS = (
    diary,
    class_journal,
    calendar,
    bells,
    timetable,
    weekly_timetable,
    substitutions,
    lessons,
    marks,
    cell_history,
    points,
    attendance,
    homework,
    homework_files.router,
    behaviour,
    backpack,
    attestation,
    closing,
    announcements,
    city_events,
    feeds,
    curricula,
    daily_regime,
    signature,
    reports,
    exports,
    overviews,
)


def create_app(
    settings: Settings | None = None,
    open_container: Callable[[Any], AbstractAsyncContextManager[Container]] = Container.open,
) -> FastAPI:
    """Make the application from `settings`, or from the environment."""
    return service_app(
        service="journal",
        title="Звонок: журнал и дневник — Zvonok: class journal and diary",
        description="Timetable, marks, and the diary that a family reads. Errors are RFC 9457, in Russian or English.",
        settings=settings or load_settings(Settings),
        open_container=open_container,
        routers=ROUTERS,
        body_limits=homework_files.UPLOADS,
        parameters=PARAMETERS,
    )
