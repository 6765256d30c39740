"""The rows of the store: reading and writing them, one statement at a time; transactions and errors are the store's."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ale_agent.memory.evidence import merit
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.strategy import Evidence, Origin, Outline, Role, Strategy, StrategyParameter

BATCH = 500
_EVIDENCE = ("problem", "kind", "gain", "low", "high", "cases", "baseline", "attempt", "source", "foreign")
_LOAD = (
    "SELECT s.number, s.id, s.name, s.archetypes, s.applies, s.how, s.rest, p.source FROM strategies s "
    "LEFT JOIN programs p ON p.digest = s.program"
)
_OUTLINE = (
    "SELECT s.number, s.id, s.name, s.applies, h.role, s.archetypes, json_extract(s.rest, '$.origin') "
    "FROM strategies s JOIN shapes h ON h.id = s.shape"
)


class Shape(NamedTuple):
    """A set of tags that strategies share, or a problem that learned programs share."""

    number: int
    problem: str | None
    tags: list[str]


@dataclass(frozen=True)
class Summary:
    """A strategy in one row of a listing."""

    id: str
    name: str
    role: Role
    archetypes: tuple[str, ...]
    created: str
    trials: int
    merit: float
    foreign: bool


class Tables:
    """The rows behind one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._problems: tuple[tuple[int, int], dict[str, ProblemFeatures]] | None = None
        self._shape_ids: dict[tuple[str, str, str], int] = {}

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement."""
        return self.connection.execute(statement, values)

    def row(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found: tuple[Any, ...] | None = self.connection.execute(statement, values).fetchone()
        return found

    def number(self, strategy_id: str) -> int | None:
        """Return a strategy's number, or None."""
        found = self.row("SELECT number FROM strategies WHERE id = ?", strategy_id)
        return None if found is None else int(found[0])

    def problems(self) -> dict[str, ProblemFeatures]:
        """Return the problems as they are now; read again only after a write, by this or by another connection."""
        stamp = (int(self.execute("PRAGMA data_version").fetchone()[0]), self.connection.total_changes)
        if self._problems is None or self._problems[0] != stamp:
            noted = self.execute("SELECT id, features FROM problems")
            known = {name: ProblemFeatures.from_mapping(json.loads(text), problem=name) for name, text in noted}
            self._problems = (stamp, known)
        return self._problems[1]

    def shapes(self, roles: Sequence[Role], having: Sequence[str] | None, learned: bool) -> list[Shape]:
        """Return the shapes of roles, all or those having one of the tags; of learned programs or of others."""
        query = f"SELECT id, problem, tags FROM shapes WHERE (problem <> '') = ? AND role IN ({_marks(roles)})"
        values: list[Any] = [learned, *roles]
        if having is not None:
            query += f" AND ({' OR '.join(['instr(tags, ?)'] * len(having)) or 'false'})"
            values += map(json.dumps, having)
        rows = self.execute(query, *values).fetchall()
        own = json.loads(f"[{','.join(row[2] for row in rows)}]")  # at once: hundreds of calls take longer
        return [Shape(number, problem or None, tags) for (number, problem, _), tags in zip(rows, own, strict=True)]

    def of_shape(self, role: Role, tags: Sequence[str]) -> list[int]:
        """Return the numbers of all strategies, not learned programs, of a role with just these tags."""
        query = (
            "SELECT number FROM strategies WHERE shape IN "
            "(SELECT id FROM shapes WHERE role = ? AND problem = '' AND tags = ?) ORDER BY number"
        )
        return [row[0] for row in self.execute(query, role, json.dumps(sorted(tags)))]

    def forget(self) -> None:
        """Read the problems and shapes anew: after a rollback their counts do not tell."""
        self._problems = None
        self._shape_ids.clear()

    def load(self, numbers: Sequence[int]) -> dict[int, Strategy]:
        """Return strategies by number, with evidence and programs, in the order of the numbers."""
        found: dict[int, Strategy] = {}
        for start in range(0, len(numbers), BATCH):
            part = numbers[start : start + BATCH]
            evidence = self._evidence(part)
            for row in self.execute(f"{_LOAD} WHERE s.number IN ({_marks(part)})", *part):
                found[row[0]] = _strategy(row, evidence.get(row[0], ()))
        return {number: found[number] for number in numbers if number in found}

    def outlines(self, numbers: Sequence[int]) -> list[Outline]:
        """Return what ranking needs of strategies by number, in the order of the numbers."""
        found: dict[int, Outline] = {}
        for start in range(0, len(numbers), BATCH):
            part = numbers[start : start + BATCH]
            evidence = self._evidence(part)
            for row in self.execute(f"{_OUTLINE} WHERE s.number IN ({_marks(part)})", *part):
                found[row[0]] = _outline(row, evidence.get(row[0], ()))
        return [found[number] for number in numbers if number in found]

    def in_shape(self, shape: int, *, best: int, untried: int, start: float) -> list[int]:
        """Return the best of a shape by merit, and some never tried, from a place in their shuffled order."""
        wanted = "SELECT number FROM strategies WHERE shape = ?"
        found = self.execute(f"{wanted} ORDER BY merit DESC LIMIT ?", shape, best).fetchall()
        for condition in ("draw >= ?", "draw < ?") if len(found) == best else ():
            left = best + untried - len(found)
            query = f"{wanted} AND trials = 0 AND {condition} ORDER BY draw LIMIT ?"
            found += self.execute(query, shape, start, left).fetchall()
        return list(dict.fromkeys(row[0] for row in found))

    def by_text(self, words: Sequence[str], *, roles: Sequence[Role], limit: int, work: int) -> list[tuple[int, float]]:
        """Return numbers and BM25 scores; rare words first, until about `work` entries are to be looked through."""
        used: list[str] = []
        for documents, word in sorted(self._frequencies(words, work + 1)):
            if documents > work:
                break
            work -= documents
            used.append(f'"{word}"')
        if not used:
            return []
        return self.execute(
            "SELECT texts.rowid, -bm25(texts, 4, 2, 2, 1) FROM texts JOIN strategies s ON s.number = texts.rowid "
            f"JOIN shapes h ON h.id = s.shape WHERE texts MATCH ? AND h.role IN ({_marks(roles)}) ORDER BY 2 DESC LIMIT ?",
            *(" OR ".join(used), *roles, limit),
        ).fetchall()

    def insert(self, strategy: Strategy, foreign: bool) -> None:
        """Write a strategy whose id is new, with its evidence."""
        cursor = self.execute(
            "INSERT INTO strategies (id, shape, name, archetypes, applies, how, rest, program, created, draw, "
            'trials, merit, "foreign") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            *(strategy.id, *self._columns(strategy), _draw(strategy.id)),
            *(len(strategy.trials), merit(strategy.evidence), foreign),
        )
        number = int(cursor.lastrowid or 0)
        texts = (strategy.name, json.dumps(strategy.archetypes), strategy.when, strategy.how)
        self.execute("INSERT INTO texts (rowid, name, archetypes, applies, how) VALUES (?, ?, ?, ?, ?)", number, *texts)
        self.write_evidence(number, strategy.evidence)

    def rewrite(self, number: int, strategy: Strategy) -> None:
        """Replace a strategy's text, parameters, origin and program; its evidence stays."""
        self._unindex(number)
        dropped = self.row("SELECT program FROM strategies WHERE number = ?", number)
        self.execute(
            "UPDATE strategies SET shape = ?, name = ?, archetypes = ?, applies = ?, how = ?, rest = ?, "
            "program = ?, created = ? WHERE number = ?",
            *(*self._columns(strategy), number),
        )
        self._index(number)
        self._drop_program(dropped[0] if dropped else None)

    def delete(self, number: int) -> None:
        """Delete a strategy with its evidence, and its program if no other has it."""
        dropped = self.row("SELECT program FROM strategies WHERE number = ?", number)
        self._unindex(number)
        self.execute("DELETE FROM evidence WHERE strategy = ?", number)
        self.execute("DELETE FROM strategies WHERE number = ?", number)
        self._drop_program(dropped[0] if dropped else None)

    def write_evidence(self, number: int, evidence: Iterable[Evidence]) -> None:
        """Write evidence; a piece with a known key takes the old one's place."""
        rows = [(number, item.key, *(getattr(item, name) for name in _EVIDENCE)) for item in evidence]
        if rows:
            self.connection.executemany(f"INSERT OR REPLACE INTO evidence VALUES (?, ?, {_marks(_EVIDENCE)})", rows)

    def summarise(self, number: int, evidence: Sequence[Evidence]) -> None:
        """Bring what a strategy's row says of its evidence up to date."""
        trials = sum(item.kind == "trial" for item in evidence)
        self.execute("UPDATE strategies SET trials = ?, merit = ? WHERE number = ?", trials, merit(evidence), number)

    def _evidence(self, numbers: Sequence[int]) -> dict[int, list[Evidence]]:
        found: dict[int, list[Evidence]] = {}
        columns = ", ".join(f'"{name}"' for name in _EVIDENCE)
        query = f"SELECT strategy, {columns} FROM evidence WHERE strategy IN ({_marks(numbers)}) ORDER BY strategy, key"
        for row in self.execute(query, *numbers):
            found.setdefault(row[0], []).append(_evidence(row[1:]))
        return found

    def _columns(self, strategy: Strategy) -> tuple[Any, ...]:
        """Return shape, name, archetypes, applies, how, rest, program and created as the table wants them."""
        rest = {
            "numba_notes": strategy.numba_notes,
            "parameters": [item.to_json() for item in strategy.parameters],
            "failure_modes": strategy.failure_modes,
            "origin": strategy.origin.to_json(),
        }
        return (
            self._shape(strategy),
            strategy.name,
            json.dumps(strategy.archetypes),
            strategy.when,
            strategy.how,
            json.dumps(rest, ensure_ascii=False),
            self._keep_program(strategy.program),
            strategy.origin.created,
        )

    def _shape(self, strategy: Strategy) -> int:
        problem = (strategy.origin.problem or "") if strategy.role in ("program", "composition") else ""
        tags = json.dumps([] if problem else sorted(tag for tag in strategy.archetypes if ":" not in tag))
        values = (strategy.role, problem, tags)
        if values not in self._shape_ids:  # no shape is ever deleted or changed
            row = self.row("SELECT id FROM shapes WHERE role = ? AND problem = ? AND tags = ?", *values)
            if row is None:
                statement = "INSERT INTO shapes (role, problem, tags) VALUES (?, ?, ?) RETURNING id"
                row = self.row(statement, *values)
            self._shape_ids[values] = int(row[0]) if row is not None else 0
        return self._shape_ids[values]

    def _keep_program(self, source: str | None) -> str | None:
        if source is None:
            return None
        digest = hashlib.sha256(source.encode()).hexdigest()
        self.execute("INSERT OR IGNORE INTO programs VALUES (?, ?)", digest, source)
        return digest

    def _drop_program(self, digest: str | None) -> None:
        if digest is not None and self.row("SELECT 1 FROM strategies WHERE program = ? LIMIT 1", digest) is None:
            self.execute("DELETE FROM programs WHERE digest = ?", digest)

    def _index(self, number: int) -> None:
        self.execute(
            "INSERT INTO texts (rowid, name, archetypes, applies, how) "
            "SELECT number, name, archetypes, applies, how FROM strategies WHERE number = ?",
            number,
        )

    def _unindex(self, number: int) -> None:
        self.execute(
            "INSERT INTO texts (texts, rowid, name, archetypes, applies, how) "
            "SELECT 'delete', number, name, archetypes, applies, how FROM strategies WHERE number = ?",
            number,
        )

    def _frequencies(self, words: Sequence[str], most: int) -> Iterator[tuple[int, str]]:
        for word in dict.fromkeys(words):
            query = "SELECT count(*) FROM (SELECT 1 FROM texts WHERE texts MATCH ? LIMIT ?)"
            documents = int(self.execute(query, f'"{word}"', most).fetchone()[0])
            if documents:
                yield documents, word


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _strategy(row: tuple[Any, ...], evidence: Sequence[Evidence]) -> Strategy:
    """Return the strategy of a row; what was checked when it was written is not checked again."""
    _, strategy_id, name, archetypes, applies, how, rest, program = row
    data = json.loads(rest)
    return Strategy(
        id=strategy_id,
        name=name,
        archetypes=tuple(json.loads(archetypes)),
        when=applies,
        how=how,
        numba_notes=data["numba_notes"],
        parameters=tuple(_parameter(item) for item in data["parameters"]),
        failure_modes=tuple(data["failure_modes"]),
        program=program,
        origin=Origin(**data["origin"]),
        evidence=tuple(evidence),
    )


def _outline(row: tuple[Any, ...], evidence: Sequence[Evidence]) -> Outline:
    number, strategy_id, name, applies, role, tags, origin = row
    tags, origin = tuple(json.loads(tags)), Origin(**json.loads(origin))
    return Outline(number, strategy_id, name, applies, role, tags, origin, tuple(evidence))


def _evidence(row: tuple[Any, ...]) -> Evidence:
    """Return the evidence that a row of the table holds, its columns in the order of `_EVIDENCE`."""
    problem, kind, gain, low, high, cases, baseline, attempt, source, foreign = row
    return Evidence(problem, kind, gain, low, high, cases, baseline, attempt, source, bool(foreign))


def _parameter(item: dict[str, Any]) -> StrategyParameter:
    return StrategyParameter(**{**item, "choices": tuple(item["choices"])} if "choices" in item else item)


def _draw(strategy_id: str) -> float:
    return int.from_bytes(hashlib.sha256(strategy_id.encode()).digest()[:6], "little") / 2**48
