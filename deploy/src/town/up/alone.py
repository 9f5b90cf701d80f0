"""Each service alone (law 3): installed in an environment of its own, without the other services, it must start.

A service that imports another's package works in the common environment and fails here.
"""

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.localstack.errors import LocalStackError
from shared.localstack.processes import run
from town.up.table import SERVICES

MODULES = ("main", "worker", "cli")


def check_alone(checkout: Path, service: str) -> str:
    """Install one service into `.local/alone/<service>` and load what its processes load; one line of result.

    Raises:
        LocalStackError: it does not install or does not load without the others.
    """
    uv = shutil.which("uv") or str(checkout / ".local" / "uv" / "bin" / "uv")
    home = checkout / ".local" / "alone" / service
    env = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(home)}
    env.pop("VIRTUAL_ENV", None)
    sync = (uv, "sync", "--locked", "--quiet", "--no-dev", "--package", f"zvonok-{service}", "--python", sys.executable)
    _do(service, sync, env, checkout)
    strangers = [other for other in (*SERVICES, "town") if other != service]
    loads = "\n".join(
        [
            "import importlib, importlib.util, sys",
            f"for other in {strangers!r}:",
            "    assert importlib.util.find_spec(other) is None, f'{other} is installed beside it'",
            f"for module in {MODULES!r}:",
            f"    importlib.import_module('{service}.' + module)",
        ]
    )
    python = str(home / "bin" / "python")
    _do(service, (python, "-I", "-c", loads), env, checkout)
    _do(service, (str(home / "bin" / service), "--help"), env, checkout)
    return f"{service}: ok"


def check_all_alone(checkout: Path) -> list[str]:
    """All services, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda service: check_alone(checkout, service), SERVICES))


def _do(service: str, command: tuple[str, ...], env: dict[str, str], cwd: Path) -> None:
    done = run(command, env=env, cwd=cwd, timeout=600)
    if done.returncode != 0:
        raise LocalStackError(
            f"Служба {service} не работает отдельно от других:\n{done.stdout.strip()}",
            f"The service {service} does not work without the others.",
        )
