"""A private RabbitMQ node from the machine's own installation: own name, ports, data, log, cookie and port mapper.

It is started through the launcher of the package, without Debian's wrapper, so an ordinary user can do it and the
system's node (/var/lib/rabbitmq, /etc/rabbitmq, port 5672, epmd on 4369) is neither read nor disturbed.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from shared.localstack import ports
from shared.localstack.broker import management_answers
from shared.localstack.errors import PortTakenError
from shared.localstack.processes import ProcessId, await_ready, read_json, spawn, write_json
from shared.localstack.rabbitmq_files import RabbitFiles, find_or_install
from shared.localstack.servers import RabbitAddress


@dataclass(frozen=True, slots=True)
class RabbitPorts:
    """The four ports of a node: AMQP, management, Erlang's distribution, and its port mapper."""

    amqp: int
    management: int
    distribution: int
    epmd: int


class EmbeddedRabbit:
    """One node. `home` keeps its data, log, cookie and configuration."""

    origin = "embedded"
    user = "zvonok_admin"

    def __init__(self, home: Path, *, password: str, node_ports: RabbitPorts) -> None:
        self.home = home.resolve()
        self._password = password
        self._ports = node_ports
        self._log = self.home / "log" / "rabbitmq.log"
        self._output = self.home / "log" / "start.log"
        self._state = self.home / "process.json"
        self._epmd_state = self.home / "epmd.json"
        self._node = f"zvonok_{hashlib.sha256(str(self.home).encode()).hexdigest()[:8]}@localhost"

    @property
    def address(self) -> RabbitAddress:
        management = f"http://127.0.0.1:{self._ports.management}"
        return RabbitAddress("127.0.0.1", self._ports.amqp, management, self.user, self._password)

    @property
    def process(self) -> ProcessId | None:
        """Erlang's virtual machine, if it lives."""
        return _living(self._state)

    @property
    def alive(self) -> bool:
        return self.process is not None

    def start(self) -> None:
        """Start the node unless it runs; about 6 s.

        Raises:
            LocalStackError: RabbitMQ is missing and cannot be installed, or a port is taken, or the node died.
        """
        if self.alive:
            return
        files = find_or_install(self.home / "log" / "apt.log")
        taken = {
            "RabbitMQ AMQP": self._ports.amqp,
            "RabbitMQ management": self._ports.management,
            "RabbitMQ distribution": self._ports.distribution,
        }
        for purpose, port in taken.items():
            if not ports.becomes_free(port):
                raise PortTakenError(port, purpose, "ZVONOK_RABBITMQ_PORT")
        self._configure()
        self._start_epmd(files)
        process = spawn([files.server], log=self._output, env=self._environment(files), cwd=self.home)
        write_json(self._state, process.as_json())
        await_ready("RabbitMQ", process, self._is_ready, seconds=90, log=self._output)

    def _start_epmd(self, files: RabbitFiles) -> None:
        """Our own port mapper: the shared one would be started by us and stay behind, or belong to somebody else."""
        if _living(self._epmd_state) is not None:
            return
        if not ports.becomes_free(self._ports.epmd):
            raise PortTakenError(self._ports.epmd, "Erlang epmd", "ZVONOK_RABBITMQ_PORT")
        command: list[str | Path] = [files.epmd, "-address", "127.0.0.1", "-port", str(self._ports.epmd)]
        log = self.home / "log" / "epmd.log"
        process = spawn(command, log=log, env=self._environment(files), cwd=self.home)
        write_json(self._epmd_state, process.as_json())
        await_ready("epmd", process, lambda: ports.answers(self._ports.epmd), seconds=10, log=log)

    def _configure(self) -> None:
        for directory in ("data", "log", "home"):
            (self.home / directory).mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self._ports.amqp}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": str(self._ports.management),
            "management.rates_mode": "none",
            "default_user": self.user,
            "default_pass": self._password,
            "loopback_users.guest": "true",
            "disk_free_limit.absolute": "200MB",
            "raft.wal_max_size_bytes": "33554432",
            "heartbeat": "15",
            "log.file": str(self._log),
            "log.file.level": "info",
            "log.console": "false",
        }
        _write_private(self.home / "rabbitmq.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        _write_private(self.home / "rabbitmq-env.conf", "")
        _write_private(self.home / "enabled_plugins", "[rabbitmq_management].\n")
        cookie = self.home / "home" / ".erlang.cookie"
        if not cookie.exists():
            _write_private(cookie, os.urandom(24).hex())
            cookie.chmod(0o400)

    def _environment(self, files: RabbitFiles) -> dict[str, str]:
        path = os.environ.get("PATH", os.defpath)
        return {
            "PATH": f"{files.erlang}:{path}",
            "HOME": str(self.home / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self._ports.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP": str(self.home / "log" / "erl_crash.dump"),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(self._ports.distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(self.home / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.home / "advanced.config"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.home / "generated"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_MNESIA_DIR": str(self.home / "data" / "node"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(self.home / "data" / "plugins"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(self.home / "data" / "feature_flags"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_LOGS": str(self._log),
            "RABBITMQ_PID_FILE": str(self.home / "data" / "node.pid"),
            # The launcher then replaces itself with Erlang, so the pid that we know is the node's own.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _is_ready(self) -> bool:
        return management_answers(self.address)

    def stop(self) -> None:
        """Stop the node (it flushes to disk), then its port mapper."""
        process = self.process
        if process is not None:
            process.signal(15)
            if not process.wait(40):
                process.kill()
        epmd = _living(self._epmd_state)
        if epmd is not None:
            epmd.kill()
        self._state.unlink(missing_ok=True)
        self._epmd_state.unlink(missing_ok=True)

    def kill(self) -> None:
        """SIGKILL of the node; what it had confirmed must still be there after `start`."""
        process = self.process
        if process is not None:
            process.kill()

    def remove(self) -> None:
        """Stop, and delete all data."""
        self.kill()
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def _living(state: Path) -> ProcessId | None:
    stored = read_json(state)
    if not stored:
        return None
    process = ProcessId.from_json(stored)  # type: ignore[arg-type]  # our own file
    return process if process.alive else None


def _write_private(path: Path, content: str) -> None:
    path.touch(mode=0o600)
    path.write_text(content)
