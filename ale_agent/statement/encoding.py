"""A statement file's bytes as text: UTF-8, UTF-16 with a byte-order mark, and the two old Japanese encodings.

Not covered: PDF, word processors' files, images and archives; these are refused with a word on what to do instead.
"""

from __future__ import annotations

import re
from pathlib import Path

from ale_agent.errors import StatementError

MAXIMUM_BYTES = 4 * 1024 * 1024
MAXIMUM_LINES = 100_000

_MAGIC = {
    b"%PDF": ("a PDF", "copy its text into a .txt or .md file"),
    b"PK\x03\x04": ("a ZIP archive or an office document", "save it as plain text, Markdown or HTML"),
    b"\x1f\x8b": ("a gzip archive", "unpack it first"),
    b"\x89PNG": ("an image", "type its text into a .txt or .md file"),
    b"\xff\xd8\xff": ("an image", "type its text into a .txt or .md file"),
    b"GIF8": ("an image", "type its text into a .txt or .md file"),
    b"\x7fELF": ("a program", "name the statement's text file"),
    b"SQLite format": ("a database", "name the statement's text file"),
}
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KANA = re.compile("[\u3040-\u30ff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> str:
    """Return a file's text with ``\\n`` line ends.

    Raises
    ------
    StatementError
        It is missing, no regular file, unreadable, empty, too long, or not text; path, rule, value and what to do.
    """
    try:
        if path.is_dir():
            raise StatementError(f"{path} is a folder, not a statement: name the file inside")
        if not path.exists():
            raise StatementError(f"{path} does not exist: check the path")
        if not path.is_file():
            raise StatementError(f"{path} is no regular file: save the statement as a file first")
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            raise StatementError(
                f"{path} has {size} bytes; a statement has at most {MAXIMUM_BYTES} (4 MiB): drop the data in it"
            )
        with path.open("rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StatementError(f"{path} cannot be read: {reason}; check its name and permissions") from None
    return checked_text(decode(data, str(path)), str(path))


def checked_text(text: str, name: str) -> str:
    """Return a text with ``\\n`` line ends and without stray control characters, or refuse it."""
    if len(text) > MAXIMUM_BYTES:
        raise StatementError(
            f"{name} has {len(text)} characters; a statement has at most {MAXIMUM_BYTES}: keep the text, drop the data"
        )
    if not text.strip():
        raise StatementError(f"{name} is empty: a statement needs text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    lines = text.count("\n") + 1
    if lines > MAXIMUM_LINES:
        raise StatementError(f"{name} has {lines} lines; a statement has at most {MAXIMUM_LINES}: drop the data in it")
    controls = sum(1 for _ in _CONTROL.finditer(text))
    if controls > 8 and controls * 50 > len(text):
        raise StatementError(f"{name} holds {controls} control characters in {len(text)}: it is not a text file")
    text = _CONTROL.sub("", text) if controls else text
    return text.encode("utf-8", "replace").decode("utf-8")


def decode(data: bytes, name: str) -> str:
    """Return bytes as text.

    Raises
    ------
    StatementError
        They are a known binary format, hold NUL bytes, or are valid in no encoding that is tried.
    """
    for magic, (what, remedy) in _MAGIC.items():
        if data.startswith(magic):
            raise StatementError(f"{name} is {what}, not text: {remedy}")
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise StatementError(f"{name}: byte {error.start} is not {encoding}: save it as UTF-8") from None
    if b"\0" in data:
        raise StatementError(f"{name} holds a NUL byte at {data.index(0)}: it is not a text file; save it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _decode_japanese(data)
        if text is None:
            raise StatementError(
                f"{name}: byte {error.start} is {data[error.start]:#04x}, which is not UTF-8: save the file as UTF-8"
            ) from None
        return text


def _decode_japanese(data: bytes) -> str | None:
    """Return the reading with the most kana among the old encodings that decode cleanly and are plausible."""
    best: tuple[int, str] | None = None
    for encoding in ("euc_jp", "cp932", "shift_jis"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text):
            continue
        kana = len(_KANA.findall(text))
        beyond = sum(1 for character in text if ord(character) > 127)
        if kana * 8 >= beyond and (best is None or kana > best[0]):
            best = (kana, text)
    return best[1] if best is not None and best[0] > 0 else None
