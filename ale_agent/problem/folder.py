"""A problem folder: its statement, specification, tools and samples, found and checked without running anything."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ale_agent.errors import ProblemError
from ale_agent.problem.specification import (
    ID_RULE,
    CommandToolsSpec,
    ProblemSpec,
    PythonToolsSpec,
    near_miss,
    read_specification,
    read_text,
)

ARRAY_FUNCTIONS = ("read_case", "answer_space", "objective", "write_answer")
SPECIFICATION = "problem.toml"
MAX_TOOLS_BYTES = 4 << 20
MAX_SAMPLE_BYTES = 64 << 20

_STATEMENTS = ("statement.md", "statement.html", "statement.htm", "statement.txt")
_STATEMENT_SUFFIXES = (".md", ".markdown", ".html", ".htm", ".txt")
_CASE_FILE = re.compile(r"(\d+)\.txt")
# How far above a named file its problem.toml may lie: tools/in/0000.txt is two folders deep.
_LEVELS_UP = 3


@dataclass(frozen=True)
class Sample:
    """A case with an output and the score that judging it must give, exactly."""

    name: str
    input: str
    output: str
    score: float


@dataclass(frozen=True)
class Problem:
    """A problem folder, checked.

    Parameters
    ----------
    folder
        Where it lies, absolute.
    spec
        problem.toml.
    statement_path
        The statement, if there is one.
    array_level
        Whether tools.py has the four functions that a compiled solver can call.
    has_draw
        Whether an answer can be drawn.
    tools_source
        The text of tools.py; None for command tools.
    samples
        Known cases, sorted by name.
    case_seeds_available
        The numbers of the ready-made cases where nothing can generate others; None if any seed will do.
    """

    folder: Path
    spec: ProblemSpec
    statement_path: Path | None
    array_level: bool
    has_draw: bool
    tools_source: str | None
    samples: tuple[Sample, ...]
    case_seeds_available: tuple[int, ...] | None

    @property
    def judged_by_model(self) -> bool:
        """Whether a language model wrote the judge."""
        return isinstance(self.spec.tools, PythonToolsSpec) and self.spec.tools.written_by == "model"


def load_problem(path: Path) -> Problem:
    """Return the problem that a folder, or any file inside it, belongs to.

    tools.py is read and parsed, never imported.

    Raises
    ------
    ProblemError
        With the file, the key, the rule and the value: what breaks FORMATS section 1.
    """
    folder = _folder_of(path)
    spec = read_specification(folder / SPECIFICATION)
    names: frozenset[str] = frozenset()
    source: str | None = None
    if isinstance(spec.tools, PythonToolsSpec):
        source = _read_tools(folder)
        names = _defined_names(source, folder / "tools.py")
        _check_functions(names, folder / "tools.py", spec.interactive)
    return Problem(
        folder=folder,
        spec=spec,
        statement_path=_statement_path(path, folder),
        array_level=set(ARRAY_FUNCTIONS) <= names,
        has_draw="draw" in names or _draws(spec.tools),
        tools_source=source,
        samples=_read_samples(folder / "samples"),
        case_seeds_available=_ready_made_seeds(folder, spec.tools),
    )


def repository_problems() -> Path:
    """Return the folder of the problems that lie beside the package in a checkout; it may not exist."""
    return Path(__file__).resolve().parents[2] / "problems"


def find_problem(name_or_path: str | Path, roots: Sequence[Path] | None = None) -> Path:
    """Return the path of a problem that is named by path or by id.

    Parameters
    ----------
    name_or_path
        A folder, a file inside one, or an id such as ``ahc026``.
    roots
        Folders of problem folders, in the order of search; ``./problems`` and the repository's if absent.

    Raises
    ------
    ProblemError
        Nothing there has that name; the message names what was searched and the nearest id.
    """
    roots = (Path("problems"), repository_problems()) if roots is None else roots
    name, path = str(name_or_path), Path(name_or_path)
    is_id = bool(ID_RULE.fullmatch(name))
    # A folder ./ahc026 that holds something else (say, results) must not hide the problem of that id.
    if path.is_file() or (path / SPECIFICATION).is_file() or (path.exists() and not is_id):
        return path
    for root in roots:
        if is_id and (root / name / SPECIFICATION).is_file():
            return root / name
    for folder in (path, *(root / name for root in roots)):
        if folder.is_dir():
            return folder  # without problem.toml, which whoever loads it will say
    if not is_id:
        raise ProblemError(f"{name}: no such file or folder")
    known = sorted({entry.name for root in roots for entry in problem_folders(root)})
    searched = ", ".join(str(root) for root in roots)
    listed = f"; known are {', '.join(known)}" if known else ""
    raise ProblemError(f"no problem '{name}'{near_miss(name, known)} in {searched}{listed}; or give a path to a folder")


def problem_folders(root: Path) -> tuple[Path, ...]:
    """Return the problem folders directly below a folder, sorted by name; none if it does not exist."""
    if not root.is_dir():
        return ()
    return tuple(sorted(entry for entry in root.iterdir() if (entry / SPECIFICATION).is_file()))


def _folder_of(path: Path) -> Path:
    try:
        if not path.exists():
            raise ProblemError(f"{path}: no such file or folder")
        resolved = path.resolve()
        if resolved.is_dir():
            if not (resolved / SPECIFICATION).exists():
                raise ProblemError(
                    f"{path}: {SPECIFICATION} is missing in this folder. Write it there (id, objective, limits, where the "
                    "tools are), name a folder that holds it, or begin one with 'ale-agent problem new ID'"
                )
            return resolved
        for folder in list(resolved.parents)[:_LEVELS_UP]:
            if (folder / SPECIFICATION).exists():
                return folder
    except (OSError, ValueError, RuntimeError) as error:
        raise ProblemError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    raise ProblemError(
        f"{path}: no {SPECIFICATION} beside it. A statement alone cannot be judged: put {SPECIFICATION} and tools.py "
        "(cases and scoring) beside it ('ale-agent problem new ID' lays out a folder to start from), or let "
        "'solve --model' write them"
    )


def _statement_path(path: Path, folder: Path) -> Path | None:
    resolved = path.resolve()
    if resolved.is_file() and resolved.parent == folder and resolved.suffix.lower() in _STATEMENT_SUFFIXES:
        return resolved
    return next((folder / name for name in _STATEMENTS if (folder / name).is_file()), None)


def _read_tools(folder: Path) -> str:
    path = folder / "tools.py"
    if not path.exists():
        raise ProblemError(
            f"{path}: is missing. {SPECIFICATION} says tools.kind = 'python', so cases and scoring come from tools.py; "
            "'ale-agent problem new ID' writes one to start from"
        )
    return read_text(path, max_bytes=MAX_TOOLS_BYTES)


def _defined_names(source: str, path: Path) -> frozenset[str]:
    try:
        tree = ast.parse(source, str(path))
    except SyntaxError as error:
        raise ProblemError(f"{path}: line {error.lineno}: is not Python: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise ProblemError(f"{path}: is not Python: {error}") from error
    return frozenset(_bound_names(tree.body))


def _bound_names(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements at a module's top level bind, inside if, try and with too."""
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name
            case ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name for alias in aliases)
            case ast.If(body=first, orelse=second):
                yield from _bound_names([*first, *second])
            case ast.Try(body=first, handlers=handlers, orelse=second):
                yield from _bound_names([*first, *second, *(inner for handler in handlers for inner in handler.body)])
            case ast.With(body=first):
                yield from _bound_names(first)


