import base64

import pytest

from shared.ops.settings import SecretBytes, ServiceSettings, load_settings

KEY = b"k" * 32


class Settings(ServiceSettings):
    api_port: int = 8102
    master_key: SecretBytes


@pytest.fixture
def environment(monkeypatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ZVONOK_DATABASE_URL", "postgresql+asyncpg://journal:hunter2@127.0.0.1/journal")
    monkeypatch.setenv("ZVONOK_MASTER_KEY", base64.b64encode(KEY).decode())
    return monkeypatch


def test_settings_come_from_the_environment(environment):
    environment.setenv("ZVONOK_SEALING_RECIPIENTS", '{"notifications": {"kty": "EC"}}')
    environment.setenv("ZVONOK_LOOKUP_KEY", base64.b64encode(KEY).decode())
    settings = load_settings(Settings)
    assert settings.master_key == KEY
    assert settings.lookup_key == KEY
    assert settings.api_port == 8102
    assert settings.sealing_recipients == {"notifications": {"kty": "EC"}}
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ZVONOK_DATABASE_URL", None, "ZVONOK_DATABASE_URL is missing"),
        ("ZVONOK_API_PORT", "many", "ZVONOK_API_PORT: "),
        ("ZVONOK_MASTER_KEY", "not base64!", "ZVONOK_MASTER_KEY: "),
        ("ZVONOK_SEALING_RECIPIENTS", "{", "sealing_recipients"),
    ],
)
def test_a_wrong_one_is_named_and_ends_with_2(environment, capsys, variable, value, said):
    if value is None:
        environment.delenv(variable)
    else:
        environment.setenv(variable, value)
    with pytest.raises(SystemExit) as ended:
        load_settings(Settings)
    assert ended.value.code == 2
    message = capsys.readouterr().err
    assert said in message
    assert "Traceback" not in message
    assert "hunter2" not in message
