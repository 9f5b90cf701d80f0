"""Opening the archive. A stranger packed it: sizes are limited before anything is unpacked, names are checked."""

import stat
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from identity.mistakes import Mistakes

MAX_ARCHIVE_BYTES = 16 * 1024 * 1024
MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_TOTAL_BYTES = 96 * 1024 * 1024
MAX_FILES = 40
"""OneRoster 1.2 knows 23 files; the largest school of the country has 15,000 pupils: some 20 MiB of CSV."""

REQUIRED = (
    "manifest.csv",
    "orgs.csv",
    "academicSessions.csv",
    "courses.csv",
    "classes.csv",
    "users.csv",
    "roles.csv",
    "enrollments.csv",
)
OPTIONAL = ("demographics.csv",)
ARCHIVE = "bundle.zip"
"""What the archive itself is called in reports."""


def open_bundle(archive: bytes, mistakes: Mistakes) -> dict[str, bytes]:
    """The files of the bundle that we read, by name.

    A zip bomb is stopped twice: by the sizes the archive declares, and by counting what really comes out.
    """
    if len(archive) > MAX_ARCHIVE_BYTES:
        mistakes.add(ARCHIVE, "archive_too_large", limit=f"{MAX_ARCHIVE_BYTES >> 20} MiB")
        return {}
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            if not _is_acceptable(opened.infolist(), mistakes):
                return {}
            files = _read_all(opened, mistakes)
    # What zipfile raises on hostile bytes is not only BadZipFile.
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        IndexError,
    ):
        mistakes.add(ARCHIVE, "archive_broken")
        return {}
    for name in REQUIRED:
        if name not in files:
            mistakes.add(name, "file_missing")
    return files


def _is_acceptable(entries: list[zipfile.ZipInfo], mistakes: Mistakes) -> bool:
    before = len(mistakes)
    if len(entries) > MAX_FILES:
        mistakes.add(ARCHIVE, "archive_too_large", limit=f"{MAX_FILES} files")
        return False
    if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        mistakes.add(ARCHIVE, "archive_too_large", limit=f"{MAX_TOTAL_BYTES >> 20} MiB")
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            mistakes.add(PurePosixPath(entry.filename).name[:80], "file_repeated")
        seen.add(entry.filename)
        if _is_out_of_place(entry):
            mistakes.add(ARCHIVE, "archive_path")
        elif entry.flag_bits & 0x1:
            mistakes.add(ARCHIVE, "archive_encrypted")
        elif entry.file_size > MAX_FILE_BYTES:
            mistakes.add(entry.filename[:80], "archive_too_large", limit=f"{MAX_FILE_BYTES >> 20} MiB")
    return len(mistakes) == before


def _is_out_of_place(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or entry.is_dir() or any(mark in name for mark in ("/", "\\", "..", "\0", ":"))


def _read_all(opened: zipfile.ZipFile, mistakes: Mistakes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name in (*REQUIRED, *OPTIONAL):
        try:
            entry = opened.getinfo(name)
        except KeyError:
            continue
        with opened.open(entry) as stream:
            # The declared size may be a lie.
            content = stream.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            mistakes.add(name, "archive_too_large", limit=f"{MAX_FILE_BYTES >> 20} MiB")
            continue
        files[name] = content
    return files
