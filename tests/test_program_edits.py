"""Edits and programs in replies."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ale_agent.errors import ProgramError
from ale_agent.program import Edit, apply_edits, extract_program, parse_edits

SOURCE = "import sys\n\ndef main():\n    x = 1\n    y = 1\n    print(x)\n\nmain()\n"


def block(old: str, new: str) -> str:
    return f"<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n"


def test_edits_are_applied_in_order_on_whole_lines() -> None:
    reply = "Here:\n" + block("    x = 1", "    x = 2\n    z = 3") + "and\n" + block("    z = 3", "    z = 4")
    assert apply_edits(SOURCE, reply) == SOURCE.replace("    x = 1\n", "    x = 2\n    z = 4\n")


def test_an_empty_replacement_deletes() -> None:
    assert apply_edits(SOURCE, [Edit("    y = 1", "")]) == SOURCE.replace("    y = 1\n", "")


def test_windows_line_ends_are_kept() -> None:
    changed = apply_edits(SOURCE.replace("\n", "\r\n"), [Edit("    x = 1", "    x = 2")])
    assert changed == SOURCE.replace("x = 1", "x = 2").replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("nothing here", "there is no edit"),
        (block("    q = 9", "    q = 8"), "not in the program.*nearest"),
        (block("x = 1", "x = 2"), "not in the program"),
        (block("", "x = 2"), "empty"),
        (block("    x = 1", "    x = 1"), "the same"),
        ("<<<<<<< SEARCH\na\n=======\nb\n", "no end"),
        ("<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "no ======="),
        ("<<<<<<< SEARCH\na\n<<<<<<< SEARCH\n", "unfinished"),
        (block("    print(x)\n    y = 1", "a"), "not in this order"),
    ],
)
def test_edits_that_do_not_fit_are_refused_with_the_reason(reply: str, reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        apply_edits(SOURCE, reply)


def test_an_edit_that_fits_twice_is_refused() -> None:
    with pytest.raises(ProgramError, match="2 times"):
        apply_edits("a\nb\na\n", [Edit("a", "c")])


@pytest.mark.parametrize(
    "reply",
    [
        f"Sure.\n```python\n{SOURCE}```\nDone.",
        f"```\n{SOURCE}\n```",
        f"~~~py\n{SOURCE}~~~",
        f"```bash\npip list\n```\n```python\nx = 1\n```\n```python\n{SOURCE}```",
        SOURCE,
    ],
)
def test_the_program_of_a_reply_is_found(reply: str) -> None:
    assert extract_program(reply) == SOURCE


def test_a_fence_inside_a_string_does_not_end_the_program() -> None:
    source = 'TEXT = """\n```\n"""\n\ndef main():\n    print(TEXT)\n\nmain()\n'
    assert extract_program(f"```python\n{source}```") == source


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("I cannot.", "holds no program"),
        ("```python\nimport sys\n", "cut off"),
        ("```python\ndef f(:\n```", "not Python"),
        ("", "holds no program"),
    ],
)
def test_a_reply_without_a_program_is_refused_with_the_reason(reply: str, reason: str) -> None:
    with pytest.raises(ProgramError, match=reason):
        extract_program(reply)


_PIECES = st.sampled_from(
    ["<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE\n", "```\n", "```python\n", "x = 1\n", "\n", "~~~\n"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=5)), max_size=20).map("".join))
def test_any_reply_is_read_or_refused(reply: str) -> None:
    for read in (parse_edits, extract_program, lambda text: apply_edits(SOURCE, text)):
        with contextlib.suppress(ProgramError):
            assert read(reply) is not None
