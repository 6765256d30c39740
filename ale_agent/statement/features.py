"""What kind of problem a statement describes: structured features for recall, each a guess with its reason.

Guesses come from cue words (`vocabulary`) and from the formats' structure; they order memories, they decide nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any, Literal, cast

from ale_agent.errors import StatementError
from ale_agent.statement import vocabulary
from ale_agent.statement.blocks import Section
from ale_agent.statement.limits import Sizes
from ale_agent.statement.mathtext import plain_math
from ale_agent.statement.schema import Group, Line, Repeat, Schema

AnswerSpace = Literal["permutation", "integers", "subset", "sequence"]
Objective = Literal["maximize", "minimize"]

PROSE_LENGTH = 50_000
"""How much of a statement's prose is searched for cues, characters."""

_TOPIC_THRESHOLD = 2.0
_ARCHETYPE_THRESHOLD = 2.4
_MAXIMUM_ARCHETYPES = 4
_MAXIMUM_WORDS = 24
_WORD = re.compile(r"[a-z]{4,20}")
_SCORING = re.compile(r"scor|evaluat|得点|評価", re.IGNORECASE)
_SAMPLE_SECTION = re.compile(r"\b(?:samples?|examples?)\b|入力例|出力例", re.IGNORECASE)
_OUTPUT_SECTION = re.compile(r"output|出力", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Features:
    """What is known of a problem from its statement alone.

    Parameters
    ----------
    answer_space
        What an answer probably is, `None` where nothing speaks for one.
    answer_space_reason
        The words that spoke for it.
    sizes
        Decimal logarithm of the greatest value of the sizes in the constraints, by name.
    interactive, hidden_information, turn_based
        How information and time flow.
    geometry, graph, grid, strings, scheduling, packing, routing
        What it is about.
    time_limit
        Seconds a case.
    objective
        ``maximize`` or ``minimize``.
    archetypes
        The kinds of problem that strategies are filed under, most probable first.
    words
        The statement's own frequent words, without those of every statement.
    """

    answer_space: AnswerSpace | None = None
    answer_space_reason: str = ""
    sizes: tuple[tuple[str, float], ...] = ()
    interactive: bool = False
    hidden_information: bool = False
    turn_based: bool = False
    geometry: bool = False
    graph: bool = False
    grid: bool = False
    strings: bool = False
    scheduling: bool = False
    packing: bool = False
    routing: bool = False
    time_limit: float | None = None
    objective: Objective | None = None
    archetypes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values; `from_json` gives the same features back."""
        return {
            **asdict(self),
            "sizes": dict(self.sizes),
            "archetypes": list(self.archetypes),
            "words": list(self.words),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Features:
        """Return the features that `to_json` wrote.

        Raises
        ------
        StatementError
            A key is unknown or a value has the wrong type.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise StatementError(f"features: unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")
        try:
            values = dict(data)
            for key in ("archetypes", "words"):
                values[key] = tuple(str(item) for item in values.get(key, ()))
            values["sizes"] = tuple((str(name), float(size)) for name, size in dict(values.get("sizes", {})).items())
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise StatementError(f"features: a value has the wrong type: {error}") from None


def features_of(
    title: str,
    sections: Sequence[Section],
    *,
    sizes: Sizes,
    input_format: Schema | None,
    output_format: Schema | None,
    interactive: bool,
    time_limit: float | None,
    objective: Objective | None,
) -> Features:
    """Return the features of a statement that is otherwise read."""
    kept = [section for section in sections if not _SAMPLE_SECTION.search(section.heading)]
    body = "\n".join(section.text for section in kept)[:PROSE_LENGTH].lower()
    title = title.lower()
    topics = {name: cue_score(cues, body, title)[0] >= _TOPIC_THRESHOLD for name, cues in vocabulary.TOPICS.items()}
    near_grid = cue_score(vocabulary.TOPICS["grid"], body, title)[0] >= 1.0
    topics["grid"] = topics["grid"] or (near_grid and _has_matrix(input_format))
    output = "\n".join(section.text for section in kept if _OUTPUT_SECTION.search(section.heading)).lower()
    space, reason = _answer_space(body, title, output, output_format)
    return Features(
        answer_space=space,
        answer_space_reason=reason,
        sizes=_main_sizes(sizes),
        interactive=interactive,
        time_limit=time_limit,
        objective=objective,
        archetypes=guess_archetypes(title, body, interactive=interactive),
        words=_frequent_words(plain_math(f"{title}\n{title}\n{body}")),
        **topics,
    )


def guess_archetypes(title: str, body: str, *, interactive: bool) -> tuple[str, ...]:
    """Return the kinds of problem whose cues are strong enough, strongest first; at most four."""
    title, body = title.lower(), body.lower()
    scores: dict[str, float] = {}
    for name, cues in vocabulary.ARCHETYPES.items():
        score, _ = cue_score(cues, body, title)
        if name.startswith("interactive_") or name == "game_multiagent":
            score = score + 1.5 if interactive else score - 3.0
        elif name == "turn_based_full_info" and interactive:
            score -= 2.0
        scores[name] = score
    best = max(scores.values(), default=0.0)
    threshold = max(_ARCHETYPE_THRESHOLD, 0.45 * best)
    ranked = sorted((name for name, score in scores.items() if score >= threshold), key=lambda name: -scores[name])
    return tuple(ranked[:_MAXIMUM_ARCHETYPES])


def guess_objective(sections: Sequence[Section]) -> Objective | None:
    """Return the direction that the scoring section, or else the whole statement, speaks for."""
    scoring = [section.text for section in sections if _SCORING.search(section.heading)]
    for text in ("\n".join(scoring), "\n".join(section.text for section in sections)):
        lowered = text[:PROSE_LENGTH].lower()
        up = cue_score(vocabulary.MAXIMIZE, lowered)[0]
        down = cue_score(vocabulary.MINIMIZE, lowered)[0]
        if up != down:
            return "maximize" if up > down else "minimize"
    return None


def guess_interactive(sections: Sequence[Section]) -> bool:
    """Return whether solver and judge talk turn by turn."""
    if any(re.match(r"interaction|interactive", section.heading, re.IGNORECASE) for section in sections):
        return True
    text = "\n".join(f"{section.heading}\n{section.text}" for section in sections)[:PROSE_LENGTH].lower()
    text = re.sub(vocabulary.NOT_INTERACTIVE, "", text)
    return cue_score(vocabulary.INTERACTIVE, text)[0] >= 2.5


def cue_score(cues: vocabulary.Cues, body: str, title: str = "") -> tuple[float, list[str]]:
    """Return the summed weights of the cues that occur, and the words that they met; texts in lower case."""
    total, met = 0.0, []
    for pattern, weight in cues:
        compiled = _compiled(pattern)
        found = compiled.search(body)
        if found is not None:
            more = len(compiled.findall(body[:20_000], found.end())) if len(body) < 40_000 else 0
            total += weight * (1.0 + 0.25 * math.log2(1 + min(more, 7)))
            met.append(found[0].strip())
        titled = compiled.search(title) if title else None
        if titled is not None:
            total += 2.0 * weight
            met.append(titled[0].strip())
    return total, list(dict.fromkeys(met))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    boundary = r"(?<![a-z])" if pattern[0].isascii() and pattern[0] != "\\" else ""
    return re.compile(f"{boundary}(?:{pattern})")


def _answer_space(body: str, title: str, output: str, output_format: Schema | None) -> tuple[AnswerSpace | None, str]:
    scores: dict[str, float] = {}
    reasons: dict[str, list[str]] = {}
    for name, cues in vocabulary.ANSWER_SPACES.items():
        whole, met = cue_score(cues, body, title)
        near, met_near = cue_score(cues, output)
        scores[name], reasons[name] = whole + 2.0 * near, [*met_near, *met]
    if output_format is not None:
        for name, bonus, why in _structure_cues(output_format):
            scores[name] += bonus
            reasons[name].insert(0, why)
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < 2.0:
        return None, ""
    return cast(AnswerSpace, best), ", ".join(list(dict.fromkeys(reasons[best]))[:4])


def _structure_cues(schema: Schema) -> list[tuple[str, float, str]]:
    """Return what an output format speaks for: (answer space, weight, reason)."""
    found = []
    last = schema.parts[-1]
    if isinstance(last, Repeat):
        count = last.last
        if count.upper() in ("K", "T", "Q", "L"):
            found.append(("sequence", 2.0, f"a free number {count} of lines"))
        else:
            found.append(("integers", 1.0, f"{count} lines of values"))
    else:
        vectors = [group for group in last.groups if group.last is not None]
        if vectors and (vectors[-1].items[0].name.lower() in ("p", "pi", "perm", "r") or "perm" in schema.describe()):
            found.append(("permutation", 1.5, "one line of n names"))
    if _has_matrix(schema):
        found.append(("integers", 1.5, "a grid of values"))
    return found


def _has_matrix(schema: Schema | None) -> bool:
    """Return whether a format has rows of vectors with two indices."""
    if schema is None:
        return False
    lines: list[Line] = []
    for part in schema.parts:
        lines += part.lines if isinstance(part, Repeat) else [part]
    groups: list[Group] = [group for line in lines for group in line.groups]
    return any(group.last is not None and len(group.items[0].indices) >= 2 for group in groups)


def _main_sizes(sizes: Sizes) -> tuple[tuple[str, float], ...]:
    greatest = {name: high for name, (_, high) in sizes.items() if 1 <= high < 1e30}
    ranked = sorted(greatest, key=lambda name: (not name.isupper(), len(name)))[:8]
    return tuple((name, round(math.log10(greatest[name]), 3)) for name in sorted(ranked))


def _frequent_words(text: str) -> tuple[str, ...]:
    counts = Counter(_stem(word) for word in _WORD.findall(text) if word not in vocabulary.STOP_WORDS)
    for stem in [stem for stem in counts if stem in vocabulary.STOP_WORDS]:
        del counts[stem]
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return tuple(ranked[:_MAXIMUM_WORDS])


def _stem(word: str) -> str:
    for ending, kept in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + kept
    return word
