"""What an uploaded file is, judged by what is inside: its name and what the browser says of it are not asked."""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping
from types import MappingProxyType

import puremagic

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX = _OOXML + "wordprocessingml.document"
XLSX = _OOXML + "spreadsheetml.sheet"
PPTX = _OOXML + "presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"

SCANS = frozenset({PDF, JPEG, PNG})
"""What a scanner or a telephone makes."""
OFFICE = frozenset({DOCX, XLSX, PPTX, ODT})
"""What an office program saves; without macros."""

ENDINGS: Mapping[str, str] = MappingProxyType(
    {PDF: "pdf", JPEG: "jpg", PNG: "png", DOCX: "docx", XLSX: "xlsx", PPTX: "pptx", ODT: "odt"}
)
"""Media type → the ending of a file's name."""

_MAGIC = {PDF: b"%PDF-", JPEG: b"\xff\xd8\xff", PNG: b"\x89PNG\r\n\x1a\n"}
"""What the first bytes must be: the library also takes a look from the end, where anything can be appended."""
_LOOKED_AT = 64 * 1024
_ZIP = b"PK\x03\x04"
_CONTENT_TYPES = "[Content_Types].xml"
_LONGEST_LIST = 256 * 1024
"""Bytes of a package's list of contents; those of real documents have a few kilobytes."""
_MAIN_PART = re.compile(rb"""ContentType\s*=\s*["']([^"']{1,200})\.main\+xml["']""")


def media_type_of(content: bytes, accepted: Collection[str]) -> str | None:
    """The media type of a file, one of `accepted`; None for everything else, for what is damaged and for nothing.

    Takes the whole file: office documents are archives, which begin at their end. Of a large one it may take a while.
    """
    found = _office_type(content) if content.startswith(_ZIP) else _scan_type(content)
    return found if found in accepted else None


def _scan_type(content: bytes) -> str | None:
    try:
        found = puremagic.from_string(content[:_LOOKED_AT], mime=True)
    except (puremagic.PureError, ValueError):
        return None
    return found if found in _MAGIC and content.startswith(_MAGIC[found]) else None


def _office_type(content: bytes) -> str | None:
    """The library knows archives only as one of thirty kinds: which one is written inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if package.infolist()[:1] and package.infolist()[0].filename == "mimetype":
                return ODT if _begin(package, "mimetype") == ODT.encode() else None
            if _CONTENT_TYPES not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
                return None
            # Not parsed as XML: a list of entities can be a bomb, and the declaration is plain.
            mains = {main.decode("ascii", "replace") for main in _MAIN_PART.findall(_begin(package, _CONTENT_TYPES))}
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError):
        return None
    ours = mains & OFFICE
    return ours.pop() if len(ours) == 1 else None


def _begin(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_LONGEST_LIST)
