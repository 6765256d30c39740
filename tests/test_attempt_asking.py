"""A model's replies are paid for once, whenever the attempt is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ale_agent.attempt.asking import KeptConversation, KeptDetails
from ale_agent.attempt.journal import Journal
from ale_agent.strategist.conversations import ConversationError, ModelReply, ModelRequest, Usage
from ale_agent.strategist.spending import CappedConversation, Caps

REQUEST = ModelRequest(kind="draft", prompt="write a program")


class Author:
    name = "author"

    def __init__(self) -> None:
        self.asked: list[ModelRequest] = []

    def ask(self, request: ModelRequest) -> ModelReply:
        self.asked.append(request)
        return ModelReply(text=f"reply {len(self.asked)}", usage=Usage(input_tokens=7, output_tokens=3, cost_usd=0.25))

    def close(self) -> None:
        pass


class Session:
    """An attempt's side of the conversation, which ends like a killed process: without a word."""

    def __init__(self, folder: Path, author: Author, *, create: bool = False) -> None:
        self.journal = Journal(folder, create=create)
        capped = CappedConversation(author, Caps(), lambda given, taken: 0.0)
        capped.spent.update(self.journal.read_spend())
        self.conversation = KeptConversation(capped, self.journal)


def test_a_reply_that_a_killed_session_got_is_not_asked_for_again(tmp_path: Path) -> None:
    author = Author()
    first = Session(tmp_path, author, create=True)
    assert first.conversation.ask(REQUEST).text == "reply 1"
    first.journal.close()

    second = Session(tmp_path, author)
    again = second.conversation.ask(REQUEST)
    spent = second.journal.read_spend()
    second.journal.close()

    assert again.text == "reply 1"
    assert len(author.asked) == 1
    assert (spent["calls"], spent["tokens"], spent["usd"]) == (1.0, 10.0, 0.25)


def test_what_a_reply_cost_is_written_with_it(tmp_path: Path) -> None:
    session = Session(tmp_path, Author(), create=True)
    session.conversation.ask(REQUEST)
    spent = session.journal.read_spend()
    session.journal.close()
    assert spent["usd"] == 0.25


def test_the_same_question_twice_in_one_session_is_asked_twice(tmp_path: Path) -> None:
    session = Session(tmp_path, Author(), create=True)
    texts = [session.conversation.ask(REQUEST).text for _ in range(2)]
    session.journal.close()
    assert texts == ["reply 1", "reply 2"]


def test_another_question_is_asked(tmp_path: Path) -> None:
    author = Author()
    first = Session(tmp_path, author, create=True)
    first.conversation.ask(REQUEST)
    first.journal.close()
    second = Session(tmp_path, author)
    assert second.conversation.ask(ModelRequest(kind="draft", prompt="another")).text == "reply 2"
    second.journal.close()


def test_a_failed_question_is_not_kept(tmp_path: Path) -> None:
    class Silent(Author):
        def ask(self, request: ModelRequest) -> ModelReply:
            raise ConversationError("nobody", lasting=False)

    session = Session(tmp_path, Silent(), create=True)
    with pytest.raises(ConversationError):
        session.conversation.ask(REQUEST)
    assert session.journal.read_replies() == []
    session.journal.close()


def test_an_unfinished_turn_says_the_same_of_the_budget_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path, create=True)
    assert KeptDetails(journal, lambda: 4, lambda: {"budget": "90 s"})() == {"budget": "90 s"}
    resumed = KeptDetails(journal, lambda: 4, lambda: {"budget": "50 s"})
    told = [resumed(), resumed()]
    later = KeptDetails(journal, lambda: 5, lambda: {"budget": "40 s"})()
    journal.close()
    assert told == [{"budget": "90 s"}, {"budget": "50 s"}]
    assert later == {"budget": "40 s"}
