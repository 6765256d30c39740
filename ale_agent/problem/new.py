"""A new problem folder with stubs that work: a tiny real problem to be replaced step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

from ale_agent.errors import ProblemError
from ale_agent.problem.score import Objective
from ale_agent.problem.specification import ID_RULE

# What differs between the stubs of the two objectives.
_BATCH: Mapping[Objective, Mapping[str, str]] = {
    "maximize": {
        "ARE": "are taken",
        "BETTER": "More",
        "WORST": "-np.inf",
        "WORST_WORD": "-inf",
        "START": "0",
        "NEXT": "value + values[i]",
        "RESULT": "int(values[items].sum())",
        "SAMPLE_SCORE": "28",
    },
    "minimize": {
        "ARE": "are left",
        "BETTER": "Less",
        "WORST": "np.inf",
        "WORST_WORD": "inf",
        "START": "values.sum()",
        "NEXT": "value - values[i]",
        "RESULT": "int(values.sum() - values[items].sum())",
        "SAMPLE_SCORE": "18",
    },
}
_INTERACTIVE: Mapping[Objective, Mapping[str, str]] = {
    "maximize": {
        "BETTER": "More",
        "SCORE_WORDS": "M + 1 - g",
        "RESULT": "MAX_GUESSES + 1 - turn",
        "SAMPLE_SCORE": "98",
    },
    "minimize": {"BETTER": "Less", "SCORE_WORDS": "g", "RESULT": "turn", "SAMPLE_SCORE": "3"},
}


def create_problem(
    folder: Path,
    id: str,
    *,
    title: str | None = None,
    objective: Objective = "maximize",
    interactive: bool = False,
) -> Path:
    """Lay out a problem folder whose stubs pass the whole check; return the folder.

    Parameters
    ----------
    folder
        The folder itself; made with its parents, or existing and empty.
    id
        Lower-case letters, digits, ``-`` and ``_``.
    title
        For a person; the id if absent.
    objective
        Whether more or less is better.
    interactive
        Whether the judge talks with the solver.

    Raises
    ------
    ProblemError
        The id or the title breaks its rule, or the folder holds something or cannot be written.
    """
    if not ID_RULE.fullmatch(id):
        raise ProblemError(f"id: must hold only a-z, 0-9, - and _, but it is {id!r}")
    title = id if title is None else title
    if not title.strip() or not title.isprintable():
        raise ProblemError(f"title: must be one line of printable text, but it is {title!r}")
    texts = stub_texts(id, title=title, objective=objective, interactive=interactive)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ProblemError(f"{folder}: must be new or an empty folder, but it holds something; choose another")
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise ProblemError(f"{folder}: cannot be written: {error.strerror}") from error
    return folder


def stub_texts(id: str, *, title: str = "", objective: Objective, interactive: bool) -> dict[str, str]:
    """Return the files that `create_problem` writes, by their path below the folder."""
    values = {
        **(_INTERACTIVE if interactive else _BATCH)[objective],
        "ID": id,
        "OBJECTIVE": objective,
        "TITLE_TOML": json.dumps(title, ensure_ascii=False),
        "TITLE": title,
    }
    template = files("ale_agent.problem") / "template" / ("interactive" if interactive else "batch")
    return {name: _filled(text, values) for name, text in _texts(template)}


def _texts(template: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each file of the template with its path below the folder."""
    for entry in sorted(template.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _texts(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_text("utf-8")


def _filled(text: str, values: Mapping[str, str]) -> str:
    # The title comes last: what a person typed is not searched for names.
    for name, value in values.items():
        text = text.replace(f"__{name}__", value)
    return text
