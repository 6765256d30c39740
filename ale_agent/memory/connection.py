"""Opening the store's file, and what SQLite's errors mean for a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ale_agent.clock import Deadline
from ale_agent.errors import StoreError
from ale_agent.memory import schema

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process kept it locked for {busy_seconds:g} s: end that one or try again",
    sqlite3.SQLITE_LOCKED: "another process kept it locked for {busy_seconds:g} s: end that one or try again",
    sqlite3.SQLITE_READONLY: "make it writable, or name another home with ALE_HOME or --home",
    sqlite3.SQLITE_CANTOPEN: "make its folder writable, or name another home with ALE_HOME or --home",
    sqlite3.SQLITE_FULL: "free some space and try again; what was acknowledged is kept",
    sqlite3.SQLITE_IOERR: "check the disk and its free space; what was acknowledged is kept",
    sqlite3.SQLITE_CORRUPT: "the file is damaged and was left as it is: move it away, then import your last export",
    sqlite3.SQLITE_NOTADB: "not a memory, and left as it is: move it away or name another file",
}


def connect(path: Path | None, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    """Return a connection in autocommit mode; None for a path keeps everything in memory."""
    if path is None:
        return sqlite3.connect(":memory:", isolation_level=None)
    try:
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: must be a regular file")
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; name another home with ALE_HOME or --home") from error
    if not read_only:
        return sqlite3.connect(path, isolation_level=None, timeout=busy_seconds)
    if not path.exists():
        raise StoreError(f"{path}: no memory there; any command that learns makes one")
    address = path.absolute().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True, isolation_level=None, timeout=busy_seconds)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:  # a folder that cannot be written has no place for the lock file
        connection.close()
        connection = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    return connection


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema's version, 0 for an empty file; refuse what is not a memory of ours or newer than we know."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and application != schema.APPLICATION_ID:
        raise StoreError(f"{path}: a database, but no strategy memory; name another file")
    if version > len(schema.MIGRATIONS):
        raise StoreError(
            f"{path}: written by a newer version (schema {version}, this one knows {len(schema.MIGRATIONS)}); "
            "update ale-agent or name another memory"
        )
    return version


def use_write_ahead_log(connection: sqlite3.Connection, deadline: Deadline) -> None:
    """Switch to the write-ahead log; SQLite does not wait for a lock here by itself."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or deadline.passed:
                raise
            deadline.clock.sleep(0.02)


@contextmanager
def explained(path: Path, busy_seconds: float) -> Iterator[None]:
    """Turn what SQLite raises inside into a StoreError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = _ADVICE.get(code, "nothing that was acknowledged is lost")
        raise StoreError(f"{path}: {error}; {advice.format(busy_seconds=busy_seconds)}") from error
