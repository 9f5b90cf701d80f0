"""The HTTP application: `uvicorn --factory identity.main:create_app`."""

from fastapi import FastAPI

from identity.access_slips import api as access_slips_api
from identity.accounts import api as accounts_api
from identity.applications import api as applications_api
from identity.applications import school_api as school_applications_api
from identity.class_contacts import api as class_contacts_api
from identity.consents import api as consents_api
from identity.container import Container
from identity.matching import api as matching_api
from identity.membership import api as membership_api
from identity.profile import api as profile_api
from identity.recovery import api as recovery_api
from identity.registration import api as registration_api
from identity.registry import api as registry_api
from identity.reviews import api as reviews_api
from identity.school_import import api as school_import_api
from identity.sessions import api as sessions_api
from identity.settings import Settings
from shared.http import service_app
from shared.ops.settings import load_settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; settings come from the environment unless they are given."""
    return service_app(
        service="identity",
        title="Звонок: учётные записи и школы · Zvonok: accounts and schools",
        description="Вход, личные данные, реестр школ · Sign-in, personal data, school registry.",
        settings=settings or load_settings(Settings),
        open_container=Container.open,
        routers=[
            registration_api.router,
            sessions_api.router,
            recovery_api.router,
            accounts_api.router,
            profile_api.router,
            consents_api.router,
            access_slips_api.router,
            matching_api.router,
            registry_api.router,
            membership_api.router,
            reviews_api.router,
            class_contacts_api.router,
            school_import_api.router,
            applications_api.router,
            school_applications_api.router,
        ],
        root_routers=[sessions_api.well_known],
        body_limits={**applications_api.UPLOADS, **school_import_api.UPLOADS},
    )
