"""problem.toml, read and checked: what a program needs to know of a problem (FORMATS section 1)."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from ale_agent.errors import ProblemError
from ale_agent.problem.score import Objective

Scoring = Literal["absolute", "relative"]
Relative = Literal["best", "rank"]

ID_RULE = re.compile(r"[a-z0-9_-]+")
MAX_TIME_LIMIT = 3600.0
MIN_MEMORY_LIMIT_MB = 16
MAX_MEMORY_LIMIT_MB = 1 << 20

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "generate": frozenset({"seeds_file", "case_dir", "seed"}),
    "score": frozenset({"input", "output", "seed"}),
    "interact": frozenset({"solver", "input", "seed"}),
}
# Of each group a command must use at least one, or it could not do its work.
_NEEDED: Mapping[str, tuple[frozenset[str], ...]] = {
    "generate": (frozenset({"seeds_file", "seed"}),),
    "score": (frozenset({"input"}), frozenset({"output"})),
    "interact": (frozenset({"solver"}),),
}


@dataclass(frozen=True)
class PythonToolsSpec:
    """The tools are tools.py beside problem.toml.

    Parameters
    ----------
    written_by
        ``model``: by a language model, so that they run locked, as solvers do, and whatever they judge is said to be
        judged by a model's work.
    """

    written_by: Literal["person", "model"] = "person"


@dataclass(frozen=True, kw_only=True)
class CommandToolsSpec:
    """The tools are programs; each command is a tuple of arguments with {placeholders}.

    Parameters
    ----------
    generate
        Makes cases from seeds.
    score
        Judges one output of a batch problem.
    interact
        Judges an interactive problem, running the solver itself.
    cases
        A folder of ready-made cases, relative to problem.toml.
    """

    generate: tuple[str, ...] | None = None
    score: tuple[str, ...] | None = None
    interact: tuple[str, ...] | None = None
    cases: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeaderboardSpec:
    """Which table a score is compared with.

    Parameters
    ----------
    table
        A shipped table by name, or a path relative to problem.toml.
    ranked_cases
        How many cases the table's scores are sums over, if they are sums.
    relative
        Where scoring is relative: whether a case's points are in proportion to the best score, or by rank.
    full_marks
        Where scoring is relative: what the best score of a case is worth.
    """

    table: str
    ranked_cases: int | None = None
    relative: Relative = "best"
    full_marks: int = 10**9


@dataclass(frozen=True, kw_only=True)
class ProblemSpec:
    """problem.toml, checked.

    Parameters
    ----------
    id
        Lower-case letters, digits, ``-`` and ``_``.
    title
        For a person.
    objective
        Whether more or less is better.
    scoring
        ``absolute``: scores of different cases add up; ``relative``: each is compared with a reference.
    interactive
        Whether the judge talks with the solver.
    time_limit
        Seconds per case.
    memory_limit_mb
        Mebibytes per case.
    source
        Where the problem comes from, free text.
    tools
        How cases are made and judged.
    leaderboard
        Which table a score is compared with, if any.
    """

    id: str
    title: str
    objective: Objective
    scoring: Scoring
    interactive: bool
    time_limit: float
    memory_limit_mb: int
    source: str | None
    tools: PythonToolsSpec | CommandToolsSpec
    leaderboard: LeaderboardSpec | None


def near_miss(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the known name nearest to a wrong one, or nothing."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean '{close[0]}'?)" if close else ""


@dataclass(frozen=True)
class _Table:
    """A TOML table that knows its file and its place, so that every message can name them."""

    file: Path
    name: str
    content: Mapping[str, Any]

    def fail(self, key: str, rule: str) -> NoReturn:
        place = f"{self.name}.{key}" if self.name else key
        raise ProblemError(f"{self.file}: key '{place}': {rule}")

    def fail_value(self, key: str, rule: str, value: object) -> NoReturn:
        text = repr(value)
        self.fail(key, f"{rule}, but it is {text if len(text) <= 80 else text[:77] + '...'}")

    def allow_only(self, *known: str) -> None:
        for key in self.content:
            if key not in known:
                where = f" in [{self.name}]" if self.name else ""
                self.fail(key, f"unknown key{where}{near_miss(key, known)}; known are {', '.join(known)}")

    def required(self, key: str) -> Any:
        if key not in self.content:
            self.fail(key, "is missing and required")
        return self.content[key]

    def text(self, key: str) -> str:
        value = self.required(key)
        if not isinstance(value, str) or not value.strip():
            self.fail_value(key, "must be a non-empty string", value)
        return value

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self.content else None

    def one_of(self, key: str, *known: str) -> str:
        value = self.required(key)
        if not isinstance(value, str) or value not in known:
            hint = near_miss(value, known) if isinstance(value, str) else ""
            self.fail_value(key, f"must be {' or '.join(repr(k) for k in known)}{hint}", value)
        return value

    def boolean(self, key: str) -> bool:
        value = self.required(key)
        if not isinstance(value, bool):
            self.fail_value(key, "must be true or false", value)
        return value

    def integer(self, key: str, low: int, high: int) -> int:
        value = self.required(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fail_value(key, f"must be an integer from {low} to {high}", value)
        return value

    def table(self, key: str) -> _Table:
        value = self.required(key)
        if not isinstance(value, dict):
            self.fail_value(key, f"must be a table, [{key}]", value)
        return _Table(self.file, key, value)


def read_specification(path: Path) -> ProblemSpec:
    """Return the content of a problem.toml.

    Raises
    ------
    ProblemError
        With the file, the key, the rule and the value: the file breaks FORMATS section 1 or cannot be read.
    """
    return parse_specification(read_text(path, max_bytes=1 << 20), path)


def read_text(path: Path, *, max_bytes: int) -> str:
    """Return a UTF-8 file of a problem folder as text.

    Raises
    ------
    ProblemError
        It is missing, no regular file, unreadable, longer than `max_bytes` or not UTF-8.
    """
    try:
        if path.exists() and not path.is_file():
            raise ProblemError(f"{path}: must be a regular file, but it is a {'folder' if path.is_dir() else 'device'}")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ProblemError(f"{path}: no such file") from None
    except OSError as error:
        raise ProblemError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > max_bytes:
        raise ProblemError(f"{path}: must be at most {max_bytes} bytes long, but it is longer")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(f"{path}: must be UTF-8 text, but byte {error.start} is not; save it as UTF-8") from error


def parse_specification(text: str, file: Path) -> ProblemSpec:
    """Return the specification that a problem.toml's text gives.

    Parameters
    ----------
    text
        The content.
    file
        Its path, for messages.

    Raises
    ------
    ProblemError
        With the file, the key, the rule and the value.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(f"{file}: is not valid TOML: {error}") from error
    top = _Table(file, "", content)
    top.allow_only(
        "id", "title", "objective", "scoring", "interactive", "time_limit", "memory_limit_mb",
        "source", "tools", "leaderboard",
    )  # fmt: skip
    interactive = top.boolean("interactive")
    return ProblemSpec(
        id=_identifier(top),
        title=top.text("title"),
        objective="maximize" if top.one_of("objective", "maximize", "minimize") == "maximize" else "minimize",
        scoring="absolute" if top.one_of("scoring", "absolute", "relative") == "absolute" else "relative",
        interactive=interactive,
        time_limit=_seconds(top, "time_limit"),
        memory_limit_mb=top.integer("memory_limit_mb", MIN_MEMORY_LIMIT_MB, MAX_MEMORY_LIMIT_MB),
        source=top.optional_text("source"),
        tools=_tools(top.table("tools"), interactive),
        leaderboard=_leaderboard(top.table("leaderboard"), content["scoring"]) if "leaderboard" in content else None,
    )


