"""Composes a whole solver program from a problem's array-level tools and a genotype.

The program's own text comes in this order: what it is composed of, its parameters, the problem, the building blocks,
the search, and the entry points of a solver. Names of the problem are kept; where one of ours is the same, ours gives way.
"""

from __future__ import annotations

import base64
import pprint
import zlib
from collections.abc import Mapping
from typing import Any

from ale_agent.errors import ProgramError
from ale_agent.strategist.compose_catalogue import (
    COMPONENTS,
    EVALUATION_LIMIT,
    SLOTS,
    Component,
    component,
    components,
)
from ale_agent.strategist.compose_inline import InlinedTools, inline_tools
from ale_agent.strategist.compose_search import write_search
from ale_agent.strategist.compose_source import gather, rename
from ale_agent.strategist.genotype import Genotype, default_genotype, random_genotype, vary

__all__ = [
    "COMPONENTS",
    "Component",
    "Genotype",
    "components",
    "compose",
    "default_genotype",
    "random_genotype",
    "vary",
]

Value = float | int | str

_SHORT_SAMPLE = 3000
_WITHOUT_SCIPY = """\
# Numba looks for SciPy's BLAS when the first kernel is loaded: that takes longer than all else, and is of no use here.
sys.modules.setdefault("scipy", None)"""
_MARK = "#### part ####"  # a comment, so that the parts can be renamed as one text

_SPACE_ARRAYS = {
    "permutation": """
def space_of(case):
    \"\"\"Return the answer space as the search wants it: the size.\"\"\"
    return (int(answer_space(case)["size"]),)
""",
    "integers": """
def space_of(case):
    \"\"\"Return the answer space as the search wants it: the bounds, and the positions whose bounds differ.\"\"\"
    space = answer_space(case)
    low = np.ascontiguousarray(space["low"], dtype=np.int64)
    high = np.ascontiguousarray(space["high"], dtype=np.int64)
    return low, high, np.flatnonzero(low < high)
""",
    "subset": """
def space_of(case):
    \"\"\"Return the answer space as the search wants it: the size, and the bounds on how many are chosen.\"\"\"
    space = answer_space(case)
    return int(space["size"]), int(space["minimum"]), int(space["maximum"])
""",
    "sequence": """
def space_of(case):
    \"\"\"Return the answer space as the search wants it: the number of symbols, and the bounds on the length.\"\"\"
    space = answer_space(case)
    return int(space["symbols"]), int(space["minimum_length"]), int(space["maximum_length"])
""",
}

_ENTRY = '''
def answer_text(text, values, clock, started, seconds):
    """Return the output for a case.

    Parameters
    ----------
    clock, started, seconds
        The clock that counts, its reading when the time began, and how much time there is.
    """
    case = read_case(text)
    budget = np.array([clock, started, seconds, values["evaluation_limit"], 0.0])
    weights = np.array([{weights}])
    numbers = ({numbers})
    arguments = (case, space_of(case), budget, random_state(int(os.environ.get("ALE_SEED", "1"))), weights, *numbers)
    compiled_before = sum(search.stats.cache_misses.values())
    search.compile(tuple(typeof(argument) for argument in arguments))
    if sum(search.stats.cache_misses.values()) > compiled_before:
        budget[1] = time.clock_gettime(clock)  # no compiled kernels at hand: the limit is lost, the answer need not be
    budget[2] -= writing_seconds(case, arguments)
    answer, extent = search(*arguments)
    return write_answer(case, {answer})


def writing_seconds(case, arguments):
    """Return what is to be kept for writing the answer: measured on the first answer that a search would stand on."""
    trial = list(arguments)
    trial[2] = np.array([arguments[2][0], 0.0, 1.0, 2.0, 0.0])
    trial[3] = random_state(1)
    answer, extent = search(*trial)
    started = time.perf_counter()
    write_answer(case, {answer})
    return 1.5 * (time.perf_counter() - started)


def warm_up():
    """Compile the kernels on a sample case."""
    values = {{name: entry["default"] for name, entry in PARAMETERS.items()}}
    answer_text(SAMPLE, values | {{"evaluation_limit": 8}}, time.CLOCK_MONOTONIC, 0.0, 1.0)


def main():
    """Read a case, search until the time is nearly over, write the answer."""
    limit = float(os.environ.get("ALE_TIME_LIMIT", "{time_limit}"))
    alone = __name__ == "__main__" and PROCESS == os.getpid()  # not a fork of a process that began long ago
    if os.environ.get("ALE_CLOCK", "wall") == "cpu":
        clock = time.CLOCK_PROCESS_CPUTIME_ID
        started = 0.0 if __name__ == "__main__" else time.clock_gettime(clock)
        seconds = limit - max(0.03, 0.015 * limit)
    else:
        clock = time.CLOCK_MONOTONIC
        started = START if alone else time.clock_gettime(clock)
        seconds = limit - max(0.1, 0.05 * limit)
    values = {{name: entry["default"] for name, entry in PARAMETERS.items()}}
    values |= json.loads(os.environ.get("ALE_PARAMETERS") or "{{}}")
    output = answer_text(sys.stdin.read(), values, clock, started, max(seconds, 0.001))
    sys.stdout.write(output if output.endswith("\\n") else output + "\\n")
    sys.stdout.flush()
    if alone:
        os._exit(0)  # the answer is out: taking the interpreter down would cost a tenth of a second


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
'''


