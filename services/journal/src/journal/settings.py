"""Settings of journal: nothing beyond what every service is told."""

from shared.ops.settings import ServiceSettings


class Settings(ServiceSettings):
    """Environment of journal's processes, prefix `ZVONOK_`."""

    api_port: int = 8102
    ops_port: int = 8202
