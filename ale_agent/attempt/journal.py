"""The journal of an attempt: one SQLite file that holds all that was decided, measured and spent.

Every step is written before the next begins, in one transaction each, so that a killed attempt resumes without losing
or repeating anything that was paid for. Readers (the report, a person with `sqlite3`) may look while it is written.

Not covered: two processes that resume the same attempt at once; the second is refused by `lock`.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ale_agent.errors import StoreError
from ale_agent.evaluate.result import CaseResult, Verdict
from ale_agent.program import Program
from ale_agent.search.archive import Archive, Candidate
from ale_agent.strategist.protocol import Change, Proposal

FILE_NAME = "attempt.db"
VERSION = 4

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE programs (id TEXT PRIMARY KEY, source TEXT NOT NULL) STRICT;
CREATE TABLE candidates (
    id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, kind TEXT NOT NULL,
    program TEXT NOT NULL REFERENCES programs(id), vals TEXT NOT NULL, genotype TEXT, idea TEXT NOT NULL,
    parents TEXT NOT NULL, changes TEXT NOT NULL, strategies TEXT NOT NULL, tools TEXT, status TEXT NOT NULL, gain REAL,
    gain_low REAL, gain_high REAL, scale TEXT, cases INTEGER NOT NULL, against TEXT, failed INTEGER NOT NULL, working_gain REAL,
    elapsed REAL NOT NULL) STRICT;
CREATE TABLE results (
    program TEXT NOT NULL, vals TEXT NOT NULL, mode TEXT NOT NULL, seed INTEGER NOT NULL, verdict TEXT NOT NULL,
    score REAL, cpu_seconds REAL NOT NULL, wall_seconds REAL NOT NULL, queued_seconds REAL,
    memory_bytes INTEGER NOT NULL, message TEXT NOT NULL, elapsed REAL NOT NULL, PRIMARY KEY (program, vals, mode, seed)) STRICT;
CREATE TABLE trials (
    study TEXT NOT NULL, number INTEGER NOT NULL, vals TEXT NOT NULL, value REAL, cases INTEGER NOT NULL,
    elapsed REAL NOT NULL, PRIMARY KEY (study, number)) STRICT;
CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, elapsed REAL NOT NULL, kind TEXT NOT NULL,
    payload TEXT NOT NULL) STRICT;
CREATE TABLE spend (kind TEXT PRIMARY KEY, amount REAL NOT NULL) STRICT;
CREATE TABLE requests (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, model TEXT NOT NULL, parents TEXT NOT NULL, tried TEXT NOT NULL,
    details TEXT NOT NULL, status TEXT NOT NULL, candidate TEXT, notes TEXT NOT NULL, elapsed REAL NOT NULL,
    ended REAL) STRICT;
CREATE TABLE exchanges (
    number INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL,
    digest TEXT NOT NULL, prompt TEXT NOT NULL, turns TEXT NOT NULL, status TEXT NOT NULL,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, usd REAL, reply TEXT, elapsed REAL NOT NULL,
    ended REAL) STRICT;
CREATE TABLE insights (
    number INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL, claim TEXT NOT NULL, supports TEXT NOT NULL,
    refutes TEXT NOT NULL, elapsed REAL NOT NULL) STRICT;
"""

Values = tuple[tuple[str, float | int | str], ...]


def values_key(values: Values) -> str:
    """Return the text that names parameter values in the tables; the empty object for the defaults."""
    return json.dumps(dict(sorted(values)), separators=(",", ":"))


