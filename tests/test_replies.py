"""Whatever a model writes, reading it ends with a program or a reason; and the JSON of the schemas is read as promised."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import ProgramError
from ale_agent.strategist.protocol import Insight
from ale_agent.strategist.replies import candidate_ids, read_insights, read_reply, read_tools_reply
from ale_agent.strategist.reply_schemas import InsightsReply, ProgramReply, ToolsReply, schema_of

PROGRAM = "def main():\n    print(int(input()) + 1)\n\n\nmain()\n"
PIECES = st.sampled_from(
    ["```", "```python\n", "```toml\n", "~~~\n", "<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE\n", PROGRAM,
     "IDEA: x\n", "CLAIM: y\n", "SUPPORTS: c-0123\n", '{"program": ', '"edits": [', "}", "]", "null", "<think>", "</think>",
     "\n", "\r\n", "main()\n"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3)
)


def read_or_refused(read: Callable[[], object]) -> None:
    reason: str | None = None
    try:
        read()
    except ProgramError as error:
        reason = str(error)
    assert reason != ""


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    read_or_refused(lambda: read_reply(text, PROGRAM))
    read_or_refused(lambda: read_insights(text, frozenset()))
    read_or_refused(lambda: read_tools_reply(text))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["idea", "program", "edits", "strategies", "insights", "claim"]), VALUES))
def test_any_json_object_is_read_or_refused_with_a_reason(fields: dict[str, object]) -> None:
    read_or_refused(lambda: read_reply(json.dumps(fields), PROGRAM))
    read_or_refused(lambda: read_insights(json.dumps(fields), frozenset()))


def test_json_with_a_whole_program_is_taken_as_it_is() -> None:
    reply = read_reply(
        json.dumps({"idea": "i", "expectation": "e", "strategies": ["s-3f2a91c0"], "program": PROGRAM, "edits": []})
    )
    assert (reply.idea, reply.expectation, reply.strategies, reply.source) == ("i", "e", ("s-3f2a91c0",), PROGRAM)


def test_json_with_edits_is_carried_out_on_the_base() -> None:
    edits = [{"search": "    print(int(input()) + 1)", "replace": "    print(int(input()) + 2)"}]
    assert "+ 2" in read_reply(json.dumps({"idea": "i", "program": "", "edits": edits}), PROGRAM).source


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"program": "def main(:\n"}, "is not Python: line 1"),
        ({"program": ""}, "the program is empty"),
        ({"program": "", "edits": [{"search": "absent", "replace": ""}]}, "not in the program"),
        ({"edits": [{"replace": "x"}]}, r"field edits\.0\.search"),
    ],
)
def test_json_that_cannot_be_used_says_which_field_and_why(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        read_reply(json.dumps(fields), PROGRAM)


def test_insights_keep_the_ids_that_are_known_and_name_the_others() -> None:
    text = (
        "1. **CLAIM:** swaps help\n   over long\nSUPPORTS: c-0123abcd, c-ffff0000\nREFUTES: none\n\n"
        "CLAIM: beams do not\nREFUTES: c-4567cdef"
    )
    insights, unknown = read_insights(text, frozenset({"c-0123abcd", "c-4567cdef"}))
    assert insights == (Insight("swaps help over long", ("c-0123abcd",)), Insight("beams do not", (), ("c-4567cdef",)))
    assert unknown == ("c-ffff0000",)


def test_insights_as_json_are_read_alike() -> None:
    text = json.dumps({"insights": [{"claim": "a", "supports": ["c-0123abcd"], "refutes": []}]})
    assert read_insights(text, candidate_ids("c-0123abcd: greedy")) == ((Insight("a", ("c-0123abcd",)),), ())


@pytest.mark.parametrize("model", [ProgramReply, InsightsReply, ToolsReply])
def test_a_schema_demands_every_field(model: type[ProgramReply]) -> None:
    schema = schema_of(model)
    assert set(schema["required"]) == set(schema["properties"])