def compose(
    tools_source: str,
    genotype: Genotype,
    values: Mapping[str, Value] | None = None,
    *,
    sample_case: str,
    objective: str = "maximize",
    time_limit: float = 2.0,
) -> str:
    """Return the text of a solver program.

    Parameters
    ----------
    tools_source
        The text of the problem's tools.py, with the four array-level functions.
    genotype
        What the program is to be composed of.
    values
        Defaults of its parameters other than the catalogue's; names that it does not have are ignored, values beyond
        a range are brought into it.
    sample_case
        The text of a case, on which the program compiles itself.
    objective
        ``maximize`` or ``minimize``.
    time_limit
        Seconds per case, for a judge that does not say.

    Raises
    ------
    ProblemError
        If the tools lack an array-level function, or cannot be carried along.
    ProgramError
        If the objective is neither of the two words.
    """
    if objective not in ("maximize", "minimize"):
        raise ProgramError(f"objective is {objective!r}; it must be maximize or minimize")
    tools = inline_tools(tools_source)
    parts = [component(genotype.space, slot, name) for slot in SLOTS for name in genotype.names(slot)]
    parameters = _parameters(parts, values or {})
    tuned = [name for name in parameters if not name.startswith("weight_") or name == "weight_floor"]
    tuned.remove("evaluation_limit")
    search = write_search(genotype, objective, tuned)
    imports, kernels = _building_blocks(parts, search)
    blocks = "\n\n\n".join(kernels)
    ours = _Ours(imports, _SPACE_ARRAYS[genotype.space].strip("\n"), blocks, search.strip("\n"))
    entry = _ENTRY.format(
        weights=", ".join(f'values["weight_{name}"]' for name in genotype.neighbourhoods),
        numbers="".join(f'{_cast(parameters[name])}(values["{name}"]), ' for name in tuned),
        answer="answer[:extent]" if genotype.space == "sequence" else "answer",
        time_limit=time_limit,
    )
    return _assemble(genotype, parts, parameters, tools, ours, entry, sample_case)


class _Ours:
    """The parts of a program that are not the problem's."""

    def __init__(self, imports: list[str], space: str, blocks: str, search: str) -> None:
        self.imports = imports
        self.space = space
        self.blocks = blocks
        self.search = search


def _parameters(parts: list[Component], values: Mapping[str, Value]) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for part in parts:
        for name, literal in part.parameters.items():
            merged.setdefault(name, dict(literal))
    merged |= {name: dict(literal) for name, literal in EVALUATION_LIMIT.items()}
    for name, value in values.items():
        if name in merged and isinstance(value, int | float):
            literal = merged[name]
            kind = type(literal["default"])
            literal["default"] = kind(min(max(value, literal["low"]), literal["high"]))
    return merged


def _cast(literal: Mapping[str, Any]) -> str:
    return "int" if isinstance(literal["default"], int) else "float"


def _building_blocks(parts: list[Component], search: str) -> tuple[list[str], list[str]]:
    wanted = [
        ("ale_agent.kit.randomness", "random_state"),
        ("ale_agent.kit.budget", "spent_share"),
        ("ale_agent.kit.randomness", "draw_index"),
        ("ale_agent.kit.arrays", "copy_range"),
        *([("ale_agent.kit.credit", "share_credit")] if "share_credit" in search else []),
        *([("ale_agent.kit.randomness", "random_unit")] if "random_unit" in search else []),
        *[part.kernel for part in parts if part.kernel is not None],
    ]
    imports, kernels = gather(wanted, own=("evaluate_full",))
    if "math." in search:
        imports.append("import math")
    return imports, kernels


