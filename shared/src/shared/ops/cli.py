"""The command of a service: `journal api | worker | migrate | openapi | bus …`."""

import json
import sys
from importlib import import_module
from typing import Any

import typer

from shared.ops.logging import configure_logging
from shared.ops.settings import ServiceSettings, load_settings
from shared.ops.tracing import configure_tracing

_MAX_PARSED_BYTES = 512 * 1024
"""What the parser reads of a header before it gives up; the application refuses from 16 KiB on, in its own words."""
_LAST_ANSWERS = 10
"""Seconds that a process which was told to stop gives to the answers that it has begun."""


def service_cli(name: str, *, package: str | None = None, help_text: str = "") -> typer.Typer:
    """Make the command of a service; the service adds its own sub-commands to it.

    Args:
        name: the service, also the name of its package unless `package` says otherwise. The package has
            `main.create_app`, `worker.main`, `settings.Settings`, `events.subscriptions`.
        package: where that stands.
        help_text: one line on the service.
    """
    package = package or name
    cli = typer.Typer(name=name, help=help_text or f"The service {name}.", no_args_is_help=True)

    def settings_of(process: str) -> ServiceSettings:
        kind: type[ServiceSettings] = import_module(f"{package}.settings").Settings
        settings = load_settings(kind)
        configure_logging(name, process, settings.log_level)
        configure_tracing(name, process, settings.otlp_endpoint)
        return settings

    @cli.command()
    def api() -> None:
        """Serve the HTTP API."""
        import uvicorn

        settings = settings_of("api")
        application = import_module(f"{package}.main").create_app(settings)
        uvicorn.run(
            application,
            host=settings.api_host,
            port=settings.api_port,
            log_config=None,
            access_log=False,
            server_header=False,
            # The library's default believes whoever runs on this machine.
            forwarded_allow_ips=settings.trusted_proxies,
            # httptools reads a header of any length into memory; h11 has a limit.
            http="h11",
            h11_max_incomplete_event_size=_MAX_PARSED_BYTES,
            # An event stream would keep a process that was told to stop for as long as its token is good.
            timeout_graceful_shutdown=_LAST_ANSWERS,
        )

    @cli.command()
    def worker() -> None:
        """Run relay, inbox and scheduled jobs."""
        settings_of("worker")
        import_module(f"{package}.worker").main()

    @cli.command()
    def migrate() -> None:
        """Bring the database up to the newest version."""
        from shared.db.migrate import upgrade

        settings = settings_of("migrate")
        upgrade(package, settings.database_url)

    @cli.command()
    def openapi() -> None:
        """Print the OpenAPI document; needs no settings."""
        kind: Any = import_module(f"{package}.settings").Settings
        application = import_module(f"{package}.main").create_app(kind.model_construct())
        sys.stdout.write(json.dumps(application.openapi(), ensure_ascii=False, indent=2) + "\n")

    _add_bus(cli, name, package)
    return cli


def _add_bus(cli: typer.Typer, name: str, package: str) -> None:
    from shared.bus.operator import bus_cli

    def settings() -> ServiceSettings:
        kind: type[ServiceSettings] = import_module(f"{package}.settings").Settings
        return load_settings(kind)

    cli.add_typer(bus_cli(name, settings), name="bus")
