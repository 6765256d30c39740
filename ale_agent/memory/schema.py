"""The store's tables, as numbered migrations: a migration is never changed once released, only followed by another.

`strategies` holds the text once; `shapes` holds each distinct set of tags (for programs: each problem) once, so that
recall ranks a few shapes instead of every strategy; `programs` keeps the long texts out of the way; `evidence` has one
row for each piece, by its key, so that writing it twice changes nothing.
"""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x414C454D  # "ALEM"

_FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE problems (id TEXT PRIMARY KEY, features TEXT NOT NULL, rank INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pruned (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE programs (digest TEXT PRIMARY KEY, source TEXT NOT NULL);

CREATE TABLE shapes (
    id INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    problem TEXT NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (role, problem, tags)
);
CREATE TABLE strategies (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shape INTEGER NOT NULL REFERENCES shapes (id),
    name TEXT NOT NULL,
    archetypes TEXT NOT NULL,
    applies TEXT NOT NULL,
    how TEXT NOT NULL,
    rest TEXT NOT NULL,
    program TEXT REFERENCES programs (digest),
    created TEXT NOT NULL,
    trials INTEGER NOT NULL DEFAULT 0,
    merit REAL NOT NULL DEFAULT 0,
    draw REAL NOT NULL,
    "foreign" INTEGER NOT NULL
);
CREATE INDEX strategies_by_merit ON strategies (shape, merit);
CREATE INDEX strategies_untried ON strategies (shape, draw) WHERE trials = 0;
CREATE INDEX strategies_by_program ON strategies (program) WHERE program IS NOT NULL;
CREATE TABLE evidence (
    strategy INTEGER NOT NULL REFERENCES strategies (number),
    key TEXT NOT NULL,
    problem TEXT NOT NULL,
    kind TEXT NOT NULL,
    gain REAL,
    low REAL,
    high REAL,
    cases INTEGER,
    baseline TEXT,
    attempt TEXT,
    source TEXT,
    "foreign" INTEGER NOT NULL,
    PRIMARY KEY (strategy, key)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE texts USING fts5 (
    name, archetypes, applies, how,
    content = 'strategies', content_rowid = 'number', tokenize = 'porter unicode61'
);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST,)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring the tables from a version to the newest; the caller holds the transaction and commits it."""
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def first_unknown(connection: sqlite3.Connection) -> str | None:
    """Return the first table, index, view or trigger that the newest schema does not have just so; None if none."""
    listing = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
    ours = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(ours, 0)
        known = set(ours.execute(listing))
    finally:
        ours.close()
    found = set(connection.execute(listing))
    different = sorted((str(name), str(kind)) for kind, name, _ in known ^ found)
    return f"{different[0][1]} {different[0][0]!r}" if different else None
