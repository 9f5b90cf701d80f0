"""Without RabbitMQ and without the right to install it, the way out is said plainly."""

from pathlib import Path

import pytest

from shared.localstack import rabbitmq_files
from shared.localstack.errors import LocalStackError


@pytest.mark.parametrize(("uid", "apt"), [(1000, "/usr/bin/apt-get"), (0, None)])
def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uid: int, apt: str | None) -> None:
    monkeypatch.setattr(rabbitmq_files, "find", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: uid)
    monkeypatch.setattr("shutil.which", lambda _name: apt)
    with pytest.raises(LocalStackError) as caught:
        rabbitmq_files.find_or_install(tmp_path / "apt.log")
    for text in (caught.value.ru, caught.value.en):
        assert "apt-get install rabbitmq-server" in text
        assert "ZVONOK_RABBITMQ_URL" in text
        assert "Docker" in text
