"""TCP ports: is one free, and which to take when it does not matter.

Free ports are looked for below the ephemeral range (32768 and up on Linux), where an outgoing connection of any program
could take a port that was free a minute ago. A chosen port is remembered by whoever chose it.
"""

import random
import socket
import time
from collections.abc import Iterable

FIRST, LAST = 20_000, 29_999


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Can a server be started on this port now? Ports in TIME_WAIT count as free, as they do for servers."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def becomes_free(port: int, seconds: float = 5) -> bool:
    """Is it free, or in a moment? The sockets of a killed process with many threads close a little after its death."""
    deadline = time.monotonic() + seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Does somebody accept connections on this port?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def choose(count: int, *, avoid: Iterable[int] = ()) -> list[int]:
    """Different free ports, from a random place so that two who choose at once seldom meet."""
    taken = set(avoid)
    chosen: list[int] = []
    start = random.SystemRandom().randint(FIRST, LAST)
    for step in range(LAST - FIRST + 1):
        port = FIRST + (start - FIRST + step) % (LAST - FIRST + 1)
        if port not in taken and is_free(port):
            chosen.append(port)
            taken.add(port)
        if len(chosen) == count:
            return chosen
    raise OSError(f"no {count} free ports between {FIRST} and {LAST}")
