"""The strategy store: one SQLite file that several processes may use at once.

What a method has returned from is on disk. Nothing is ever repaired or deleted silently: a damaged file, a full disk, a
lock that is not given up are StoreErrors that say what to do. Not a defence against somebody who may write the file.
One store belongs to one thread, and is not carried over a fork.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, get_args

from ale_agent.clock import Clock, Deadline, SystemClock
from ale_agent.errors import StoreError
from ale_agent.memory import schema
from ale_agent.memory.connection import connect, explained, schema_version, use_write_ahead_log
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import EVIDENCE_MAX
from ale_agent.memory.strategy import Evidence, Outline, Role, Strategy, stronger, unite
from ale_agent.memory.tables import BATCH, Shape, Summary, Tables

Change = Literal["added", "merged", "unchanged"]

# How much a note of a problem's features is worth: a better one replaces a worse one.
INFERRED, CATALOGUED, READ = 0, 1, 2
_NOTES_MAX = 64 << 20  # characters of a stranger's notes of problems, which are read as a whole
_CACHE_KIB = 32 * 1024  # SQLite's own 2 MiB make a large import read its indexes again and again


class Store:
    """An open memory; make one with `Store.open`.

    Parameters
    ----------
    connection
        In autocommit mode.
    path
        Where it lies, for messages.
    busy_seconds
        How long a write waits for another process.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, busy_seconds: float) -> None:
        self.path = path
        self.busy_seconds = busy_seconds
        self._connection = connection
        self._tables = Tables(connection)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        read_only: bool = False,
        starter: bool = True,
        busy_seconds: float = 10.0,
        clock: Clock | None = None,
    ) -> Store:
        """Open a memory, made and filled from the starter catalogue on first use.

        Parameters
        ----------
        path
            The file; None keeps it in this process's memory only.
        read_only
            Never write, not even to make or migrate it.
        starter
            Whether a new memory gets the starter catalogue; one made without it never gets it.
        busy_seconds
            How long to wait for another process.
        clock
            Counts that wait while a new file is made.

        Raises
        ------
        StoreError
            The file is not a memory, is damaged, newer than this version, or cannot be read or written.
        """
        shown = path or Path(":memory:")
        deadline = Deadline.after(clock or SystemClock(), busy_seconds)
        with explained(shown, busy_seconds):
            connection = connect(path, read_only=read_only, busy_seconds=busy_seconds)
            try:
                store = cls(connection, shown, busy_seconds)
                version = schema_version(connection, shown)
                if not read_only:
                    store._make(version, starter, deadline)
                elif version < len(schema.MIGRATIONS):
                    raise StoreError(f"{shown}: schema {version} is old; open it once writable to bring it up to date")
            except BaseException:
                connection.close()
                raise
        return store

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all or nothing of what happens inside; one inside another joins it."""
        with self._explained():
            if self._connection.in_transaction:
                yield
            else:
                with self._outer_transaction():
                    yield

    # Writing

    def add(self, strategy: Strategy, *, replace_text: bool = False, foreign: bool = False) -> Change:
        """Write a strategy; where its id is known the evidence is united and its text stays.

        Parameters
        ----------
        strategy
            What to write.
        replace_text
            Let the new text, parameters and program take the place of the old.
        foreign
            Mark it and its evidence as coming from elsewhere; what is ours already stays ours.
        """
        if foreign and not all(item.foreign for item in strategy.evidence):
            strategy = replace(strategy, evidence=tuple(replace(item, foreign=True) for item in strategy.evidence))
        with self.transaction():
            number = self._tables.number(strategy.id)
            if number is not None:
                return self._merge(number, strategy, replace_text)
            self._tables.insert(strategy, foreign)
            self._infer_problem(strategy)
            return "added"

    def add_evidence(self, strategy_id: str, evidence: Evidence) -> bool:
        """Write a piece of evidence; return whether that changed anything (the same piece twice does not).

        Raises
        ------
        StoreError
            There is no such strategy, or the store cannot be written.
        """
        with self.transaction():
            number = self._tables.number(strategy_id)
            if number is None:
                raise self._unknown(strategy_id)
            known = {item.key: item for item in self._tables.load([number])[number].evidence}
            old = known.get(evidence.key)
            if old is not None and stronger(old, evidence) == old:
                return False
            known[evidence.key] = evidence
            self._tables.write_evidence(number, [evidence])
            self._tables.summarise(number, list(known.values()))
            return True

    def note_problem(self, features: ProblemFeatures, *, rank: int = READ) -> None:
        """Keep a problem's features, so that evidence from it can be weighed; a better-known note is never replaced.

        Parameters
        ----------
        features
            With the problem's id; without one there is nothing to keep.
        rank
            `READ` from a statement, `CATALOGUED` shipped with the program, `INFERRED` from a memory file.
        """
        if features.problem is None:
            return
        text = json.dumps(features.to_mapping(), sort_keys=True)
        with self.transaction():
            self._tables.execute(
                "INSERT INTO problems VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET features = excluded.features, "
                "rank = excluded.rank WHERE excluded.rank >= rank AND excluded.features <> features",
                *(features.problem, text, rank),
            )

    def remove(self, ids: Iterable[str]) -> int:
        """Delete strategies with their evidence; return how many there were. The catalogue does not bring them back."""
        removed = 0
        with self.transaction():
            for strategy_id in ids:
                number = self._tables.number(strategy_id)
                if number is not None:
                    self._tables.delete(number)
                    self._tables.execute("INSERT OR IGNORE INTO pruned VALUES (?)", strategy_id)
                    removed += 1
        return removed

    # Reading

    def count(self) -> int:
        """Return the number of strategies."""
        with self._explained():
            return int(self._tables.execute("SELECT count(*) FROM strategies").fetchone()[0])

    def get(self, strategy_id: str) -> Strategy:
        """Return a strategy with its evidence; StoreError where there is none of that id."""
        found = self.find(strategy_id)
        if found is None:
            raise self._unknown(strategy_id)
        return found

    def find(self, strategy_id: str) -> Strategy | None:
        """Return a strategy with its evidence, or None."""
        with self._explained():
            number = self._tables.number(strategy_id)
            return None if number is None else self._tables.load([number]).get(number)

    def summaries(self, *, role: Role | None = None, limit: int | None = None) -> list[Summary]:
        """Return the listing, the best-proven first, then by name."""
        with self._explained():
            rows = self._tables.execute(
                'SELECT s.id, s.name, h.role, s.archetypes, s.created, s.trials, s.merit, s."foreign" '
                "FROM strategies s JOIN shapes h ON h.id = s.shape WHERE h.role = coalesce(?, h.role) "
                "ORDER BY s.merit DESC, s.trials DESC, s.name, s.id LIMIT ?",
                *(role, -1 if limit is None else limit),
            ).fetchall()
        return [Summary(i, n, r, tuple(json.loads(a)), c, t, m, bool(f)) for i, n, r, a, c, t, m, f in rows]

    def strategies(self, role: Role | None = None) -> Iterator[Strategy]:
        """Yield all strategies by id, a batch at a time; what is written meanwhile may or may not be seen."""
        last = ""
        while batch := self._batch(role, last):
            yield from batch
            last = batch[-1].id

    def problems(self) -> dict[str, ProblemFeatures]:
        """Return the features of all problems that are known; kept until this or another process writes."""
        with self._explained():
            return self._tables.problems()

    def shapes(self, roles: Sequence[Role], *, tags: Sequence[str] | None = None, learned: bool = False) -> list[Shape]:
        """Return distinct shapes of strategies with one of the roles.

        Parameters
        ----------
        roles, tags
            Only shapes that have one of each; None for all.
        learned
            Those of programs and compositions that were learned on a problem, which have no tags, or the others.
        """
        with self._explained():
            return self._tables.shapes(roles, tags, learned)

    def in_shape(self, shape: int, *, best: int, untried: int, start: float) -> list[int]:
        """Return numbers of strategies of a shape: the best by merit, and some that were never tried.

        Parameters
        ----------
        shape
            The shape's number.
        best, untried
            How many of each.
        start
            Where in the shuffled order of the untried, 0 to 1; it goes round.
        """
        with self._explained():
            return self._tables.in_shape(shape, best=best, untried=untried, start=start)

    def by_text(
        self, words: Sequence[str], *, roles: Sequence[Role] = get_args(Role), limit: int, work: int = 1_000
    ) -> list[tuple[int, float]]:
        """Return numbers and BM25 scores (greater is better) of the strategies whose texts fit the words best.

        Parameters
        ----------
        words
            Plain words of letters; rare ones are used first.
        roles
            Of the strategies that are wanted: others would take their places among the `limit`.
        limit
            How many at most.
        work
            About how many entries may be looked through: words beyond it are too common to tell strategies apart.
        """
        with self._explained():
            return self._tables.by_text(words, roles=roles, limit=limit, work=work)

    def outlines(self, numbers: Sequence[int]) -> list[Outline]:
        """Return what ranking needs of strategies by number, with evidence, in the order of the numbers."""
        with self._explained():
            return self._tables.outlines(numbers)

    def load(self, numbers: Sequence[int]) -> dict[int, Strategy]:
        """Return strategies by number, with evidence and programs."""
        with self._explained():
            return self._tables.load(numbers)

    def components(self, space: str) -> list[Strategy]:
        """Return the components of an answer space, with their evidence."""
        with self._explained():
            return list(self._tables.load(self._tables.of_shape("component", [space])).values())

    def distrust(self, longest: int) -> None:
        """Read on only as far as a stranger's file can be read: our own tables, no value of more bytes than this.

        A view could go on for ever in the place of a table, and a zero blob of a few bytes fill the memory.
        """
        with self._explained():
            unknown = schema.first_unknown(self._connection)
            if unknown is not None:
                raise StoreError(f"{self.path}: its {unknown} is not what a memory has; ask for an export instead")
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
            noted = self._tables.row("SELECT total(length(features)) FROM problems")
            if noted is not None and noted[0] > _NOTES_MAX:
                raise StoreError(f"{self.path}: its notes of problems have more than {_NOTES_MAX} characters")

    # Inside

    def _explained(self) -> AbstractContextManager[None]:
        return explained(self.path, self.busy_seconds)

    def _unknown(self, strategy_id: str) -> StoreError:
        return StoreError(f"{self.path}: no strategy {strategy_id!r}; `ale-agent memory list` shows what there is")

    @contextmanager
    def _outer_transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._tables.forget()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _make(self, version: int, starter: bool, deadline: Deadline) -> None:
        """Bring an opened file to the newest schema and the shipped edition of the catalogue."""
        from ale_agent.memory import catalogue  # it reads the store's own values, and its files only here

        if version == 0:
            use_write_ahead_log(self._connection, deadline)
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(f"PRAGMA cache_size = {-_CACHE_KIB}")
        edition = catalogue.digest() if starter else "none"
        if version == len(schema.MIGRATIONS) and self._edition() in ("none", edition):
            return
        with self.transaction():
            version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])  # another may have been faster
            schema.migrate(self._connection, version)
            if self._edition() in ("none", edition):
                return
            if starter:
                strategies = [*catalogue.starter_strategies(), *catalogue.learned_strategies()]
                self._fill(strategies, catalogue.known_problems())
            self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('starter', ?)", (edition,))

    def _edition(self) -> str | None:
        row = self._tables.row("SELECT value FROM meta WHERE key = 'starter'")
        return None if row is None else str(row[0])

    def _fill(self, strategies: Iterable[Strategy], problems: Iterable[ProblemFeatures]) -> None:
        pruned = {name for (name,) in self._connection.execute("SELECT id FROM pruned").fetchall()}
        for strategy in strategies:
            if strategy.id not in pruned:
                self.add(strategy, replace_text=True)
        for features in problems:
            self.note_problem(features, rank=CATALOGUED)

    def _merge(self, number: int, strategy: Strategy, replace_text: bool) -> Change:
        old = self._tables.load([number])[number]
        text = replace(strategy, evidence=old.evidence) if replace_text else old
        united = unite(text, strategy)
        if united == old:
            return "unchanged"
        if len(united.evidence) > EVIDENCE_MAX and any(item.foreign for item in strategy.evidence):
            raise StoreError(  # each further line on it would read it all again: a small file could take hours
                f"{strategy.id}: would have {len(united.evidence)} pieces of evidence, more than {EVIDENCE_MAX}"
            )
        if text != old:
            self._tables.rewrite(number, text)
        self._tables.write_evidence(number, set(united.evidence) - set(old.evidence))
        self._tables.summarise(number, united.evidence)
        self._infer_problem(strategy)
        return "merged"

    def _infer_problem(self, strategy: Strategy) -> None:
        """Take a learned strategy's tags for its problem's features where nothing better is known."""
        problem = strategy.origin.problem
        if problem is not None and strategy.origin.kind == "learned":
            self.note_problem(ProblemFeatures.from_tags(strategy.archetypes, problem=problem), rank=INFERRED)

    def _batch(self, role: Role | None, after: str) -> list[Strategy]:
        with self._explained():
            rows = self._tables.execute(
                "SELECT s.number FROM strategies s JOIN shapes h ON h.id = s.shape "
                "WHERE s.id > ? AND h.role = coalesce(?, h.role) ORDER BY s.id LIMIT ?",
                *(after, role, BATCH),
            ).fetchall()
            return list(self._tables.load([row[0] for row in rows]).values())
