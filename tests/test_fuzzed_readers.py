"""Inputs that once broke a reader, and a short search for more: every reader reads or refuses, and never breaks."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.fuzz import READERS, fuzz, read_guarded

ONCE_BROKE = [
    ("problem.toml", b'id = "a"\ntime_limit = ' + b"9" * 4700 + b"\n"),
    ("recording", b'{"request": "\xa9"}\n'),
    ("recording", b"[" * 4000 + b"\n"),
    ("genotype", b'{"space": ' + b"[" * 4000),
]


@pytest.mark.parametrize(("name", "content"), ONCE_BROKE)
def test_an_input_that_once_broke_a_reader_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    assert not read_guarded(READERS[name], content, tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("statement.html", b"<h1>T</h1><h2>Input</h2><pre>\xe2\x80\xa8 </pre><h2>Output</h2><pre> </pre>"),
        ("statement.md", b"# T\n\n## Input\n\n```\n \n```\n\n## Output\n\n```\n\n```\n"),
    ],
)
def test_an_empty_format_that_once_broke_a_reader_is_read(name: str, content: bytes, tmp_path: Path) -> None:
    assert read_guarded(READERS[name], content, tmp_path)


@pytest.mark.parametrize("name", READERS)
def test_a_reader_reads_or_refuses_whatever_comes(name: str, tmp_path: Path) -> None:
    tally = fuzz(READERS[name], 1.5, random.Random(7), tmp_path)

    assert tally.good > 0
    assert tally.broken == {}


@pytest.mark.parametrize("name", READERS)
def test_the_examples_that_fuzzing_begins_with_are_good(name: str, tmp_path: Path) -> None:
    examples = READERS[name].examples()
    assert examples
    assert all(read_guarded(READERS[name], example, tmp_path) for example in examples)
