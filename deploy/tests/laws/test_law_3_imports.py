"""Law 3 and the order of rooms: the contracts of import-linter hold, and each of them notices a breach.

That each service also installs and loads without the others is checked by `town alone` (`make check`).
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from town.up import SERVICES

BREACHES = {
    "services/journal/src/journal/settings.py": "import identity.errors",
    "shared/src/shared/ops/clock.py": "import support.errors",
    "services/journal/src/journal/worker.py": "import shared.testing.stack",
    "services/journal/src/journal/marks/api.py": "import aio_pika",
    "shared/src/shared/contracts/journal.py": "import shared.ops.ids",
    "shared/src/shared/access/decision.py": "import sqlalchemy",
    "shared/src/shared/business_time/__init__.py": "import sqlalchemy",
    "services/journal/src/journal/marks/rules.py": "import sqlalchemy\nimport journal.marks.tables",
    "services/journal/src/journal/marks/queries.py": "import journal.marks.consumers",
    "services/journal/src/journal/class_journal/post_mark.py": "import journal.class_journal.api",
    # a room that has no place in the order yet
    **{f"services/{service}/src/{service}/parties/__init__.py": "" for service in SERVICES},
}
"""At least one for every contract, in one copy."""


@pytest.fixture(scope="module")
def checkout(pytestconfig) -> Path:
    return Path(pytestconfig.rootpath)


def _lint(checkout: Path) -> tuple[set[str], set[str], str]:
    """(names of kept contracts, names of broken ones, output)."""
    sources = [checkout / "shared/src", checkout / "deploy/src", *(checkout / f"services/{s}/src" for s in SERVICES)]
    done = subprocess.run(  # noqa: S603 -- a command of ours
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", checkout / "pyproject.toml"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sources)), "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    results: dict[str, set[str]] = {"KEPT": set(), "BROKEN": set()}
    for line in done.stdout.splitlines():
        for name in _contracts(checkout):
            for result, names in results.items():
                if line.startswith(f"{name} {result}"):
                    names.add(name)
    assert (done.returncode == 0) == (not results["BROKEN"]), done.stdout + done.stderr
    return results["KEPT"], results["BROKEN"], done.stdout + done.stderr


def _contracts(checkout: Path) -> set[str]:
    settings = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_law_3_the_import_contracts_hold(checkout) -> None:
    kept, broken, output = _lint(checkout)
    assert (kept, broken) == (_contracts(checkout), set()), output


def test_law_3_every_contract_notices_a_breach(checkout, tmp_path) -> None:
    shutil.copy(checkout / "pyproject.toml", tmp_path)
    for package in ("shared", "deploy", *(f"services/{service}" for service in SERVICES)):
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(checkout / package / "src", tmp_path / package / "src", ignore=skipped)
    for path, line in BREACHES.items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        with place.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    kept, broken, output = _lint(tmp_path)
    assert (kept, broken) == (set(), _contracts(checkout)), output
