"""Find RabbitMQ's programs on this machine; on Debian, as root, install the package without starting its service."""

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from shared.localstack.errors import LocalStackError
from shared.localstack.processes import run

POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian asks this script before a package may start its service; 101 means no."""


@dataclass(frozen=True, slots=True)
class RabbitFiles:
    """RabbitMQ's launcher, the directory of Erlang's programs, and the port mapper."""

    server: Path
    erlang: Path
    epmd: Path


def find() -> RabbitFiles | None:
    """The real launcher, not Debian's wrapper in /usr/sbin that only root and the user rabbitmq may run."""
    launchers = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server"]
    launchers += sorted(map(str, Path("/usr/lib/rabbitmq").glob("lib/*/sbin/rabbitmq-server")), reverse=True)
    launchers += ["/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server", "/usr/local/opt/rabbitmq/sbin/rabbitmq-server"]
    home = os.environ.get("RABBITMQ_HOME")
    if home:
        launchers.insert(0, f"{home}/sbin/rabbitmq-server")
    server = next((Path(path) for path in launchers if os.access(path, os.X_OK)), None)
    erl = shutil.which("erl")
    if server is None or erl is None:
        return None
    epmd = shutil.which("epmd") or next(iter(Path(erl).resolve().parents[1].glob("erts-*/bin/epmd")), None)
    if epmd is None:
        return None
    return RabbitFiles(server, Path(erl).parent, Path(epmd))


def find_or_install(log: Path) -> RabbitFiles:
    """RabbitMQ's programs, installed if they are missing and we may.

    Raises:
        LocalStackError: they are missing and cannot be installed; says what to do.
    """
    files = find()
    if files is not None:
        return files
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise LocalStackError(
            "Не найден RabbitMQ, а установить его сейчас нельзя (нужны права root и apt-get).\n"
            "Сделайте одно из трёх: установите пакет (sudo apt-get install rabbitmq-server); запустите Docker;\n"
            "или задайте ZVONOK_RABBITMQ_URL и ZVONOK_RABBITMQ_MANAGEMENT_URL вашего сервера.",
            "RabbitMQ is not installed and cannot be installed now (it needs root and apt-get).\n"
            "Do one of three: install the package (sudo apt-get install rabbitmq-server); start Docker;\n"
            "or set ZVONOK_RABBITMQ_URL and ZVONOK_RABBITMQ_MANAGEMENT_URL of a server of yours.",
        )
    _apt_install(log)
    files = find()
    if files is None:
        raise LocalStackError(
            f"Пакет rabbitmq-server установлен, но его файлов нет. Журнал установки: {log}",
            f"The package rabbitmq-server is installed but its files are not there. The log: {log}",
        )
    return files


def _apt_install(log: Path) -> None:
    """`apt-get install rabbitmq-server` that leaves the system service stopped and everything else as it was."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(POLICY.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    install = ["apt-get", "-q", "-y", "--no-install-recommends", "install", "rabbitmq-server"]
    try:
        updated = run(["apt-get", "-q", "update"], env=environment, cwd=Path("/"), timeout=300)
        installed = run(install, env=environment, cwd=Path("/"), timeout=600)
    finally:
        if ours:
            POLICY.unlink()
    output = updated.stdout + installed.stdout
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(output)
    if installed.returncode != 0:
        end = "\n".join(output.splitlines()[-8:])
        raise LocalStackError(
            f"apt-get не смог установить rabbitmq-server. Журнал: {log}\n{end}",
            f"apt-get could not install rabbitmq-server. The log: {log}",
        )
