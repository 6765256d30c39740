"""When two programs are the same, and how alike they are."""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator

from ale_agent.errors import ProgramError
from ale_agent.program.syntax import parse_tree

KIT_BEGIN = "# --- ale_agent.kit, inlined: begin ---"
KIT_END = "# --- ale_agent.kit, inlined: end ---"

_SHINGLE = 5
_WORD = re.compile(r"\w+|[^\w\s]")
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_NOT_MEANING = {"ctx", "kind", "type_comment", "type_ignores", "type_params"}


def normalised_hash(source: str) -> str:
    """Return the SHA-256 (hex) of what a program says: comments, formatting and docstrings do not matter.

    The same on every version of Python that parses it to the same tree.

    Raises
    ------
    ProgramError
        The text is not Python.
    """
    try:
        digest = hashlib.sha256()
        for piece in _signature(parse_tree(source)):
            digest.update(piece.encode(errors="surrogatepass"))
            digest.update(b"\0")
        return digest.hexdigest()
    except RecursionError:
        raise ProgramError("the program nests expressions too deeply to be compared: break them up") from None


def similarity(a: str, b: str) -> float:
    """Return how alike two programs' texts are, from 0 (nothing shared) to 1 (the same but for numbers and strings).

    The share of runs of five tokens that both have. Comments, layout and the inlined kit do not count, and every number
    or string looks like every other, because constants belong to the tuner. Any text is accepted.
    """
    left, right = _shingles(a), _shingles(b)
    union = (left | right).total()
    return (left & right).total() / union if union else 1.0


def _signature(node: ast.AST) -> Iterator[str]:
    yield type(node).__name__
    body = getattr(node, "body", None)
    for field, value in ast.iter_fields(node):
        if field in _NOT_MEANING or value is None or value == []:
            continue
        yield field
        if field == "body" and isinstance(body, list):
            value = body[1:] if _starts_with_docstring(node, body) else body
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield from _signature(item)
            else:
                yield f"{type(item).__name__} {item!r}"
    yield ";"


def _starts_with_docstring(node: ast.AST, body: list[ast.stmt]) -> bool:
    if not isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or not body:
        return False
    first = body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


def _shingles(source: str) -> Counter[tuple[str, ...]]:
    tokens = _tokens(_without_kit(source))
    count = max(1, len(tokens) - _SHINGLE + 1)
    return Counter(tuple(tokens[i : i + _SHINGLE]) for i in range(count)) if tokens else Counter()


def _without_kit(source: str) -> str:
    before, begin, rest = source.partition(KIT_BEGIN)
    _, end, after = rest.partition(KIT_END)
    return before + after if begin and end else source


def _tokens(source: str) -> list[str]:
    tokens = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NUMBER:
                tokens.append("0")
            elif token.type == tokenize.STRING:
                tokens.append("''")
            elif token.type not in _LAYOUT:
                tokens.append(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return _WORD.findall(source)
    return tokens
