"""The ledger: no call that does not fit is made, every call is counted before it is made, nothing is paid for twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ale_agent.attempt.exchanges import Exchanges
from ale_agent.attempt.journal import Journal
from ale_agent.clock import FakeClock
from ale_agent.errors import BudgetExceededError, UsageError
from ale_agent.strategist.conversations import ConversationError, ModelReply, ModelRequest, PydanticConversation, Usage
from ale_agent.strategist.opening import account_of, open_account
from ale_agent.strategist.spending import Account, Caps, Ledger


class Scripted:
    """Answers with a script of replies and failures; each reply takes 10 + 5 tokens and half a dollar."""

    name = "scripted"

    def __init__(self, *script: str | ConversationError | BaseException, usage: Usage | None = None) -> None:
        self.script = list(script)
        self.asked: list[ModelRequest] = []
        self.usage = usage or Usage(input_tokens=10, output_tokens=5, cost_usd=0.5)
        self.before: Callable[[], None] = lambda: None

    def ask(self, request: ModelRequest) -> ModelReply:
        self.asked.append(request)
        step = self.script.pop(0)
        self.before()
        if isinstance(step, BaseException):
            raise step
        return ModelReply(text=step, usage=self.usage)

    def close(self) -> None:
        pass


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path, create=True)
    yield journal
    journal.close()


def request(prompt: str = "p", number: int = 1) -> ModelRequest:
    return ModelRequest(kind="draft", prompt=prompt, number=number)


def ledger(journal: Journal, caps: Caps | None = None, **more: Any) -> Ledger:
    return Ledger(caps or Caps(), Exchanges(journal), clock=FakeClock(), **more)


def passing(charged: bool = False) -> ConversationError:
    return ConversationError("later", lasting=False, charged=charged)


@pytest.mark.parametrize(("caps", "calls"), [(Caps(calls=2), 2), (Caps(usd=1.2), 2), (Caps(tokens=8020), 2)])
def test_a_cap_holds_before_the_call(journal: Journal, caps: Caps, calls: int) -> None:
    model = Scripted(*"abcdef")
    account = Account(model, price=lambda given, taken: 0.5)
    capped = ledger(journal, caps)
    capped.ask(account, request())
    capped.ask(account, request("p" * (3 * 7000) if caps.tokens else "p"))
    with pytest.raises(BudgetExceededError):
        capped.ask(account, request("p" * (3 * 7990)))
    assert len(model.asked) == calls


def test_each_retry_is_counted_before_it_is_made(journal: Journal) -> None:
    model = Scripted(passing(), passing(), passing(), "a")
    with pytest.raises(BudgetExceededError, match="calls budget is used up: 2 of 2"):
        ledger(journal, Caps(calls=2)).ask(Account(model), request())
    assert len(model.asked) == 2


def test_what_passes_is_asked_again_with_growing_pauses(journal: Journal) -> None:
    clock = FakeClock()
    book = Ledger(Caps(), Exchanges(journal), clock=clock, first_pause=2.0)
    slow = ConversationError("429", lasting=False, pause=30.0)
    assert book.ask(Account(Scripted(passing(), passing(), slow, "a")), request()).text == "a"
    assert clock.now() == pytest.approx(2 + 4 + 30)


def test_a_lasting_failure_is_not_asked_again(journal: Journal) -> None:
    model = Scripted(ConversationError("wrong key", lasting=True), "a")
    with pytest.raises(ConversationError, match="wrong key"):
        ledger(journal).ask(Account(model), request())
    assert len(model.asked) == 1


def test_a_call_that_was_cut_off_counts_as_expected_and_a_refused_one_costs_no_tokens(journal: Journal) -> None:
    book = ledger(journal)
    book.ask(Account(Scripted(passing(charged=False), passing(charged=True), "a")), request("p" * 30))
    assert book.spent() == {"usd": 0.5, "tokens": 10 + 8000 + 15, "calls": 3}


def test_a_call_is_in_the_journal_before_it_is_made(journal: Journal) -> None:
    model = Scripted("a")
    seen: list[dict[str, float]] = []
    model.before = lambda: seen.append(journal.read_spend())
    ledger(journal).ask(Account(model, price=lambda given, taken: 0.25), request("p" * 30))
    assert seen == [{"usd": 0.25, "tokens": 8010.0, "calls": 1.0}]
    assert journal.read_spend() == {"usd": 0.5, "tokens": 15.0, "calls": 1.0}


def test_a_reply_of_an_earlier_session_is_not_paid_for_again(journal: Journal) -> None:
    ledger(journal).ask(Account(Scripted("a")), request())
    model = Scripted("b")
    later = ledger(journal)
    assert later.ask(Account(model), request()).text == "a"
    assert later.ask(Account(model), request()).text == "b"
    assert later.spent()["calls"] == 2


def test_what_was_under_way_when_the_process_died_counts_as_spent_and_is_asked_again(journal: Journal) -> None:
    class Killed(BaseException):
        pass

    exchanges = Exchanges(journal)
    exchanges.begin_call("scripted", request("p" * 30), Usage(input_tokens=10, output_tokens=8000, cost_usd=None))
    resumed = Exchanges(journal)
    lost = resumed.settle_cut_off(unbilled=[])
    assert [(call.status, call.usage.output_tokens) for call in lost] == [("asked", 8000)]
    book = Ledger(Caps(), resumed, clock=FakeClock())
    assert book.ask(Account(Scripted("a")), request("p" * 30)).text == "a"
    assert book.spent() == {"usd": 0.5, "tokens": 8010 + 15, "calls": 2}


def test_what_costs_nothing_and_was_cut_off_does_not_count(journal: Journal) -> None:
    Exchanges(journal).begin_call("relay:x", request(), Usage(cost_usd=0.0))
    resumed = Exchanges(journal)
    assert resumed.settle_cut_off(unbilled=["relay:x"]) == []
    assert resumed.spent()["calls"] == 0


def test_near_a_cap_calls_are_made_one_at_a_time(journal: Journal) -> None:
    model, most, open_now = Scripted(*"abcd"), [0], [0]
    guard = threading.Lock()

    def before() -> None:
        with guard:
            open_now[0] += 1
            most[0] = max(most[0], open_now[0])
        time.sleep(0.1)
        with guard:
            open_now[0] -= 1

    model.before = before
    book = Ledger(Caps(usd=2.0), Exchanges(journal))
    account = Account(model, price=lambda given, taken: 0.5)
    with ThreadPoolExecutor(4) as threads:
        replies = [threads.submit(book.ask, account, request(str(n), n)) for n in range(4)]
        assert sorted(reply.result(20).text for reply in replies) == list("abcd")
    assert book.spent()["usd"] == 2.0
    assert most[0] <= 2


def test_replies_longer_than_expected_exceed_a_cap_by_one_reply_at_most(journal: Journal) -> None:
    model = Scripted(*["a"] * 50, usage=Usage(input_tokens=1, output_tokens=1, cost_usd=1.0))
    model.before = lambda: time.sleep(0.01)
    book = Ledger(Caps(usd=5.0), Exchanges(journal))
    account = Account(model, price=lambda given, taken: 0.5)

    def ask_on(number: int) -> None:
        while True:
            book.ask(account, request(str(number), number))

    def ask(number: int) -> None:
        with pytest.raises(BudgetExceededError):
            ask_on(number)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(ask, range(6)))
    assert 5.0 <= book.spent()["usd"] <= 5.5


def test_four_fifths_of_a_cap_are_said_once(journal: Journal) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    book = ledger(journal, Caps(calls=5), observe=lambda kind, payload: told.append((kind, payload)))
    for number in range(5):
        book.ask(Account(Scripted("a")), request(str(number), number))
    assert [payload["text"] for kind, payload in told if kind == "warning"] == ["4 of 5 calls are spent"]


def test_an_estimate_comes_before_the_first_call(journal: Journal) -> None:
    told: list[tuple[str, dict[str, Any]]] = []
    model = Scripted("a", "b")
    model.before = lambda: told.append(("call", {}))
    book = ledger(journal, Caps(usd=10.0), observe=lambda kind, payload: told.append((kind, payload)))
    account = Account(model, price=lambda given, taken: 0.001 * (given + taken))
    for number in (1, 2):
        book.ask(account, request("p" * 3000, number))
    assert [kind for kind, _ in told] == ["estimate", "call", "spend", "call", "spend"]
    assert told[0][1] == {
        "model": "scripted", "input_tokens": 1000, "output_tokens": 8000, "usd": pytest.approx(9.0), "calls": 1,
    }  # fmt: skip


def test_an_unknown_price_is_said_and_not_taken_for_free(journal: Journal) -> None:
    told: list[str] = []
    book = ledger(journal, observe=lambda kind, payload: told.append(payload.get("text", "")))
    model = Scripted("a", usage=Usage(input_tokens=1, output_tokens=1))
    book.ask(Account(model, price=lambda given, taken: None), request())
    assert any("the price is unknown" in text for text in told)
    assert journal.rows("SELECT usd FROM exchanges") == [(None,)]


def test_a_cap_on_money_needs_a_known_price_or_a_cap_on_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(UsageError, match="give --max-tokens beside it"):
        open_account("openai-chat:nobody-knows", caps=Caps(usd=1.0))
    assert open_account("openai-chat:nobody-knows", caps=Caps(usd=1.0, tokens=1000)).billed


def test_a_published_price_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    account = open_account("openai-chat:gpt-4o-mini", caps=Caps(usd=1.0))
    dearer = open_account("openai-chat:gpt-4o", caps=Caps(usd=1.0))
    expected, more = account.expected(request("p" * 3000)), dearer.expected(request("p" * 3000))
    assert 0 < (expected.cost_usd or 0.0) < (more.cost_usd or 0.0) < 1.0


def test_what_a_reply_cost_is_its_tokens_at_the_published_price() -> None:
    from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
    from pydantic_ai.models.function import AgentInfo, FunctionModel
    from pydantic_ai.usage import RequestUsage

    def reply(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        usage = RequestUsage(input_tokens=1_000_000, output_tokens=1_000_000)
        return ModelResponse(parts=[TextPart("a")], usage=usage, model_name="gpt-4o-mini", provider_name="openai")

    conversation = PydanticConversation("function", model=FunctionModel(reply, model_name="gpt-4o-mini"))
    usage = conversation.ask(request()).usage
    conversation.close()
    assert usage.cost_usd == pytest.approx(0.15 + 0.60)


@pytest.mark.parametrize("name", ["nobody", "relay:", "openai-chat:x", "nosuchprovider:x"])
def test_a_model_that_cannot_be_used_is_refused_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(UsageError, match=f"model (is )?'{name}'"):
        open_account(name, caps=Caps())


def test_a_model_at_hand_has_an_account() -> None:
    from pydantic_ai.models.test import TestModel

    assert account_of(PydanticConversation("test", model=TestModel()), Caps()).name == "test"
