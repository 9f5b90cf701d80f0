"""Secrets are made once, whoever asks first, and only their owner reads them."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shared.localstack.secrets import SecretBook


def test_two_who_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    path = tmp_path / "run" / "secrets.json"
    names = [f"service-{number % 5}" for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda name: (name, SecretBook(path).get(name)), names))
    assert len(set(answers)) == 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SecretBook(path).get("service-1") == dict(answers)["service-1"], "and it stays"
