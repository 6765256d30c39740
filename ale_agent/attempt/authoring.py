"""A problem folder from a statement alone: a model writes the judge, and what it wrote is tried locked before it counts.

What can be checked without a judge that somebody trusts: the contract of a problem folder, the statement's samples and the
scores that its text gives them, and that made cases fit its input format and its bounds. Not covered: a judge that keeps
all of these and still says something else than the statement; therefore every result of such an attempt says who judged.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ale_agent.attempt.authors import AUTHOR
from ale_agent.attempt.budget import Budget
from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.attempt.workspace import Event, Observe
from ale_agent.errors import BudgetExceededError, ProblemError
from ale_agent.problem import Case, Problem, ToolsHost, load_problem, open_tools
from ale_agent.problem.check import check_problem
from ale_agent.problem.folder import SPECIFICATION
from ale_agent.problem.tools import InvalidAnswerError, SolverGoneError, SolverSilentError
from ale_agent.statement import Statement, read_statement
from ale_agent.statement.match import read_by_schema
from ale_agent.strategist.conversations import Conversation, ConversationError
from ale_agent.strategist.spending import Account, BoundConversation, Caps, Ledger
from ale_agent.strategist.toolmaking import ToolsDraft, write_tools

_AT_FAULT = (InvalidAnswerError, SolverGoneError, SolverSilentError)
_LEVELS_UP = 3
_CASES = 6
_MALFORMED = 120
_MOST_FINDINGS = 6
_SAMPLE_HEADING = re.compile(
    r"^#{1,6}\s.*\b(?:samples?|examples?)\b|^#{1,6}\s.*(?:入力例|出力例)", re.IGNORECASE | re.MULTILINE
)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.;])\s+|(?<=。)")
_SCORE_WORD = re.compile(r"\b(?:scores?|points?|costs?|value)\b|得点|スコア", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?![\w])")
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Authored:
    """What asking for a judge came to.

    Parameters
    ----------
    folder
        The problem folder; it holds the last draft where none held.
    missing
        Why no draft held, the last reason last; empty if one did.
    """

    folder: Path
    missing: tuple[str, ...]


def stands_alone(path: Path) -> bool:
    """Return whether a path is a file that belongs to no problem folder."""
    return path.is_file() and not any((folder / SPECIFICATION).exists() for folder in _folders(path))


def _folders(path: Path) -> list[Path]:
    return list(path.resolve().parents)[:_LEVELS_UP]


def have_problem(
    options: AttemptOptions, journal: Journal, budget: Budget, observe: Observe
) -> Problem | tuple[str, ...]:
    """Return the attempt's problem, written by a model first where there was a statement alone; or what is missing.

    Every call is in the journal before it is made: an attempt that was killed asks the same again and pays for nothing
    twice.
    """
    folder = Path(options.problem_folder)
    if not options.alone or journal.read_meta().get("authored"):
        return load_problem(folder)

    def emit(kind: str, payload: dict[str, Any]) -> None:
        journal.write_event(kind, payload, budget.elapsed)
        observe(Event(kind, payload, budget.elapsed))

    def warn(text: str) -> None:
        emit("warning", {"text": text})

    account, exchanges, ledger = _engage(options, journal, budget, emit)
    waiting = [asked for asked in exchanges.requests() if asked.kind == AUTHOR and asked.status == "open"]
    asked = waiting[0] if waiting else exchanges.open_request(AUTHOR, account.name, (), (), {})
    warn(f"there is a statement alone: {account.name} is asked to write the judge")
    assert options.statement_path is not None
    try:
        conversation = BoundConversation(ledger, account, asked.number)
        authored = author_problem(Path(options.statement_path), folder, conversation, observe=warn)
    except (BudgetExceededError, ConversationError) as error:
        authored = Authored(folder, (str(error),))
    finally:
        account.conversation.close()
    if authored.missing:
        exchanges.refuse(asked)
        warn(f"there is no judge; the last draft is in {folder}: mend it and solve that folder")
        return authored.missing
    exchanges.learn(asked, ())
    journal.write_meta({"authored": True})
    return load_problem(folder)


def _engage(
    options: AttemptOptions, journal: Journal, budget: Budget, emit: Callable[[str, dict[str, Any]], None]
) -> tuple[Account, Exchanges, Ledger]:
    """Return the first of the attempt's models, and the ledger that pays for it."""
    from ale_agent.strategist.opening import open_account
    from ale_agent.strategist.recording import Recording

    caps = Caps(usd=options.max_usd, tokens=options.max_tokens, calls=options.max_calls)
    recording = None if options.record is None else Recording(Path(options.record))

    def stop() -> bool:
        return budget.search_left <= 0.0

    account = open_account(options.models[0], caps=caps, recording=recording, stop=stop)
    exchanges = Exchanges(journal, lambda: budget.elapsed)
    exchanges.settle_cut_off([] if account.billed else [account.name])
    return account, exchanges, Ledger(caps, exchanges, observe=emit, stop=stop)


def author_problem(
    statement_path: Path, folder: Path, conversation: Conversation, *, observe: Callable[[str], None]
) -> Authored:
    """Have a model write a statement's judge, into a problem folder.

    Parameters
    ----------
    statement_path
        The statement; it is copied into the folder.
    folder
        Made if it is not there; what an earlier draft left in it is replaced.
    conversation
        Who writes.
    observe
        Is told, in a line, of every draft that was sent back.

    Raises
    ------
    BudgetExceededError, ConversationError
        As `write_tools`.
    ProblemError
        The folder cannot be written, or belongs to a problem that no model wrote.
    """
    statement = read_statement(statement_path)
    _begin_folder(folder, statement_path)

    def check(draft: ToolsDraft) -> str | None:
        observe("trying a draft of the judge")
        return try_draft(draft, statement, folder)

    written = write_tools(conversation, statement, check=check, observe=observe)
    return Authored(folder, () if isinstance(written, ToolsDraft) else written)