def _assemble(
    genotype: Genotype,
    parts: list[Component],
    parameters: Mapping[str, Any],
    tools: InlinedTools,
    ours: _Ours,
    entry: str,
    sample_case: str,
) -> str:
    sample_import, sample = _sample_literal(sample_case)
    standard = [
        "import json",
        "import os",
        "import sys",
        "import time",
        "import numpy as np",
        "from numba import njit, typeof",
    ]
    imports = sorted({*ours.imports, *standard, *sample_import})
    start = "START = time.perf_counter() - time.process_time()\nPROCESS = os.getpid()"
    if not _needs_scipy(tools.body):
        start += "\n" + _WITHOUT_SCIPY
    pieces = ["\n".join(imports), start, sample, ours.space, ours.blocks, ours.search, entry]
    ours_text = f"\n{_MARK}\n".join(pieces)
    ours_text = rename(ours_text, _clashes(ours_text, tools)) if _clashes(ours_text, tools) else ours_text
    our_imports, start, sample, space, blocks, search, entry = (part.strip("\n") for part in ours_text.split(_MARK))
    all_imports = _merged_imports(our_imports.splitlines(), tools.imports)
    return (
        "\n".join(
            [
                _header(genotype, parts),
                "from __future__ import annotations\n",
                "import os",
                "import sys",
                "import time\n",
                "# The clock begins before the imports, less what the interpreter took to get here.",
                start + "\n",
                *all_imports,
                "",
                f"PARAMETERS = {pprint.pformat(dict(parameters), sort_dicts=False, width=118)}\n",
                "# A case to compile the kernels on.",
                sample,
                "\n\n# The problem: how a case is read, what an answer is, what it is worth, how it is written.\n",
                tools.body + "\n\n",
                space + "\n\n",
                "# The building blocks. extent: how much of an answer is in use (positions, or chosen items of a subset).",
                "# A move changes the answer in place and returns the range it touched, lo..hi-1, and the new extent.",
                "# budget: the clock, its start, seconds, evaluations allowed (0: as time allows), evaluations used.\n",
                blocks + "\n\n",
                "# The search.\n",
                search + "\n\n",
                entry,
            ]
        )
        + "\n"
    )


def _needs_scipy(body: str) -> bool:
    """Whether the problem's functions may use linear algebra, which Numba takes from SciPy."""
    return any(word in body for word in ("linalg", "dot(", " @ ", "scipy"))


def _header(genotype: Genotype, parts: list[Component]) -> str:
    lines = [f'"""A solver composed by ale-agent: search over a {_SPACE_WORDS[genotype.space]}.', ""]
    for slot in SLOTS:
        chosen = [part for part in parts if part.slot == slot]
        if slot != "neighbourhoods":
            lines.append(f"{slot.capitalize():<15}{chosen[0].name}: {chosen[0].what}")
        else:
            lines.extend(
                f"{'Neighbourhoods' if part is chosen[0] else '':<15}{part.name}: {part.what}" for part in chosen
            )
    return "\n".join([*lines, '"""', ""])


_SPACE_WORDS = {
    "permutation": "permutation",
    "integers": "vector of integers",
    "subset": "subset",
    "sequence": "sequence of symbols",
}


def _clashes(ours: str, tools: InlinedTools) -> set[str]:
    """Return the names of ours, modules and what the contract names aside, that the problem binds at its top level."""
    contract = {"PARAMETERS", "main", "warm_up", "read_case", "answer_space", "objective", "write_answer"}
    same = {
        line.rsplit(" ", 1)[-1]
        for line in tools.imports
        if line in _merged_imports(ours.split(_MARK)[0].splitlines(), ())
    }
    return set(tools.names) - contract - same


def _merged_imports(ours: list[str], problem: tuple[str, ...]) -> list[str]:
    single: dict[str, None] = {}
    for line in [*ours, *problem]:
        if line.startswith("from ") and "," in line:
            module, _, names = line.partition(" import ")
            for name in names.split(","):
                single[f"{module} import {name.strip()}"] = None
        elif line:
            single[line] = None
    plain = sorted(
        line for line in single if line.startswith("import ") and line not in ("import os", "import sys", "import time")
    )
    grouped: dict[str, list[str]] = {}
    for line in single:
        if line.startswith("from "):
            module, _, name = line.partition(" import ")
            grouped.setdefault(module, []).append(name)
    return plain + [f"{module} import {', '.join(sorted(names))}" for module, names in sorted(grouped.items())]


def _sample_literal(sample_case: str) -> tuple[list[str], str]:
    """Return the imports and the assignment that give a program its sample case; a long one is packed."""
    if len(sample_case) <= _SHORT_SAMPLE:
        escaped = (
            sample_case.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\r", "\\r").replace("\0", "\\0")
        )
        if escaped.endswith('"'):
            escaped = escaped[:-1] + '\\"'
        return [], f'SAMPLE = """\\\n{escaped}"""'
    packed = base64.b85encode(zlib.compress(sample_case.encode(), 9)).decode()
    rows = [f'    "{packed[k : k + 110]}"' for k in range(0, len(packed), 110)]
    body = "\n".join(rows)
    return ["import base64", "import zlib"], f"SAMPLE = zlib.decompress(base64.b85decode(\n{body}\n)).decode()"
