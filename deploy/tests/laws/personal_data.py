"""Finds P3 and P4 values of the demo school in any bytes: phones, addresses, СНИЛС, birth dates, passwords."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg

from town.demo_school.people import DEMO_PASSWORD

_DIGITS = re.compile(rb"(?<![0-9A-Za-z])[0-9]{10,11}(?![0-9A-Za-z])")
_SNILS = re.compile(rb"[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}")
_EMAIL = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(rb"(?<![0-9])[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
OUR_OWN = {b"no-reply@zvonok.example"}
"""Addresses of the town itself, not of a person."""


@dataclass(frozen=True)
class PersonalData:
    """What must not be found: `digits` are phones (10 and 11 digits) and СНИЛС without punctuation."""

    digits: frozenset[bytes]
    snils: frozenset[bytes]
    emails: frozenset[bytes]
    birth_dates: frozenset[bytes]
    secrets: frozenset[bytes] = frozenset()
    """One-time codes and secrets of links that a test has had sent."""

    def and_secrets(self, *secrets: str) -> "PersonalData":
        """The same, and what only the holder of an address may read."""
        return replace(self, secrets=self.secrets | {secret.encode() for secret in secrets})

    @classmethod
    def of_bundle(cls, bundle: Path) -> "PersonalData":
        """Everybody's, as the school's file has them."""
        with zipfile.ZipFile(bundle) as files:
            users = _rows(files, "users.csv")
            demographics = _rows(files, "demographics.csv")
        phones = {user["phone"].lstrip("+") for user in users if user["phone"]}
        numbers = {user["metadata.snils"] for user in users if user["metadata.snils"]}
        digits = phones | {phone[1:] for phone in phones} | {f"8{phone[1:]}" for phone in phones}
        digits |= {re.sub(r"\D", "", number) for number in numbers}
        return cls(
            digits=frozenset(value.encode() for value in digits),
            snils=frozenset(re.sub(r"\D", "", number).encode() for number in numbers),
            emails=frozenset(user["email"].lower().encode() for user in users if user["email"]),
            birth_dates=frozenset(row["birthDate"].encode() for row in demographics if row["birthDate"]),
        )

    def found_in(self, content: bytes) -> set[str]:
        """Every value of a person that stands there in clear; any address of the demo's domain counts."""
        content = content.replace(b"\\u0040", b"@").replace(b"%40", b"@").replace(b"%2B", b"+")
        found = {value for value in _DIGITS.findall(content) if value in self.digits}
        found |= {value for value in _SNILS.findall(content) if re.sub(rb"\D", b"", value) in self.snils}
        emails = {value.lower() for value in _EMAIL.findall(content)}
        found |= {value for value in emails if value in self.emails or value.endswith(b"@zvonok.example")} - OUR_OWN
        found |= {value for value in _DATE.findall(content) if value in self.birth_dates}
        found |= {secret for secret in self.secrets if secret in content}
        if DEMO_PASSWORD.encode() in content:
            found.add(b"the password of the demo people")
        return {value.decode() for value in found}


def _rows(files: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files.read(name).decode())))


async def dump(dsn: str, only: str = "%") -> dict[str, bytes]:
    """All tables of a database, twice: as text, where dates and numbers can be read, and raw, where bytes can."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT table_name, array_agg(column_name::text) FILTER (WHERE data_type <> 'bytea') AS readable"
            " FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'"
            " AND table_name LIKE $1 GROUP BY table_name",
            only,
        )
        content = {}
        for table, readable in tables:
            written = io.BytesIO()
            await connection.copy_from_table(table, output=written, columns=readable or None)
            await connection.copy_from_table(table, output=written, format="binary")
            content[table] = written.getvalue()
        return content
    finally:
        await connection.close()


def logs(folders: Iterable[Path]) -> list[Path]:
    """Every log file beneath the folders."""
    return sorted(path for folder in folders for path in folder.rglob("*.log") if path.is_file())
