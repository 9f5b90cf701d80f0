"""I-13: errors name file, line, column and rule, all at once, and nothing is half-written."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from identity.errors import BundleRefused
from identity.mistakes import RULES
from identity.registry.tables import people, schools
from identity.school_import import bundle as archives


async def mistakes_of(identity, bundle):
    with pytest.raises(BundleRefused) as refused:
        await identity.load(bundle)
    async with identity.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(schools)) == 0, "nothing half-written"
        assert await session.scalar(select(func.count()).select_from(people)) == 0
    return [(each.file, each.line, each.column, each.rule) for each in refused.value.mistakes]


def change(bundle, file, source_id, **cells):
    bundle.row(file, source_id).update({name.replace("__", "."): value for name, value in cells.items()})


async def test_i_13_twenty_mistakes_are_reported_at_once(identity, bundle):
    change(bundle, "orgs.csv", "org-school", metadata__timeZone="Europe/Atlantis", name="")
    change(bundle, "academicSessions.csv", "ses-year", endDate="2026-08-31")
    change(bundle, "courses.csv", "crs-math", title="")
    change(bundle, "classes.csv", "cls-7b", title="7 «а»")
    change(bundle, "classes.csv", "cls-7a-math", metadata__homeroomSourcedId="cls-7b-math", courseSourcedId="crs-no")
    change(bundle, "users.csv", "usr-director", phone="12345")
    change(bundle, "users.csv", "usr-teacher", email="анна@почта")
    change(bundle, "users.csv", "usr-mother", metadata__snils="112-233-445 00", phone="+79000000003")
    change(bundle, "users.csv", "usr-father", familyName="")
    change(bundle, "users.csv", "usr-granny", metadata__initialPassword="short", metadata__emailProved="yes")
    change(bundle, "users.csv", "usr-pupil", agentSourcedIds="usr-nobody,usr-sister")
    change(
        bundle, "users.csv", "usr-other", givenName="Пё\u202eтр", metadata__initialPassword="long enough", username="?"
    )
    bundle.files["users.csv"].append(dict(bundle.row("users.csv", "usr-other")))
    change(bundle, "roles.csv", "rol-usr-director", role="king", orgSourcedId="org-no")
    change(bundle, "roles.csv", "rol-usr-sister", beginDate="01.09.2026")
    change(bundle, "enrollments.csv", "enr-cls-7a-usr-other", userSourcedId="usr-mother")
    change(bundle, "enrollments.csv", "enr-cls-7b-usr-sister", classSourcedId="cls-7b-math")
    change(bundle, "demographics.csv", "usr-pupil", birthDate="2099-01-01", sex="boy")
    found = await mistakes_of(identity, bundle)
    assert set(found) == {
        ("orgs.csv", 2, "metadata.timeZone", "time_zone"),
        ("orgs.csv", 2, "name", "required"),
        ("academicSessions.csv", 2, "endDate", "date_order"),
        ("courses.csv", 3, "title", "required"),
        ("classes.csv", 3, "title", "class_repeated"),
        ("classes.csv", 4, "metadata.homeroomSourcedId", "homeroom"),
        ("classes.csv", 4, "courseSourcedId", "reference"),
        ("users.csv", 2, "phone", "phone"),
        ("users.csv", 3, "email", "email"),
        ("users.csv", 5, "metadata.snils", "snils"),
        ("users.csv", 6, "phone", "contact_taken"),
        ("users.csv", 6, "familyName", "required"),
        ("users.csv", 7, "metadata.initialPassword", "password"),
        ("users.csv", 7, "metadata.emailProved", "choice"),
        ("users.csv", 8, "agentSourcedIds", "reference"),
        ("users.csv", 8, "agentSourcedIds", "pupil"),
        ("users.csv", 10, "givenName", "name"),
        ("users.csv", 10, "username", "username"),
        ("users.csv", 11, "sourcedId", "id_repeated"),
        ("roles.csv", 2, "role", "choice"),
        ("roles.csv", 2, "orgSourcedId", "reference"),
        ("roles.csv", 9, "beginDate", "date"),
        ("users.csv", 2, "sourcedId", "role_missing"),
        ("enrollments.csv", 4, "userSourcedId", "not_a_pupil"),
        ("enrollments.csv", 3, "classSourcedId", "homeroom"),
        ("demographics.csv", 2, "birthDate", "birth_date"),
        ("demographics.csv", 2, "sex", "choice"),
    }
    assert len(found) >= 20


async def test_i_13_a_field_over_several_lines_keeps_the_count(identity, bundle):
    bundle.row("users.csv", "usr-director")["givenName"] = "Павел\nПётр"
    bundle.row("users.csv", "usr-teacher")["phone"] = "1"
    found = await mistakes_of(identity, bundle)
    assert ("users.csv", 4, "phone", "phone") in found


@pytest.mark.parametrize(
    ("content", "mistake"),
    [
        (b"sourcedId,title\nc,\xff\xfe", ("courses.csv", 2, None, "not_utf8")),
        (b'sourcedId,title\na,b\nc,"open', ("courses.csv", 3, None, "csv_broken")),
        (b"sourcedId,title\na,b,c", ("courses.csv", 2, None, "field_count")),
        (b"sourcedId\na", ("courses.csv", 1, "title", "column_missing")),
        (b"sourcedId,title,title\na,b,b", ("courses.csv", 1, "title", "column_repeated")),
        (b"", ("courses.csv", 1, "sourcedId", "column_missing")),
    ],
)
async def test_i_13_broken_csv(identity, bundle, content, mistake):
    bundle.raw["courses.csv"] = content
    assert mistake in await mistakes_of(identity, bundle)


async def test_i_13_bulk_only_and_version(identity, bundle):
    bundle.files["manifest.csv"][1]["value"] = "1.1"
    bundle.files["manifest.csv"][2]["value"] = "delta"
    bundle.row("users.csv", "usr-other")["status"] = "tobedeleted"
    assert await mistakes_of(identity, bundle) == [
        ("manifest.csv", 3, "value", "version"),
        ("manifest.csv", 4, "value", "bulk_only"),
        ("users.csv", 10, "status", "bulk_only"),
    ]


async def test_i_13_missing_files(identity, bundle):
    del bundle.files["roles.csv"]
    assert ("roles.csv", None, None, "file_missing") in await mistakes_of(identity, bundle)


async def test_i_13_a_username_of_another_account(identity, bundle):
    await identity.load(bundle)
    stranger = bundle.row("users.csv", "usr-other")
    stranger["metadata.initialPassword"] = "long enough"
    stranger["username"] = "mother"
    with pytest.raises(BundleRefused) as refused:
        await identity.load(bundle)
    mistakes = {(each.line, each.column, each.rule) for each in refused.value.mistakes}
    assert mistakes == {(10, "username", "id_repeated")}
    bundle.row("users.csv", "usr-mother")["username"] = "mother-renamed"
    with pytest.raises(BundleRefused) as refused:
        await identity.load(bundle)
    assert [(each.line, each.column, each.rule) for each in refused.value.mistakes] == [
        (10, "username", "username_taken")
    ]


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


class Raw:
    def __init__(self, content):
        self.content = content

    def zip(self):
        return self.content


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "archive_broken"),
        (b"PK\x03\x04 no zip", "archive_broken"),
        (zipped(**{"..__..__etc__passwd": "x"}), "archive_path"),
        (zipped(**{"folder__orgs.csv": "x"}), "archive_path"),
        (zipped(**{f"{number}.csv": "x" for number in range(50)}), "archive_too_large"),
    ],
)
async def test_i_13_hostile_archives(identity, content, rule):
    found = await mistakes_of(identity, Raw(content))
    assert {mistake[3] for mistake in found} == {rule}


async def test_i_13_zip_bomb_is_refused_before_it_is_unpacked(identity, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 1024 * 1024)
    content = zipped(**{"users.csv": b"0" * 2 * 1024 * 1024})
    assert len(content) < 10_000
    assert [mistake[3] for mistake in await mistakes_of(identity, Raw(content))] == ["archive_too_large"]
    # The same archive that declares a small size.
    lying = content.replace((2 * 1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert {mistake[3] for mistake in await mistakes_of(identity, Raw(lying))} <= {
        "archive_broken",
        "archive_too_large",
        "file_missing",
    }


async def test_i_13_truncated_archives_never_crash(identity, bundle):
    whole = bundle.zip()
    for size in range(0, len(whole), len(whole) // 20):
        await mistakes_of(identity, Raw(whole[:size]))


def test_every_rule_speaks_both_languages():
    for russian, english in RULES.values():
        assert russian
        assert english
        assert russian != english
