"""The first lines of a cold run: lock this process, then be the program, as ``python solver.py`` would be."""

from __future__ import annotations

import os
import sys
import types

from ale_agent.sandbox import lock

_EXTRA_BYTES = 1 << 30
_FILE_BYTES = 64 << 20
_FIRST_FREE = 3
_MAXIMUM_INHERITED = 1 << 16


def main() -> None:
    """Start from the command line that the supervisor gives."""
    parent, folder, memory_bytes, locked, name = sys.argv[1:6]
    os.closerange(_FIRST_FREE, _MAXIMUM_INHERITED)
    lock.die_with_parent(int(parent))
    os.chdir(folder)
    lock.set_limits(memory_bytes=int(memory_bytes) + _EXTRA_BYTES, file_bytes=_FILE_BYTES)
    if locked == "locked":
        lock.shut(folder, writing=True, forking=False)
    lock.forget_ourselves()
    path = os.path.join(folder, name)
    sys.argv = [path, *sys.argv[6:]]
    sys.path.insert(0, folder)
    with open(path, encoding="utf-8") as file:
        source = file.read()
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
