"""The child of a tools host whose tools.py a model wrote: locked as a solver is, before it reads that file.

Run as ``python -m ale_agent.sandbox.tools_child SOCKET_FD LIFELINE_FD TOOLS_PATH``. The folder of TOOLS_PATH may be written,
for Numba's cache; nothing else may, and no network, process or other file is within reach.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from ale_agent.problem import array_check, host_child  # noqa: F401 - the checks are imported before the lock hides them
from ale_agent.sandbox import lock

_FILE_BYTES = 64 << 20
_MEMORY_BYTES = 4 << 30


def main() -> NoReturn:
    """Serve one host."""
    host_child.main(_shut)


def _shut(folder: Path) -> None:
    try:
        lock.set_limits(memory_bytes=_MEMORY_BYTES, file_bytes=_FILE_BYTES)
        lock.shut(str(folder), writing=True, forking=False)
    except OSError as error:
        raise host_child.NonsenseError(
            f"was written by a model, and this machine cannot lock it ({error}); 'ale-agent doctor' says what is missing"
        ) from error


if __name__ == "__main__":
    main()