def try_draft(draft: ToolsDraft, statement: Statement, folder: Path) -> str | None:
    """Write a draft into a problem folder and return what is wrong with it, None if nothing is."""
    shutil.rmtree(folder / "samples", ignore_errors=True)
    (folder / SPECIFICATION).write_text(draft.problem_toml, encoding="utf-8")
    (folder / "tools.py").write_text(draft.tools_py, encoding="utf-8")
    try:
        problem = load_problem(folder)
        with open_tools(problem) as tools:
            reasons = [*_check_samples(problem, tools, statement, folder), *_check_cases(tools, statement)]
        if not reasons:
            reasons = list(_check_contract(load_problem(folder)))
    except ProblemError as error:  # the tools', too
        reasons = [str(error)]
    return "\n".join(_without(folder, reason) for reason in reasons[:_MOST_FINDINGS]) or None


def _begin_folder(folder: Path, statement_path: Path) -> None:
    specification = folder / SPECIFICATION
    if specification.exists() and 'written_by = "model"' not in specification.read_text("utf-8", errors="replace"):
        raise ProblemError(f"{folder}: holds a problem that no model wrote; name another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(statement_path, folder / f"statement{_suffix(statement_path)}")
    except OSError as error:
        raise ProblemError(f"{folder}: cannot be written: {error.strerror}") from error


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    return {".htm": ".html", ".markdown": ".md"}.get(suffix, suffix if suffix in (".md", ".html") else ".txt")


def _check_samples(problem: Problem, tools: ToolsHost, statement: Statement, folder: Path) -> Iterator[str]:
    """Yield what is wrong with the samples' scores; write the samples that hold into the folder."""
    samples = [] if problem.spec.interactive else [s for s in statement.samples if s.input.strip() and s.output.strip()]
    scores: dict[str, float] = {}
    for number, sample in enumerate(samples):
        name = f"{number:04d}"
        given, output = _whole(sample.input), _whole(sample.output)
        try:
            scores[name] = tools.score(Case(number, given), output)
        except _AT_FAULT as error:
            yield f"score refuses the output of the statement's sample {number + 1}: {error}"
            continue
        (folder / "samples").mkdir(exist_ok=True)
        (folder / "samples" / f"{name}.in").write_text(given, encoding="utf-8")
        (folder / "samples" / f"{name}.out").write_text(output, encoding="utf-8")
    if scores:
        (folder / "samples" / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    stated = stated_scores(statement.text)
    if scores and stated and not any(_same(score, text) for score in scores.values() for text in stated):
        given_scores = ", ".join(f"{score:.12g}" for score in scores.values())
        yield (
            f"score gives the statement's samples {given_scores}; the statement names {', '.join(stated[:12])} where it "
            "speaks of their score"
        )


def stated_scores(text: str) -> list[str]:
    """Return the numbers, as they are written, in the sentences on score beside the samples of a statement."""
    heading = _SAMPLE_HEADING.search(text)
    if heading is None:
        return []
    prose = _FENCED.sub("", text[heading.start() :])
    sentences = [part for line in prose.split("\n") if not line.startswith("#") for part in _SENTENCE.split(line)]
    return list(dict.fromkeys(n for part in sentences if _SCORE_WORD.search(part) for n in _NUMBER.findall(part)))


def _same(score: float, written: str) -> bool:
    """Return whether a score is a number as it is written, to the digits that are there."""
    digits = len(written.partition(".")[2])
    value = float(written.replace(",", ""))
    return abs(score - value) <= max(0.5000001 * 10.0**-digits if digits else 0.0, _TOLERANCE * abs(value))


def _check_cases(tools: ToolsHost, statement: Statement) -> Iterator[str]:
    """Yield where made cases do not fit the input format, where it was understood, or the bounds of single numbers."""
    schema = statement.input_format
    for seed in range(_CASES):
        text = tools.generate(seed)
        if schema is None or not schema.verified or statement.interactive:
            continue
        mismatch, values = read_by_schema(schema, text)
        if mismatch is not None:
            yield f"the case of seed {seed} is not in the input format {schema.describe()!r}: {mismatch}"
            return
        for name, value in values.items():
            low, high = statement.sizes.get(name, (value, value))
            if not low <= value <= high:
                yield f"the case of seed {seed} has {name} = {value:g}, the statement bounds it by {low:g} and {high:g}"
                return


def _check_contract(problem: Problem) -> Iterator[str]:
    """Yield what `problem check` finds wrong with the tools; what it says of the statement is not their author's fault."""
    report = check_problem(problem, seeds=range(_CASES), outputs=_MALFORMED, rng=np.random.default_rng(0))
    for finding in report.findings:
        is_same_case = "one and the same case" in finding.what
        if not finding.where.startswith("statement") and (finding.severity == "error" or is_same_case):
            yield f"{finding.where}: {finding.what}; {finding.mend}"


def _whole(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _without(folder: Path, reason: str) -> str:
    return reason.replace(f"{folder.resolve()}/", "").replace(f"{folder}/", "")
