"""Tries an encoding on cases, inside a sandbox: this text runs there as a program, with that of the checks it imports.

Reads ``{"tools": text, "cases": [texts], "seed": n}`` and writes, as JSON, for each case what `try_case` found or what is
broken. It judges nothing: outside, the outputs are scored and compared with the values.
"""

from __future__ import annotations

import json
import sys
import traceback
import types
from typing import Any

import numpy as np

from ale_agent.problem.array_check import BrokenError, compile_objective, try_case

_FILE = "tools.py"


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.read())
    reply, sys.stdout = sys.stdout, sys.stderr  # what the encoding prints is no part of the reply
    json.dump(_answer(request), reply)
    reply.write("\n")
    reply.flush()


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    module = types.ModuleType("tools")
    module.__file__ = _FILE
    sys.modules["tools"] = module
    with open(_FILE, "w", encoding="utf-8") as file:  # Numba wants to see the file of what it caches
        file.write(request["tools"])
    try:
        exec(compile(request["tools"], _FILE, "exec", dont_inherit=True), module.__dict__)
        compiled = compile_objective(module)
        rng = np.random.default_rng(request["seed"])
        return {"cases": [_try(module, compiled, text, rng) for text in request["cases"]]}
    except BrokenError as broken:
        return {"broken": f"{broken.finding['where']}: {broken.finding['what']}; {broken.finding['mend']}"}
    except Exception as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == _FILE]
        place = f" (line {frames[-1].lineno})" if frames else ""
        return {"broken": f"{type(error).__name__}: {error!s:.500}{place}"}


def _try(module: types.ModuleType, compiled: Any, text: str, rng: np.random.Generator) -> dict[str, Any]:
    tried = try_case(module, compiled, text, rng)
    return {
        "kind": tried.kind,
        "answers": [answer[:12].tolist() for answer in tried.answers],
        "values": list(tried.values),
        "outputs": list(tried.outputs),
    }


if __name__ == "__main__":
    main()
