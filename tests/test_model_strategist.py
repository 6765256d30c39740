"""The model strategist over a relay folder and a FunctionModel; replies, recordings and caps."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ale_agent.errors import ProgramError
from ale_agent.program import Program
from ale_agent.strategist.conversations import ModelReply, ModelRequest, Usage
from ale_agent.strategist.model import ModelStrategist
from ale_agent.strategist.prompting import Task, write_history_prompt, write_prompt
from ale_agent.strategist.protocol import Brief, Parent, RequestKind
from ale_agent.strategist.relay import RelayConversation
from ale_agent.strategist.replies import read_reply

PROGRAM = "def main():\n    print(int(input()) + 1)\n\n\nmain()\n"
GOOD = f"IDEA: add one\nEXPECTATION: wins\nSTRATEGIES: s-3f2a91c0\n```python\n{PROGRAM}```\n"
TASK = Task(title="Sums", statement="Print $n + 1$ {{kit}}.", facts=("Not interactive.",), time_limit=2.0)
GOLDEN = Path(__file__).parent / "golden"


def brief(*parents: Parent, request: RequestKind | None = None, details: Mapping[str, str] | None = None) -> Brief:
    return Brief(
        request=request or ("refine" if parents else "draft"), parents=parents, tried=("nothing yet",),
        genotypes_tried=frozenset(), rng=np.random.default_rng(1), details=details or {"budget": "90 s"},
    )  # fmt: skip


def parent(id: str, source: str = PROGRAM, tools: str | None = None) -> Parent:
    return Parent(id=id, program=Program.from_source(source), values=(), genotype=None, idea="add one", tools=tools)


PARENT = parent("c-1")
OTHER = parent("c-2", "print(sum((int(input()), 1)))\n")
ENCODED = parent("c-3", tools="def read_case(text):\n    return ()\n")


class Scripted:
    name = "scripted"

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.requests: list[ModelRequest] = []

    def ask(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        return ModelReply(text=self.replies.pop(0), usage=Usage(input_tokens=10, output_tokens=5, cost_usd=0.5))

    def close(self) -> None:
        pass


PROMPTS = {
    "draft": brief(),
    "refine": brief(PARENT),
    "recombine": brief(PARENT, OTHER, request="recombine"),
    "repair": brief(PARENT, request="repair", details={"failure": "seed 7: wrong answer\nTraceback ..."}),
    "simplify": brief(PARENT, request="simplify"),
    "encode": brief(request="encode"),
    "encode_again": brief(ENCODED, request="encode"),
}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_prompt_is_the_golden_one(name: str) -> None:
    golden = (GOLDEN / f"prompt_{name}.txt").read_text(encoding="utf-8")
    assert write_prompt(TASK, PROMPTS[name]) == golden


def test_the_prompt_that_asks_what_was_learned_is_the_golden_one() -> None:
    golden = (GOLDEN / "prompt_insights.txt").read_text(encoding="utf-8")
    assert write_history_prompt(TASK, "c-0123456789ab: greedy, first") == golden


def test_an_interactive_task_says_how_to_talk() -> None:
    assert "never ahead" in write_prompt(replace(TASK, interactive=True), brief())
    assert "never ahead" not in write_prompt(TASK, brief())


def test_a_good_reply_becomes_a_proposal() -> None:
    proposal = ModelStrategist(Scripted(GOOD), TASK).propose(brief())
    assert proposal is not None
    assert (proposal.idea, proposal.strategies, proposal.program.source) == (
        "add one", ("s-3f2a91c0",), PROGRAM)  # fmt: skip


def test_a_bad_reply_goes_back_twice_with_the_reason_and_is_then_refused() -> None:
    model = Scripted("no program", "```python\ndef (\n```", "")
    assert ModelStrategist(model, TASK).propose(brief()) is None
    assert [len(request.turns) for request in model.requests] == [0, 1, 2]
    assert "is not Python" in model.requests[2].turns[1].reason


def test_a_sample_that_fails_goes_back() -> None:
    model = Scripted(GOOD, GOOD)
    reasons = iter(["seed 7: ZeroDivisionError", None])
    assert ModelStrategist(model, TASK, check=lambda program: next(reasons)).propose(brief()) is not None
    assert "seed 7: ZeroDivisionError" in model.requests[1].turns[0].reason


def test_a_refinement_in_numbers_only_is_refused() -> None:
    model = Scripted(*[GOOD.replace("+ 1", f"+ {n}") for n in (2, 3, 4)])
    assert ModelStrategist(model, TASK).propose(brief(PARENT)) is None
    assert "constants belong to the tuner" in model.requests[1].turns[0].reason


def test_edits_are_made_to_the_parent() -> None:
    reply = (
        "**Idea:** double\n<<<<<<< SEARCH\n    print(int(input()) + 1)\n=======\n    print(2 * int(input()))\n"
        ">>>>>>> REPLACE\n"
    )
    proposal = ModelStrategist(Scripted(reply), TASK).propose(brief(PARENT))
    assert proposal is not None
    assert "2 * int(input())" in proposal.program.source
    assert proposal.parents == ("c-1",)


@pytest.mark.parametrize(
    "text",
    [
        f"<think>hm ```</think>\n## Idea\nadd one\n\n```py\n{PROGRAM}```",
        '{"idea": "add one", "program": "```python\\ndef main():\\n    print(int(input()) + 1)\\n\\n\\nmain()\\n```"}',
        f"- **Idea**: add one\r\n\r\n```python\r\n{PROGRAM}```",
        f"add one\n```python\n{PROGRAM}```\nThat is all.",
    ],
)
def test_untidy_replies_are_read(text: str) -> None:
    reply = read_reply(text)
    assert (reply.idea, reply.source) == ("add one", PROGRAM)


def test_edits_without_a_program_to_edit_are_refused() -> None:
    with pytest.raises(ProgramError, match="no program to edit"):
        read_reply("<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE")


def answer(folder: Path, replies: dict[str, str]) -> threading.Thread:
    def work() -> None:
        for stem, reply in replies.items():
            until = time.monotonic() + 20
            while not (folder / f"{stem}.prompt.md").exists() and time.monotonic() < until:
                time.sleep(0.01)
            (folder / f"{stem}.reply.md").write_text(reply, encoding="utf-8")

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_thread_answers_in_the_relay_folder(tmp_path: Path) -> None:
    thread = answer(tmp_path, {"0001": "no", "0001.retry1": GOOD})
    relay = RelayConversation(tmp_path, poll=0.02, settle=0.1)
    proposal = ModelStrategist(relay, TASK).propose(brief())
    thread.join()
    assert proposal is not None
    assert proposal.program.source == PROGRAM
    retry = (tmp_path / "0001.retry1.prompt.md").read_text(encoding="utf-8")
    assert retry.startswith("# Your reply could not be used")
    assert (tmp_path / "0001.prompt.md").read_text(encoding="utf-8") in retry