def _identifier(top: _Table) -> str:
    value = top.text("id")
    if not ID_RULE.fullmatch(value):
        top.fail_value("id", "must hold only a-z, 0-9, - and _", value)
    return value


def _seconds(top: _Table, key: str) -> float:
    value = top.required(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 < value <= MAX_TIME_LIMIT:
        top.fail_value(key, f"must be a number of seconds above 0 and at most {MAX_TIME_LIMIT:g}", value)
    return float(value)


def _leaderboard(table: _Table, scoring: str) -> LeaderboardSpec:
    table.allow_only("table", "ranked_cases", "relative", "full_marks")
    if scoring == "absolute":
        for key in ("relative", "full_marks"):
            if key in table.content:
                table.fail(key, 'goes with scoring = "relative" only')
    content = table.content
    return LeaderboardSpec(
        table=table.text("table"),
        ranked_cases=table.integer("ranked_cases", 1, 10**9) if "ranked_cases" in content else None,
        relative="rank" if "relative" in content and table.one_of("relative", "best", "rank") == "rank" else "best",
        full_marks=table.integer("full_marks", 1, 10**12) if "full_marks" in content else 10**9,
    )


def _tools(table: _Table, interactive: bool) -> PythonToolsSpec | CommandToolsSpec:
    if table.one_of("kind", "python", "command") == "python":
        for key in ("generate", "score", "interact", "cases"):
            if key in table.content:
                table.fail(key, 'goes with kind = "command" only')
        table.allow_only("kind", "written_by")
        is_model = "written_by" in table.content and table.one_of("written_by", "person", "model") == "model"
        return PythonToolsSpec("model" if is_model else "person")
    table.allow_only("kind", "generate", "score", "interact", "cases")
    tools = CommandToolsSpec(
        generate=_command(table, "generate"),
        score=_command(table, "score"),
        interact=_command(table, "interact"),
        cases=table.optional_text("cases"),
    )
    if tools.generate is None and tools.cases is None:
        table.fail("generate", "is missing, and so is 'cases': one of them must say where cases come from")
    needed, wrong = ("interact", "score") if interactive else ("score", "interact")
    word = "true" if interactive else "false"
    if needed not in table.content:
        table.fail(needed, f"is missing and required, because interactive = {word}")
    if wrong in table.content:
        table.fail(wrong, f"does not go with interactive = {word}; '{needed}' does")
    return tools


def _command(table: _Table, key: str) -> tuple[str, ...] | None:
    if key not in table.content:
        return None
    value = table.content[key]
    if not isinstance(value, list) or not value or not all(isinstance(part, str) and part for part in value):
        table.fail_value(key, "must be a non-empty list of non-empty strings", value)
    if any("\0" in part for part in value):
        table.fail_value(key, "must hold no NUL character", value)
    known = _PLACEHOLDERS[key]
    used = {name for part in value for name in _PLACEHOLDER.findall(part)}
    for name in sorted(used - known):
        braced = ", ".join(f"{{{k}}}" for k in sorted(known))
        table.fail(key, f"unknown placeholder {{{name}}}{near_miss(name, known)}; known are {braced}")
    for group in _NEEDED[key]:
        if not used & group:
            table.fail_value(key, f"must contain {' or '.join(f'{{{k}}}' for k in sorted(group))}", value)
    return tuple(value)