class Journal:
    """One attempt's file. Thread-safe; every method is one transaction.

    Parameters
    ----------
    folder
        The attempt folder.
    create
        Whether to begin a new journal; otherwise there must be one.
    read_only
        Whether only to look: then no lock is taken, and another process may be writing.
    """

    def __init__(self, folder: Path, *, create: bool = False, read_only: bool = False) -> None:
        self.path = folder / FILE_NAME
        self._mutex = threading.RLock()
        if not create and not self.path.exists():
            raise StoreError(f"{self.path}: no such file; name the folder of an attempt that was begun")
        self._lock_file = None if read_only else _lock(folder, create=create)
        try:
            self._open(create=create, read_only=read_only)
        except BaseException:
            if self._lock_file is not None:
                self._lock_file.close()
            raise

    def _open(self, *, create: bool, read_only: bool) -> None:
        with self._errors():
            address = f"{self.path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
            self._db = sqlite3.connect(address, uri=True, timeout=30.0, check_same_thread=False, isolation_level=None)
            if not read_only:
                self._prepare()
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            self._db.close()
            raise StoreError(f"{self.path}: journal version {version}, this program reads version {VERSION}")
        if create and self.read_meta():  # one without was killed before anything was asked for
            self._db.close()
            raise StoreError(f"{self.path}: there is an attempt here already; resume it, or name another folder")

    def _prepare(self) -> None:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        if self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")

    def close(self) -> None:
        """Close the file and give up the lock."""
        with self._mutex:
            if self._lock_file is not None:
                with suppress(
                    sqlite3.Error
                ):  # a reader may be looking, or the disk be full: then the log stays beside it
                    self._db.execute("PRAGMA journal_mode=DELETE")
            self._db.close()
            if self._lock_file is not None:
                self._lock_file.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self.path}: the journal cannot be read or written ({error}); what was written before is safe. "
                "Free the disk or the file, then resume"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the file for changes that are written together or not at all."""
        with self._mutex, self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self._mutex, self._errors():
            return self._db.execute(query, arguments).fetchall()

    # what was asked for

    def write_meta(self, values: Mapping[str, Any]) -> None:
        """Keep facts about the attempt, as JSON by key."""
        with self.transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, json.dumps(value)) for key, value in values.items()]
            )

    def read_meta(self) -> dict[str, Any]:
        """Return all facts about the attempt."""
        return {key: json.loads(value) for key, value in self.rows("SELECT key, value FROM meta")}

    # candidates

    def write_candidate(
        self, candidate: Candidate, elapsed: float, *, incumbent: bool = False, request: int | None = None
    ) -> None:
        """Keep a candidate's present state.

        Parameters
        ----------
        candidate
            The candidate.
        elapsed
            When it was taken up; only the first time counts.
        incumbent
            Whether it is the best now.
        request
            The request to a model that it answers, which is then over.
        """
        proposal = candidate.proposal
        with self.transaction() as db:
            db.execute("INSERT OR IGNORE INTO programs VALUES (?, ?)", (proposal.program.id, proposal.program.source))
            db.execute(
                "INSERT INTO candidates VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
                "status=excluded.status, gain=excluded.gain, gain_low=excluded.gain_low, gain_high=excluded.gain_high, "
                "scale=excluded.scale, cases=excluded.cases, against=excluded.against, failed=excluded.failed, "
                "working_gain=excluded.working_gain",
                (
                    candidate.id,
                    candidate.number,
                    proposal.kind,
                    proposal.program.id,
                    json.dumps(proposal.values),
                    proposal.genotype,
                    proposal.idea,
                    json.dumps(proposal.parents),
                    json.dumps([asdict(change) for change in proposal.changes]),
                    json.dumps(proposal.strategies),
                    proposal.tools,
                    candidate.status,
                    candidate.gain,
                    candidate.gain_low,
                    candidate.gain_high,
                    candidate.scale,
                    candidate.cases,
                    candidate.against,
                    candidate.failed,
                    candidate.working_gain,
                    elapsed,
                ),
            )
            if incumbent:
                db.execute("INSERT OR REPLACE INTO meta VALUES ('incumbent', ?)", (json.dumps(candidate.id),))
            if request is not None:
                db.execute(
                    "UPDATE requests SET status='taken', candidate=?, ended=? WHERE number=?",
                    (candidate.id, elapsed, request),
                )

    def read_archive(self) -> Archive:
        """Return all candidates and the incumbent as they were last written."""
        sources = dict(self.rows("SELECT id, source FROM programs"))
        programs = {id_: Program.from_source(source) for id_, source in sources.items()}
        archive = Archive()
        columns = (
            "number, kind, program, vals, genotype, idea, parents, changes, strategies, tools, status, "
            "gain, gain_low, gain_high, scale, cases, against, failed, working_gain"
        )
        for row in self.rows(f"SELECT {columns} FROM candidates ORDER BY number"):
            number, kind, program, vals, genotype, idea, parents, changes, strategies, tools, status = row[:11]
            proposal = Proposal(
                kind=kind,
                program=programs[program],
                idea=idea,
                values=tuple((name, value) for name, value in json.loads(vals)),
                genotype=genotype,
                parents=tuple(json.loads(parents)),
                changes=tuple(Change(**change) for change in json.loads(changes)),
                strategies=tuple(json.loads(strategies)),
                tools=tools,
            )
            gain, low, high, scale, cases, against, failed, working_gain = row[11:]
            candidate = Candidate(
                number=number, proposal=proposal, status=status, gain=gain, gain_low=low, gain_high=high, scale=scale,
                cases=cases, against=against, failed=failed, working_gain=working_gain,
            )  # fmt: skip
            archive.candidates[candidate.id] = candidate
        archive.incumbent_id = self.read_meta().get("incumbent")
        return archive

    # measurements

    def write_result(self, program: Program, values: Values, mode: str, result: CaseResult, elapsed: float) -> None:
        """Keep the result of one run; a second result for the same run is ignored."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO results VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (
                    program.id,
                    values_key(values),
                    mode,
                    result.seed,
                    result.verdict.value,
                    result.score,
                    result.cpu_seconds,
                    result.wall_seconds,
                    result.queued_seconds,
                    result.memory_bytes,
                    result.message,
                    elapsed,
                ),
            )

    def read_results(self, program: Program, values: Values, mode: str) -> dict[int, CaseResult]:
        """Return the kept results of a program with these values in this mode, by seed."""
        rows = self.rows(
            "SELECT seed, verdict, score, cpu_seconds, wall_seconds, queued_seconds, memory_bytes, message FROM results "
            "WHERE program=? AND vals=? AND mode=? ORDER BY rowid",
            program.id,
            values_key(values),
            mode,
        )
        return {
            seed: CaseResult(
                seed=seed, verdict=Verdict(verdict), score=score, cpu_seconds=cpu, wall_seconds=wall,
                queued_seconds=queued, memory_bytes=memory, message=message,
            )
            for seed, verdict, score, cpu, wall, queued, memory, message in rows
        }  # fmt: skip

    def count_results(self) -> int:
        """Return how many runs were kept."""
        return int(self.rows("SELECT count(*) FROM results")[0][0])

    # tuning

    def write_trial(
        self, study: str, number: int, values: Values, value: float | None, cases: int, elapsed: float
    ) -> None:
        """Keep one finished trial of a study; its value is the mean gain over the study's base, None if it failed."""
        with self.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO trials VALUES (?,?,?,?,?,?)",
                (study, number, values_key(values), value, cases, elapsed),
            )

    def read_trials(self, study: str | None = None) -> list[tuple[str, int, dict[str, Any], float | None, int]]:
        """Return finished trials as (study, number, values, value, cases), of one study or of all."""
        rows = self.rows("SELECT study, number, vals, value, cases FROM trials ORDER BY elapsed, number")
        return [
            (name, number, json.loads(vals), value, cases)
            for name, number, vals, value, cases in rows
            if study in (None, name)
        ]

    # what happened, and what it took

    def write_event(self, kind: str, payload: Mapping[str, Any], elapsed: float) -> None:
        """Keep an event."""
        with self.transaction() as db:
            db.execute(
                "INSERT INTO events (elapsed, kind, payload) VALUES (?,?,?)", (elapsed, kind, json.dumps(payload))
            )

    def read_incumbents(self) -> list[tuple[float, dict[str, Any]]]:
        """Return when each incumbent was found, in seconds, with its event's payload."""
        return [(elapsed, payload) for elapsed, kind, payload in self.read_events() if kind == "incumbent"]

    def read_events(self) -> list[tuple[float, str, dict[str, Any]]]:
        """Return all events as (elapsed seconds, kind, payload) in order."""
        rows = self.rows("SELECT elapsed, kind, payload FROM events ORDER BY number")
        return [(elapsed, kind, json.loads(payload)) for elapsed, kind, payload in rows]

    def write_spend(self, amounts: Mapping[str, float]) -> None:
        """Set how much of each kind (``seconds``, ``usd``, ``tokens``, ``calls``) is spent so far."""
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO spend VALUES (?, ?)", list(amounts.items()))

    def read_spend(self) -> dict[str, float]:
        """Return how much of each kind is spent so far."""
        return {str(row[0]): float(row[1]) for row in self.rows("SELECT kind, amount FROM spend")}


def _lock(folder: Path, *, create: bool) -> IO[str]:
    """Hold the attempt folder's lock until the file is closed or the process ends."""
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        handle = open(folder / ".lock", "w")  # noqa: SIM115 - held until close
    except OSError as error:
        raise StoreError(
            f"{folder}: the attempt folder cannot be written ({error}); name another with --out"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise StoreError(f"{folder}: another process is working on this attempt; wait for it or end it") from error
    return handle
