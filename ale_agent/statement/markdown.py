"""Markdown as blocks: headings, paragraphs and list items, fenced and indented code.

Not covered: tables and links are left as they are written; inline emphasis is removed where it is plain.
"""

from __future__ import annotations

import re

from ale_agent.statement.blocks import Block, check_count

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_RULE = re.compile(r" {0,3}(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}")
_LIST_ITEM = re.compile(r"\s{0,12}(?:[-*+]|\d{1,3}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*([^*\n]{1,200})\*\*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\n]{0,500}\)")
_LONGEST_INLINE = 20_000


def read_markdown(text: str) -> list[Block]:
    """Return a Markdown text as blocks; cost linear in its length."""
    if "-->" in text:
        text = _COMMENT.sub("", text)
    return _Reader(text.split("\n")).run()


class _Reader:
    """One pass over the lines."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.paragraph: list[str] = []

    def run(self) -> list[Block]:
        i = 0
        while i < len(self.lines):
            i = self._step(i)
            check_count(self.blocks)
        self._flush()
        return self.blocks

    def _step(self, i: int) -> int:
        line = self.lines[i]
        fence = _FENCE.fullmatch(line)
        if fence is not None:
            return self._fenced(i, fence[1])
        heading = _HEADING.fullmatch(line)
        if heading is not None:
            self._flush()
            title = heading[2].strip().rstrip("#").strip() if heading[2].strip("# \t") else heading[2].strip("# \t")
            self.blocks.append(Block("heading", inline(title), len(heading[1])))
            return i + 1
        underline = _UNDERLINE.fullmatch(line)
        if underline is not None and len(self.paragraph) == 1 and not _LIST_ITEM.match(self.paragraph[0]):
            title = self.paragraph.pop().strip()
            self.blocks.append(Block("heading", inline(title), 1 if underline[1].startswith("=") else 2))
            return i + 1
        if not line.strip() or underline is not None or _RULE.fullmatch(line):
            self._flush()
            return i + 1
        if not self.paragraph and line.startswith(("    ", "\t")) and not _LIST_ITEM.match(line):
            return self._indented(i)
        if _LIST_ITEM.match(line):
            self._flush()
        self.paragraph.append(line.strip())
        return i + 1

    def _fenced(self, start: int, fence: str) -> int:
        self._flush()
        end = start + 1
        while end < len(self.lines):
            bare = self.lines[end].strip()
            if bare.startswith(fence) and set(bare) == {fence[0]}:
                break
            end += 1
        self.blocks.append(Block("pre", "\n".join(self.lines[start + 1 : end]).strip("\n")))
        return end + 1

    def _indented(self, start: int) -> int:
        end = start
        while end < len(self.lines) and (not self.lines[end].strip() or self.lines[end].startswith(("    ", "\t"))):
            end += 1
        lines = [line[4:] if line.startswith("    ") else line[1:] for line in self.lines[start:end]]
        self.blocks.append(Block("pre", "\n".join(lines).strip("\n")))
        return end

    def _flush(self) -> None:
        if self.paragraph:
            self.blocks.append(Block("text", inline("\n".join(self.paragraph))))
            self.paragraph = []


def inline(text: str) -> str:
    """Return a line without bold marks and link targets."""
    if "](" in text and len(text) < _LONGEST_INLINE:
        text = _LINK.sub(r"\1", text)
    return _EMPHASIS.sub(r"\1", text) if "**" in text and len(text) < _LONGEST_INLINE else text
