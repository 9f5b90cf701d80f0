"""Files as answers: saved, never shown in place, never guessed at, never kept by anybody on the way."""

from urllib.parse import quote

from starlette.responses import Response


def download(content: bytes, media_type: str, name: str, plain_name: str) -> Response:
    """A file to save.

    Args:
        content: the file.
        media_type: what it is; browsers are told not to guess.
        name: how it is to be called, in any script.
        plain_name: the same for programs that know ASCII alone (RFC 6266 §5).
    """
    return Response(content, media_type=media_type, headers=saving(name, plain_name))


def saving(name: str, plain_name: str) -> dict[str, str]:
    """The headers of a file to save."""
    if not plain_name.isascii() or any(letter in '"\\' or not letter.isprintable() for letter in plain_name):
        raise ValueError("the plain name has to be plain")
    disposition = f'attachment; filename="{plain_name}"'
    if name != plain_name:
        disposition += f"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
