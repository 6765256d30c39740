"""A judge from a statement alone: what a model wrote runs locked, and holds what the statement says or goes back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ale_agent.attempt.authoring import author_problem, have_problem, stands_alone, stated_scores, try_draft
from ale_agent.attempt.budget import Budget
from ale_agent.attempt.journal import Journal
from ale_agent.attempt.options import AttemptOptions
from ale_agent.cli.app import app
from ale_agent.clock import FakeClock
from ale_agent.problem import Case, Problem, load_problem, open_tools
from ale_agent.problem.new import create_problem
from ale_agent.statement import read_statement
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.spending import Account
from ale_agent.strategist.toolmaking import ToolsDraft, put_in_order

TOML = 'id = "Knap sack!"\ntitle = "x"\nobjective = "maximize"\nscoring = "absolute"\ninteractive = false\n'
LIMITS = "time_limit = 9.0\nmemory_limit_mb = 64\n"


class Scripted:
    name = "scripted"

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.requests: list[ModelRequest] = []

    def ask(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        text = self.replies.pop(0)
        if not text:
            raise KeyboardInterrupt
        return ModelReply(text=text, usage=Usage(input_tokens=7, output_tokens=3, cost_usd=0.0))

    def close(self) -> None:
        pass


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    create_problem(tmp_path / "source", "source", title="A Small Knapsack")
    (tmp_path / "alone").mkdir()
    return (tmp_path / "source" / "statement.md").rename(tmp_path / "alone" / "statement.md")


@pytest.fixture
def tools(statement: Path) -> str:
    return (statement.parents[1] / "source" / "tools.py").read_text("utf-8")


def reply(tools: str, toml: str = TOML + LIMITS) -> str:
    return f"Here.\n```toml\n{toml}[tools]\nkind = 'python'\n```\n\n```python\n{tools}```\n"


def author(statement: Path, *replies: str) -> tuple[Scripted, tuple[str, ...], Path]:
    model = Scripted(*replies)
    authored = author_problem(statement, statement.parent / "problem", model, observe=lambda text: None)
    return model, authored.missing, authored.folder


def test_a_judge_that_holds_becomes_a_problem_folder_that_says_who_wrote_it(statement: Path, tools: str) -> None:
    _, missing, folder = author(statement, reply(tools))
    assert missing == ()
    problem = load_problem(folder)
    assert problem.judged_by_model
    assert (problem.spec.id, problem.spec.title) == ("knap-sack", "A Small Knapsack")
    assert (problem.spec.time_limit, problem.spec.memory_limit_mb) == (2.0, 1024)  # the statement's, not the reply's
    assert problem.samples[0].score == 28
    with open_tools(problem) as opened:
        assert opened.score(Case(0, problem.samples[0].input), problem.samples[0].output) == 28


BROKEN = {
    "a score that is not the sample's": (".sum())\n\n\ndef draw", ".sum()) + 1\n\n\ndef draw", "names 28"),
    "a sample that is refused": (
        "if weight > capacity:\n        raise",
        "if True:\n        raise",
        "statement's sample 1",
    ),
    "a generator that forgets the seed": ("default_rng(seed)", "default_rng()", "two different cases"),
    "cases in another format": ('"\\n".join(lines) +', '"\\n".join(lines[1:]) +', "not in the input format"),
    "cases beyond the bounds": ("rng.integers(20, 41)", "rng.integers(50, 60)", "bounds it by"),
    "an objective that lies": ("return float(value)", "return float(value) + 1.0", "objective"),
    "an open file": ("import numpy", "open('/etc/passwd')\nimport numpy", "Permission denied"),
    "no score at all": ("def score(", "def scores(", "must define score"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_judge_that_does_not_hold_is_refused_with_the_reason(name: str, statement: Path, tools: str) -> None:
    old, new, reason = BROKEN[name]
    assert old in tools
    (statement.parent / "problem").mkdir()
    draft = ToolsDraft(put_in_order(TOML + LIMITS, read_statement(statement)), tools.replace(old, new))
    assert re.search(reason, try_draft(draft, read_statement(statement), statement.parent / "problem") or "nothing")


def test_where_no_reply_holds_the_reasons_are_what_is_missing(statement: Path) -> None:
    model, missing, folder = author(statement, *["no files"] * 5)
    assert len(model.requests) == len(missing) == 5
    assert "problem.toml is missing" in missing[-1]
    assert not (folder / "tools.py").exists()


def test_a_statement_stands_alone_only_outside_problem_folders(statement: Path) -> None:
    assert stands_alone(statement)
    assert not stands_alone(statement.parents[1] / "source" / "tools.py")


def test_stated_scores_are_read_beside_the_samples_only() -> None:
    text = (
        "## Scoring\nThe score is at most 1,000.\n## Sample\n```\n5 20\n```\nIt takes 2 items. The score is 1,234.50.\n"
    )
    assert stated_scores(text) == ["1,234.50"]


def ask_for_judge(statement: Path, model: Scripted, monkeypatch: pytest.MonkeyPatch, **caps: int) -> object:
    folder = statement.parent / "attempt"
    options = AttemptOptions(
        problem_folder=str(statement.parent / "problem"), statement_path=str(statement), alone=True, models=("scripted",),
        max_calls=caps.get("calls"),
    )  # fmt: skip
    monkeypatch.setattr("ale_agent.strategist.opening.open_account", lambda *args, **named: Account(model))
    journal = Journal(folder, create=not folder.exists())
    clock = FakeClock()
    try:
        found = have_problem(options, journal, Budget(options, clock, clock.now()), lambda event: None)
        return found, journal.read_spend()
    finally:
        journal.close()


def test_a_killed_attempt_does_not_pay_twice_for_its_judge(
    statement: Path, tools: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Scripted("no files", "")
    with pytest.raises(KeyboardInterrupt):
        ask_for_judge(statement, first, monkeypatch)
    second = Scripted(reply(tools))
    found, spend = ask_for_judge(statement, second, monkeypatch)  # type: ignore[misc]
    assert isinstance(found, Problem)
    assert [len(request.turns) for request in second.requests] == [1]  # the first reply came from the journal
    assert spend["calls"] == 3  # the one that was cut off may be charged for
    third = Scripted()
    assert isinstance(ask_for_judge(statement, third, monkeypatch)[0], Problem)  # type: ignore[index]


def test_at_a_cap_the_attempt_ends_with_what_is_missing(statement: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing, spend = ask_for_judge(statement, Scripted("no files"), monkeypatch, calls=1)  # type: ignore[misc]
    assert missing == ("the calls budget is used up: 1 of 1",)
    assert spend["calls"] == 1


def test_without_a_judge_the_command_ends_with_4_and_says_what_is_missing(statement: Path) -> None:
    home = statement.parent / "home"
    words = [
        "solve",
        str(statement),
        "--model",
        f"relay:{home}/relay",
        "--max-calls",
        "0",
        "--json",
        "--home",
        str(home),
    ]
    result = CliRunner().invoke(app, words)
    last = json.loads(result.stdout.strip().split("\n")[-1])
    assert (result.exit_code, last["solver"], last["judge"]) == (4, None, None)
    assert last["missing"] == ["the calls budget is used up: 0 of 0"]
