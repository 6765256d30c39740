"""Folders and loads that are made to break whoever cleans up, measures or waits."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from ale_agent.sandbox import Ending, Limits, RefusedError, Run, Sandbox, open_sandbox, trees

pytestmark = pytest.mark.sandbox

LIMITS = Limits(wall_seconds=20.0, cpu_seconds=10.0, memory_bytes=512 << 20)
DEEP = """
    import os
    here = os.open(".", os.O_RDONLY)
    for _ in range({depth}):
        os.mkdir("d", {mode}, dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    opened = open_sandbox("local", folder=tmp_path)
    yield opened
    opened.close()
    assert list(tmp_path.iterdir()) == [], "something was left behind"


def compile_pass(sandbox: Sandbox, source: str) -> Ending:
    run = Run(standard_input=b"", limits=LIMITS)
    return sandbox.cold(dedent(source)).start(run, compile_pass=True).wait().ending


def test_folders_deeper_than_any_recursion_are_refused_and_removed(sandbox: Sandbox) -> None:
    ending = compile_pass(sandbox, DEEP.format(depth=1_000_000, mode="0o700"))

    assert ending is Ending.OUTPUT_LIMIT


def test_folders_deeper_than_a_path_can_be_are_removed(sandbox: Sandbox) -> None:
    assert compile_pass(sandbox, DEEP.format(depth=1900, mode="0o700")) is Ending.EXITED


def test_a_folder_without_rights_is_removed(sandbox: Sandbox) -> None:
    assert compile_pass(sandbox, 'import os\nos.mkdir("a", 0)\nos.makedirs("b/c", 0o500)\n') is Ending.EXITED


def test_a_file_of_holes_counts_as_large_as_it_looks(sandbox: Sandbox) -> None:
    source = """
        import os, time
        for k in range(8):
            with open(str(k), "wb") as file:
                file.truncate(60 << 20)
        time.sleep(10)
    """
    assert compile_pass(sandbox, source) is Ending.OUTPUT_LIMIT


def test_many_empty_folders_count(sandbox: Sandbox) -> None:
    assert (
        compile_pass(sandbox, "import os\nk = 0\nwhile True:\n    os.mkdir(str(k))\n    k += 1\n")
        is Ending.OUTPUT_LIMIT
    )


def test_removing_a_tree_follows_no_link(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    doomed = tmp_path / "doomed"
    (doomed / "below").mkdir(parents=True)
    (doomed / "below" / "link").symlink_to(kept)
    (doomed / "file").symlink_to(kept / "file")

    trees.remove_tree(doomed)

    assert (kept / "file").exists()
    assert not os.path.lexists(doomed)


def test_a_program_that_takes_the_machines_memory_while_it_loads_is_stopped(sandbox: Sandbox) -> None:
    source = """
        import time
        held = bytearray(900 << 20)
        time.sleep(3)
        def main():
            pass
        if __name__ == "__main__":
            main()
    """

    loaded = sandbox.load(dedent(source), memory_bytes=128 << 20)

    assert "MiB of memory" in loaded.error


def test_a_loaded_program_that_does_not_play_along_keeps_nobody_waiting_twice(sandbox: Sandbox) -> None:
    source = dedent(
        """
        import os, socket, time
        receive = socket.recv_fds
        def refuse(channel, *arguments):
            message = receive(channel, *arguments)
            os._exit(0)
        socket.recv_fds = refuse
        def main():
            print(1)
        if __name__ == "__main__":
            main()
        """
    )
    loaded = sandbox.load(source)
    run = Run(standard_input=b"", limits=LIMITS)
    with pytest.raises(RefusedError):
        loaded.start(run)
    begun = time.monotonic()
    with pytest.raises(RefusedError):
        loaded.start(run)

    assert time.monotonic() - begun < 1.0


def test_a_run_that_is_killed_from_outside_says_so(sandbox: Sandbox) -> None:
    running = sandbox.load("import time\ntime.sleep(100)\n").start(Run(standard_input=b"", limits=LIMITS))
    os.kill(running.pid, 9)  # type: ignore[attr-defined]

    assert running.wait().ending is Ending.KILLED


@pytest.mark.parametrize("after", [0.0, 0.05, 0.3, 0.6])
def test_a_program_whose_process_is_killed_while_it_starts_is_loaded_again(tmp_path: Path, after: float) -> None:
    opened = open_sandbox("local", folder=tmp_path)
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            for name in filter(str.isdigit, os.listdir("/proc")):
                command = Path(f"/proc/{name}/cmdline")
                with contextlib.suppress(OSError):
                    if str(tmp_path).encode() in command.read_bytes():
                        time.sleep(after)
                        os.kill(int(name), 9)
                        killed.append(int(name))
                        return

    thread = threading.Thread(target=kill)
    thread.start()
    loaded = opened.load(
        "import time\ntime.sleep(0.5)\ndef main():\n    pass\nif __name__ == '__main__':\n    main()\n"
    )
    thread.join()
    opened.close()

    assert killed
    assert loaded.error == ""
