"""Whatever stands in a bundle, reading it ends in a roster or in mistakes, never in a crash."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from identity.school_import.oneroster.read_roster import read_roster

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FILES = (
    "manifest.csv", "orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "roles.csv",
    "enrollments.csv", "demographics.csv",
)  # fmt: skip
CELLS = st.text(max_size=40) | st.sampled_from(
    ["", "../../etc/localtime", "/etc/localtime", "Europe", "9999-12-31", "0001-01-01", "-1", "true", "usr-mother",
     "usr-mother,usr-mother", "cls-7a", "student", "homeroom", "school", "schoolYear", "\ud800"]
)  # fmt: skip
SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


def check(archive):
    roster, mistakes = read_roster(archive, NOW)
    assert (roster is None) == (len(mistakes) > 0)
    for mistake in mistakes:
        assert mistake.message("ru")
        assert mistake.message("en")


@SETTINGS
@given(data=st.data())
def test_any_cell_may_hold_anything(bundle, data):
    file = data.draw(st.sampled_from(FILES))
    row = data.draw(st.sampled_from(bundle.files[file]))
    column = data.draw(st.sampled_from(sorted(row)))
    before, row[column] = row[column], data.draw(CELLS)
    try:
        archive = bundle.zip()
    except UnicodeEncodeError:
        return
    finally:
        row[column] = before
    check(archive)


@SETTINGS
@given(file=st.sampled_from(FILES), content=st.binary(max_size=300))
def test_any_file_may_hold_anything(bundle, file, content):
    bundle.raw = {file: content}
    check(bundle.zip())


@SETTINGS
@given(archive=st.binary(max_size=300))
def test_any_bytes_may_come_as_an_archive(archive):
    check(archive)


def test_a_damaged_archive_is_refused_or_read(bundle):
    whole = bundle.zip()
    for place in range(0, len(whole), 37):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        check(bytes(damaged))
