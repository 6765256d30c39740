"""Plain text as blocks: headings are underlined, in capitals, or the field's usual words on a line of their own.

A paragraph whose lines are indented, or that stands under a sample's heading, is taken verbatim.
"""

from __future__ import annotations

import re

from ale_agent.statement.blocks import Block, check_count
from ale_agent.statement.samples import sample_label
from ale_agent.statement.schema import looks_like_template

_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,}|\^{3,})\s*")
_SECTION_WORDS = (
    r"problem(?: statement| description)?|statement|description|story|background|task|rules?|constraints?|limits?"
    r"|input(?: format| specification)?|output(?: format| specification)?|input and output|scoring|score|evaluation"
    r"|interaction|input generation|test ?case generation|notes?|explanation|hints?|tools|time limit|memory limit"
    r"|(?:sample|example)s?(?: (?:input|output)s?)?(?: ?#?\d{1,3})?"
    r"|問題文?|入力(?:形式)?|出力(?:形式)?|制約|得点|入力生成方法|入力例 ?\d{0,3}|出力例 ?\d{0,3}"
)
_KNOWN = re.compile(rf"({_SECTION_WORDS})\s*(?:[:：](.*))?", re.IGNORECASE)
_LETTER = re.compile(r"[A-Za-z]")


def read_plain(text: str) -> list[Block]:
    """Return a plain text as blocks; cost linear in its length."""
    lines = text.split("\n")
    blocks: list[Block] = []
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            blocks.append(_paragraph(paragraph, blocks))
            paragraph.clear()

    i = 0
    while i < len(lines):
        line = lines[i]
        following = lines[i + 1] if i + 1 < len(lines) else ""
        heading = _heading(line, following, at_start=not paragraph, first=not (blocks or paragraph))
        if heading is not None:
            flush()
            title, level, rest, used = heading
            blocks.append(Block("heading", title, level))
            if rest:
                paragraph.append(rest)
            i += used
        else:
            if line.strip():
                paragraph.append(line.rstrip())
            else:
                flush()
            i += 1
        check_count(blocks)
    flush()
    return blocks


def _heading(line: str, following: str, *, at_start: bool, first: bool) -> tuple[str, int, str, int] | None:
    """Return (title, level, what follows on the line, lines used) if a line is a heading."""
    bare = line.strip()
    if not bare or len(bare) > 100:
        return None
    if _UNDERLINE.fullmatch(following) and at_start and not _UNDERLINE.fullmatch(bare):
        return bare, 1 if following.strip()[0] == "=" else 2, "", 2
    if first and not _KNOWN.fullmatch(bare) and bare[-1] not in ".:;" and len(bare) <= 80 and not following.strip():
        return bare, 1, "", 1
    known = _KNOWN.fullmatch(bare)
    if known is not None and not line.startswith("    "):
        rest = (known[2] or "").strip()
        if "limit" in known[1].lower() and rest:
            return None  # "Time limit: 2 s" is a fact, not a heading
        return known[1], 3, rest, 1
    letters = _LETTER.findall(bare)
    if at_start and len(letters) >= 4 and bare == bare.upper() and len(bare) <= 60 and not line.startswith("    "):
        return bare.title().rstrip(":"), 2, "", 1
    return None


def _paragraph(lines: list[str], blocks: list[Block]) -> Block:
    label = next((block.text for block in reversed(blocks) if block.kind == "heading"), "")
    text = "\n".join(lines)
    indented = all(line.startswith(("  ", "\t")) for line in lines)
    first_under_sample = sample_label(label) is not None and bool(blocks) and blocks[-1].kind == "heading"
    if indented:
        width = min(len(line) - len(line.lstrip()) for line in lines)
        return Block("pre", "\n".join(line[width:] for line in lines))
    if first_under_sample or looks_like_template(text):
        return Block("pre", text)
    return Block("text", "\n".join(line.strip() for line in lines))