def _check_functions(names: frozenset[str], path: Path, interactive: bool) -> None:
    judge, signature = ("interact", "(case, solver)") if interactive else ("score", "(case, output)")
    for name, how in (("generate", "(seed) -> str"), (judge, f"{signature} -> number")):
        if name not in names:
            word = "true" if interactive else "false"
            why = f", because interactive = {word}" if name == judge else ""
            raise ProblemError(f"{path}: must define {name}{how}{why}, but it does not{near_miss(name, names)}")
    present = [name for name in ARRAY_FUNCTIONS if name in names]
    missing = [name for name in ARRAY_FUNCTIONS if name not in names]
    # Words as common as these two alone are no sign that the array level was meant.
    if missing and {"answer_space", "write_answer"} & set(present):
        raise ProblemError(
            f"{path}: the array level is {', '.join(ARRAY_FUNCTIONS)}, all four together or none, "
            f"but {', '.join(missing)} is not defined"
        )


def _draws(tools: PythonToolsSpec | CommandToolsSpec) -> bool:
    """Whether command tools are a visualizer by name: AtCoder's ``vis`` leaves a picture where it runs."""
    is_batch = isinstance(tools, CommandToolsSpec) and tools.score is not None
    return is_batch and Path(tools.score[0]).name.startswith("vis")  # type: ignore[union-attr,index]


def ready_made_cases(folder: Path, tools: CommandToolsSpec) -> dict[int, Path]:
    """Return the files of the ready-made cases by number, ``0007.txt`` being 7, in order."""
    if tools.cases is None:
        return {}
    cases = folder / tools.cases
    if not cases.is_dir():
        raise ProblemError(f"{folder / SPECIFICATION}: key 'tools.cases': must name a folder, but {cases} is none")
    found = {int(m[1]): entry for entry in cases.iterdir() if (m := _CASE_FILE.fullmatch(entry.name))}
    return dict(sorted(found.items()))


def _ready_made_seeds(folder: Path, tools: PythonToolsSpec | CommandToolsSpec) -> tuple[int, ...] | None:
    if not isinstance(tools, CommandToolsSpec):
        return None
    seeds = tuple(ready_made_cases(folder, tools))
    if tools.generate is not None:
        return None
    if not seeds:
        place = f"{folder / SPECIFICATION}: key 'tools.cases'"
        raise ProblemError(f"{place}: must name a folder with files such as 0000.txt, but {tools.cases} holds none")
    return seeds


def _read_samples(folder: Path) -> tuple[Sample, ...]:
    if not folder.is_dir():
        return ()
    inputs = sorted(entry for entry in folder.iterdir() if entry.suffix == ".in")
    scores_path = folder / "scores.json"
    if not inputs and not scores_path.exists():
        return ()
    scores = _read_scores(scores_path)
    names = [entry.stem for entry in inputs]
    for name in sorted(set(names) ^ set(scores)):
        where, what = (scores_path, f"key '{name}'") if name in names else (folder, f"{name}.in")
        raise ProblemError(f"{where}: {what} is missing: each sample has a .in, a .out and a score")
    return tuple(
        Sample(
            name=entry.stem,
            input=read_text(entry, max_bytes=MAX_SAMPLE_BYTES),
            output=read_text(entry.with_suffix(".out"), max_bytes=MAX_SAMPLE_BYTES),
            score=scores[entry.stem],
        )
        for entry in inputs
    )


def _read_scores(path: Path) -> dict[str, float]:
    try:
        content = json.loads(read_text(path, max_bytes=1 << 20))
    except (json.JSONDecodeError, RecursionError) as error:
        raise ProblemError(f"{path}: is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise ProblemError(f'{path}: must be an object such as {{"0000": 1234}}, but it is a {type(content).__name__}')
    for name, score in content.items():
        if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
            raise ProblemError(f"{path}: key '{name}': must be a finite number, but it is {score!r}")
    return {name: float(score) for name, score in content.items()}
