"""The local sandbox's parts: tables, folders, limits, and that nothing outlives a killed owner."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from containers import SANDBOXES, open_kind

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox import (
    Ending,
    Limits,
    RefusedError,
    Run,
    Sandbox,
    SandboxKind,
    folders,
    open_sandbox,
    probe_machine,
    syscalls,
    warm,
)
from ale_agent.sandbox import probe as probing

LIMITS = Limits(wall_seconds=60.0, cpu_seconds=5.0, idle_seconds=20.0, memory_bytes=512 << 20)
HEADER = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
NUMBA = dedent(
    """
    import numpy as np
    from numba import njit, vectorize

    @njit(cache=True)
    def total(values):
        result = 0.0
        for value in values:
            result += value
        return result

    @vectorize(["f8(f8)"], cache=True)
    def half(x):
        return x / 2

    def warm_up():
        total(np.ones(3))

    def main():
        values = np.array(input().split(), dtype=np.int64)
        print(total(half(values.astype(np.float64))), total(values))

    if __name__ == "__main__":
        import sys
        warm_up() if sys.argv[-1] == "ONLINE_JUDGE" else main()
    """
)


@pytest.fixture(params=[*SANDBOXES, "none"])
def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    opened = _open(request.param, tmp_path)
    yield opened
    opened.close()
    assert list(tmp_path.iterdir()) == []


def _open(kind: SandboxKind, folder: Path) -> Sandbox:
    if kind == "none":
        with pytest.warns(UserWarning, match="all your rights"):
            return open_sandbox(kind, folder=folder)
    return open_kind(kind, folder=folder)


def _run(sandbox: Sandbox, source: str, text: str, limits: Limits = LIMITS) -> tuple[Ending, str, str]:
    loaded = sandbox.load(source)
    assert loaded.error == ""
    outcome = loaded.start(Run(standard_input=text.encode(), limits=limits)).wait()
    return outcome.ending, outcome.standard_output.decode(), outcome.standard_error


def test_a_numba_program_runs_compiled_and_compiles_more_in_a_case(sandbox: Sandbox) -> None:
    assert _run(sandbox, NUMBA, "1 2 3") == (Ending.EXITED, "3.0 6.0\n", "")


def test_hundreds_of_cases_of_one_program_all_answer(sandbox: Sandbox) -> None:
    loaded = sandbox.load('def main():\n    print(input())\n\nif __name__ == "__main__":\n    main()\n')

    outcomes = [loaded.start(Run(standard_input=f"{number}\n".encode(), limits=LIMITS)).wait() for number in range(200)]

    assert [int(outcome.standard_output) for outcome in outcomes] == list(range(200))
    assert len(os.listdir("/proc/self/fd")) < 100


def test_a_large_input_and_output_pass(sandbox: Sandbox) -> None:
    text = "x" * (8 << 20)

    ending, output, _ = _run(sandbox, "import sys\nsys.stdout.write(sys.stdin.read())\n", text)

    assert (ending, output == text) == (Ending.EXITED, True)


def test_the_wall_ends_a_run_whatever_the_other_limits_say(sandbox: Sandbox) -> None:
    limits = Limits(wall_seconds=0.5)

    ending, _, _ = _run(sandbox, "import time\ntime.sleep(100)\n", "", limits)

    assert ending is Ending.WALL_LIMIT


def test_a_cancelled_run_ends_at_once(sandbox: Sandbox) -> None:
    loaded = sandbox.load("import time\ntime.sleep(100)\n")
    running = loaded.start(Run(standard_input=b"", limits=LIMITS))

    running.cancel()

    assert running.wait().ending is Ending.CANCELLED


def test_a_cold_program_keeps_what_the_compile_pass_wrote_and_nothing_else(sandbox: Sandbox) -> None:
    source = dedent(
        """
        import os, sys
        if sys.argv[-1] == "ONLINE_JUDGE":
            os.makedirs("cache", exist_ok=True)
            open("cache/compiled", "w").write("yes")
        else:
            print(open("cache/compiled").read(), os.path.exists("left"))
            open("left", "w").close()
        """
    )
    cold = sandbox.cold(source)
    cold.start(Run(standard_input=b"", limits=LIMITS), compile_pass=True).wait()

    outputs = [cold.start(Run(standard_input=b"", limits=LIMITS)).wait().standard_output for _ in range(2)]

    assert outputs == [b"yes False\n"] * 2


def test_a_cold_numba_program_finds_its_cache(sandbox: Sandbox) -> None:
    source = NUMBA.replace("print(total(half", "print(sum(total.stats.cache_hits.values()), total(half").replace(
        "total(np.ones(3))", "total(np.ones(3)); total(np.arange(3))"
    )
    cold = sandbox.cold(source.replace("    values = np", "    warm_up()\n    values = np"))
    compiled = cold.start(Run(standard_input=b"", limits=LIMITS), compile_pass=True).wait()
    assert compiled.exit_code == 0, compiled.standard_error

    outcome = cold.start(Run(standard_input=b"1 2 3", limits=LIMITS)).wait()

    assert outcome.standard_output == b"2 3.0 6.0\n", outcome.standard_error


def test_a_cold_program_cannot_read_write_or_connect_outside(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text("42")
    opened = open_sandbox("local", folder=tmp_path)
    source = dedent(
        f"""
        import os, socket, threading
        def attempt(action):
            try:
                action()
            except (OSError, RuntimeError):
                print("held")
        attempt(lambda: open(r"{private}"))
        attempt(lambda: open(r"{private}2", "w"))
        attempt(lambda: os.symlink("/etc", "link"))
        attempt(socket.socket)
        attempt(os.fork)
        attempt(lambda: os.execv("/bin/true", ["true"]))
        attempt(threading.Thread(target=print).start)
        """
    )

    outcome = opened.cold(source).start(Run(standard_input=b"", limits=LIMITS)).wait()
    opened.close()

    assert outcome.standard_output == b"held\n" * 7


def test_a_folder_that_is_filled_ends_the_compile_pass(tmp_path: Path) -> None:
    opened = open_sandbox("local", folder=tmp_path)
    source = "n = 0\nwhile True:\n    open(str(n), 'wb').close()\n    n += 1\n"

    outcome = opened.cold(source).start(Run(standard_input=b"", limits=LIMITS), compile_pass=True).wait()
    opened.close()

    assert outcome.ending is Ending.OUTPUT_LIMIT


@pytest.mark.skipif(not HEADER.exists(), reason="the kernel's headers are not installed")
def test_the_system_call_numbers_are_the_kernels() -> None:
    found = re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text())
    kernel = {name: int(number) for name, number in found}

    assert {name: kernel[name] for name in syscalls.named("x86_64")} == syscalls.named("x86_64")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_number_stands_for_two_calls(machine: str) -> None:
    numbers = list(syscalls.named(machine).values())

    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("name", ["execve", "fork", "vfork", "socket", "kill", "ptrace", "pipe2", "chdir", "flock"])
def test_what_a_solver_must_not_call_is_in_no_table(name: str) -> None:
    assert name not in syscalls.named("x86_64")


def test_a_folder_whose_owner_was_killed_is_removed(tmp_path: Path) -> None:
    stale = tmp_path / "ale-agent-sandbox-stale"
    stale.mkdir()
    (stale / "owner.lock").touch()
    living = folders.RunFolder(tmp_path)
    time.sleep(2.1)

    removed = folders.remove_stale(tmp_path)
    kept = living.path.exists()
    living.close()

    assert (removed, kept) == ([stale], True)


OWNER = """
import sys, time
from pathlib import Path
from ale_agent.sandbox import Limits, Run, open_sandbox
sandbox = open_sandbox("local", folder=Path(sys.argv[1]))
loaded = sandbox.load("import time\\ntime.sleep(1000)\\n")
running = loaded.start(Run(standard_input=b"", limits=Limits(wall_seconds=1000.0)))
print("ready", flush=True)
running.wait()
"""


def test_nothing_runs_on_when_its_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "ready\n"
    inhabitants = _inhabitants(tmp_path)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()

    deadline = time.monotonic() + 20
    while _inhabitants(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert len(inhabitants) == 2
    assert _inhabitants(tmp_path) == []


def _inhabitants(folder: Path) -> list[str]:
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{name}/cwd").startswith(str(folder)):
                found.append(name)
        except OSError:
            continue
    return found


def test_this_machine_can_lock() -> None:
    assert probe_machine().usable


def test_a_machine_that_cannot_lock_is_refused_with_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing.landlock, "version", lambda machine: 0)

    with pytest.raises(SandboxUnavailableError, match=r"no Landlock.*--sandbox none"):
        open_sandbox("auto")


def test_a_cold_program_is_not_charged_with_the_memory_of_who_started_it(sandbox: Sandbox) -> None:
    held = bytearray(256 << 20)
    held[::4096] = bytes([1]) * len(held[::4096])
    limits = Limits(wall_seconds=20.0, cpu_seconds=10.0, memory_bytes=128 << 20)
    outcome = sandbox.cold("print(1)").start(Run(standard_input=b"", limits=limits)).wait()
    assert outcome.ending is Ending.EXITED
    assert outcome.memory_bytes < limits.memory_bytes


def test_a_cold_program_that_takes_too_much_is_seen_beside_a_larger_starter(sandbox: Sandbox) -> None:
    held = bytearray(512 << 20)
    held[::4096] = bytes([1]) * len(held[::4096])
    limits = Limits(wall_seconds=20.0, cpu_seconds=10.0, memory_bytes=128 << 20)
    source = (
        "import time\nheld = bytearray(256 << 20)\nheld[::4096] = bytes([1]) * len(held[::4096])\ntime.sleep(0.5)\n"
    )
    outcome = sandbox.cold(source).start(Run(standard_input=b"", limits=limits)).wait()
    assert outcome.ending is Ending.MEMORY_LIMIT


@pytest.fixture
def busy_machine() -> Iterator[None]:
    """Give every processor three times more to do than it can."""
    code = "import time\nuntil = time.monotonic() + 60\nwhile time.monotonic() < until: pass"
    # Each in a session of its own: some kernels share processors between sessions first.
    crowd = [
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        for _ in range(3 * len(os.sched_getaffinity(0)))
    ]
    yield
    for process in crowd:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("busy_machine")
def test_how_long_a_run_waits_for_a_processor_is_measured_and_sleep_is_not_waiting(sandbox: Sandbox) -> None:
    work = (
        "import time\ndef main():\n    until = time.process_time() + 0.4\n"
        "    while time.process_time() < until: pass\n\nif __name__ == '__main__':\n    main()\n"
    )
    limits = Limits(wall_seconds=30.0)
    busy, asleep = (
        sandbox.cold(source).start(Run(standard_input=b"", limits=limits)).wait()
        for source in (work, "import time\ntime.sleep(1.0)\n")
    )
    assert busy.queued_seconds is not None and asleep.queued_seconds is not None
    assert busy.queued_seconds > 0.4
    assert busy.wall_seconds - busy.queued_seconds < 1.0
    assert asleep.wall_seconds - asleep.queued_seconds > 1.0


@pytest.mark.parametrize("left_out", ["shut_off()", "die_with_parent(parent)"])
def test_a_case_that_leaves_out_a_lock_never_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    name, arguments = left_out.removesuffix(")").split("(")
    source = dedent(
        f"""
        import sys
        sys._getframe().f_back.f_globals["lock"].{name} = lambda {arguments}: None

        def main():
            print("began")

        if __name__ == "__main__":
            main()
        """
    )
    sandbox = open_sandbox("local", folder=tmp_path)
    loaded = sandbox.load(source)
    monkeypatch.setattr(warm, "_START_SECONDS", 2.0)
    with pytest.raises(RefusedError, match="does not call prctl"):
        loaded.start(Run(standard_input=b"", limits=LIMITS))
    sandbox.close()
