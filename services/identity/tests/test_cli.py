"""The command: exit codes, and mistakes as file:line:column."""

import base64
import json

import pytest
from typer.testing import CliRunner

from identity.cli import app
from identity.sessions.signing_keys import SigningKeys


@pytest.fixture
def run(monkeypatch):
    def call(*arguments, language="ru_RU.UTF-8", **variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"ZVONOK_{name}", value)
        monkeypatch.setenv("LC_ALL", language)
        return CliRunner().invoke(app, arguments)

    return call


@pytest.fixture
def variables(identity):
    settings = identity.container.settings
    return {
        "DATABASE_URL": settings.database_url,
        "MASTER_KEY": base64.b64encode(settings.master_key).decode(),
        "LOOKUP_KEY": base64.b64encode(settings.lookup_key).decode(),
        "SIGNING_KEYS": json.dumps(settings.signing_keys),
    }


def test_i_13_import_by_command(run, variables, bundle, tmp_path):
    file = tmp_path / "school.zip"
    file.write_bytes(bundle.zip())
    dry = run("import-school", str(file), "--dry-run", **variables)
    assert (dry.exit_code, "Будет изменено" in dry.output) == (0, True), dry.output
    wet = run("import-school", str(file))
    assert (wet.exit_code, "Загружено" in wet.output) == (0, True), wet.output
    assert "Изменений нет" in run("import-school", str(file)).output
    assert "Nothing has changed" in run("import-school", str(file), language="en_GB.UTF-8").output
    assert run("appoint-operator", "+79000000006").exit_code == 0
    assert run("appoint-operator", "nobody").exit_code == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru_RU.UTF-8", "users.csv:10:phone: phone: Это не номер телефона."),
        ("en_US.UTF-8", "users.csv:10:phone: phone: This is not a phone number."),
    ],
)
def test_i_13_mistakes_by_command(run, variables, bundle, tmp_path, language, line):
    bundle.row("users.csv", "usr-other")["phone"] = "1"
    file = tmp_path / "school.zip"
    file.write_bytes(bundle.zip())
    refused = run("import-school", str(file), language=language, **variables)
    assert refused.exit_code == 1
    assert line in refused.output


def test_i_9_keys_by_command(run, variables):
    printed = dict(line.split("=", 1) for line in run("generate-keys").output.splitlines())
    assert set(printed) == {"ZVONOK_MASTER_KEY", "ZVONOK_LOOKUP_KEY", "ZVONOK_SIGNING_KEYS"}
    assert len(base64.b64decode(printed["ZVONOK_MASTER_KEY"].strip("'"))) == 32
    assert len(SigningKeys(json.loads(printed["ZVONOK_SIGNING_KEYS"].strip("'"))).public) == 2
    rotated = run("rotate-keys", **variables).output
    assert len(json.loads(rotated.split("=", 1)[1].strip().strip("'"))["keys"]) == 3


@pytest.mark.parametrize(
    ("name", "value"), [("MASTER_KEY", "short"), ("SIGNING_KEYS", '{"keys": []}'), ("LOOKUP_KEY", "?")]
)
def test_wrong_settings_are_named(run, variables, name, value):
    refused = run("rotate-keys", **(variables | {name: value}))
    assert refused.exit_code == 2
    assert f"ZVONOK_{name}" in refused.output
    assert value not in refused.output.replace(f"ZVONOK_{name}", "") or name == "LOOKUP_KEY"


def test_no_database_is_said_plainly(run, variables, bundle, tmp_path):
    file = tmp_path / "school.zip"
    file.write_bytes(bundle.zip())
    url = "postgresql+asyncpg://nobody:nothing@127.0.0.1:9/none"
    refused = run("import-school", str(file), **(variables | {"DATABASE_URL": url}))
    assert refused.exit_code == 3
    assert "База данных не отвечает" in refused.output
    assert "Traceback" not in refused.output


def test_i_11_a_frontends_keys(run, variables):
    printed = run("generate-client-key", "portal").output.splitlines()
    private = json.loads(printed[0])
    registered = printed[1].removeprefix("ZVONOK_CLIENTS='").removesuffix("'")
    assert private["d"]
    assert private["d"] not in registered
    assert run("appoint-operator", "nobody", **variables, CLIENTS=registered).exit_code == 1, "settings take it"
    assert run("appoint-operator", "nobody", CLIENTS=json.dumps({"portal": {"keys": [private]}})).exit_code == 2
