"""What can go wrong on somebody's machine, said so that they know what to do: in Russian first, then in English."""


class LocalStackError(Exception):
    """A reason for the reader of a terminal, not a fault of the program: shown without a traceback."""

    def __init__(self, ru: str, en: str) -> None:
        self.ru = ru
        self.en = en
        super().__init__(f"{ru}\n{en}")


class PortTakenError(LocalStackError):
    """Somebody else listens on a port that we need."""

    def __init__(self, port: int, purpose: str, way_out: str) -> None:
        self.port = port
        super().__init__(
            f"Порт {port} ({purpose}) занят другой программой. Освободите его или задайте {way_out}.",
            f"Port {port} ({purpose}) is taken by another program. Free it or set {way_out}.",
        )


class ServerDiedError(LocalStackError):
    """A process that we started has ended before it was ready; carries the last lines of its log."""

    def __init__(self, name: str, log: str, last_lines: str) -> None:
        self.name = name
        super().__init__(
            f"Процесс «{name}» завершился, не успев запуститься. Журнал: {log}\n{last_lines}",
            f"Process {name!r} ended before it was ready. Its log: {log}",
        )


class NotReadyError(LocalStackError):
    """A process runs but has not become ready in time."""

    def __init__(self, name: str, seconds: float, log: str, last_lines: str) -> None:
        self.name = name
        super().__init__(
            f"«{name}» не отвечает {seconds:.0f} с после запуска. Журнал: {log}\n{last_lines}",
            f"{name!r} does not answer {seconds:.0f} s after its start. Its log: {log}",
        )
