"""The Docker sandbox's own promises: its walls, what happens when a container or the engine goes away, nothing left."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from containers import IMAGE, open_docker
from evaluate_fakes import DOUBLE, GUESS, MAIN, FakeTools, fake_problem

from ale_agent.errors import SandboxUnavailableError
from ale_agent.evaluate import Job, PoolEvaluator, Verdict, judge_run
from ale_agent.problem import Case, InvalidAnswerError
from ale_agent.program import Program
from ale_agent.sandbox import Ending, Limits, Run, Sandbox, docker_engine, docker_run, open_sandbox
from ale_agent.sandbox.docker_engine import Engine, is_gone, owner
from ale_agent.sandbox.docker_image import build_image
from ale_agent.sandbox.docker_link import Link
from ale_agent.sandbox.wire import Message, Unpacker
from ale_agent.settings import SandboxSettings

LIMITS = Limits(wall_seconds=60.0, cpu_seconds=5.0, idle_seconds=50.0, memory_bytes=512 << 20)
SLEEPER = f"import time\ndef main():\n    if input() == '1':\n        time.sleep(40)\n    print(5)\n{MAIN}"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = open_docker()
    yield opened
    opened.close()
    assert ours() == []


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    open_docker().close()
    opened = Engine()
    yield opened
    opened.close()


def ours() -> list[Any]:
    """Return the containers that this process owns."""
    with contextlib.closing(Engine()) as opened:
        return _owned(opened, owner())


def _owned(engine: Engine, who: str) -> list[Any]:
    label = f"{docker_engine.OWNER_LABEL}={who}"
    return list(engine.client.containers.list(all=True, filters={"label": label}, ignore_removed=True))


def _eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def _run(text: str) -> Run:
    return Run(standard_input=text.encode(), limits=LIMITS)


@pytest.mark.docker
def test_a_container_has_every_wall(sandbox: Sandbox) -> None:
    sandbox.load(DOUBLE)
    (container,) = ours()
    look = dedent(
        """
        import os
        status = dict(line.split(":", 1) for line in open("/proc/1/status"))
        print(os.getuid(), status["CapBnd"].strip(), status["NoNewPrivs"].strip(), status["Seccomp"].strip())
        print(sorted(os.listdir("/sys/class/net")))
        for path in ("/file", "/tmp/file", "/etc/file", os.path.dirname(os.__file__) + "/file"):
            try:
                open(path, "w")
            except OSError as error:
                print(error.errno)
        try:
            import ale_agent
        except ImportError:
            print("nothing of ours")
        """
    )

    found = container.exec_run(["python3", "-c", look]).output.decode().split("\n")
    limits = container.attrs["HostConfig"]

    assert found == ["65534 0000000000000000 1 2", "['lo']", "30", "30", "30", "30", "nothing of ours", ""]
    assert limits["Memory"] == limits["MemorySwap"] > 0
    assert limits["PidsLimit"] > 0 and limits["NanoCpus"] > 0
    assert limits["Binds"] is None and limits["LogConfig"]["Type"] == "none"


@pytest.mark.docker
def test_a_proxy_of_the_user_with_its_password_stays_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine
) -> None:
    (tmp_path / "config.json").write_text('{"proxies": {"default": {"httpProxy": "http://me:secret@proxy"}}}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    opened = open_docker()
    opened.load(DOUBLE)

    variables = [container.attrs["Config"]["Env"] for container in ours()]
    opened.close()

    assert len(variables) == 1
    assert "secret" not in str(variables)


@pytest.mark.docker
def test_a_container_that_is_killed_loses_its_run_and_the_next_one_has_another(sandbox: Sandbox) -> None:
    loaded = sandbox.load(SLEEPER)
    running = loaded.start(_run("1\n"))
    (first,) = ours()

    first.kill()
    outcome = running.wait()
    again = loaded.start(_run("2\n")).wait()

    assert outcome.ending is Ending.LOST
    assert again.standard_output == b"5\n"
    assert [container.id for container in ours()] != [first.id]


@pytest.mark.docker
@pytest.mark.parametrize(("times", "verdict"), [(1, Verdict.ACCEPTED), (2, Verdict.JUDGE_ERROR)])
def test_a_case_whose_container_is_killed_is_run_again_once(sandbox: Sandbox, times: int, verdict: Verdict) -> None:
    source = SLEEPER.replace("40", "10")
    pool = PoolEvaluator(fake_problem(), sandbox=sandbox, workers=1, tools_factory=FakeTools)
    jobs = [Job(seed=seed, time_limit=30.0) for seed in (0, 1, 2)]
    killed = []
    results = pool.evaluate(Program(source), jobs)
    first = next(results)
    for _ in range(times):
        assert _eventually(lambda: any(one.id not in killed for one in ours()))
        (container,) = (one for one in ours() if one.id not in killed)
        assert _eventually(lambda seen=container: _processes(seen) == ["keeper", "server", "case"])
        container.kill()
        killed.append(container.id)
    rest = list(results)
    pool.close()

    assert first.accepted
    assert [result.verdict for result in rest] == [verdict, Verdict.ACCEPTED]
    assert rest[0].accepted or "twice the run was lost" in rest[0].message


@pytest.mark.docker
def test_a_container_that_is_killed_while_it_gets_ready_is_replaced(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_code = Link._send_code
    killed = []

    def kill_first(link: Link) -> None:
        if not killed:
            killed.extend(ours())
            killed[0].kill()
        send_code(link)

    monkeypatch.setattr(Link, "_send_code", kill_first)
    loaded = sandbox.load(SLEEPER)

    assert loaded.start(_run("2\n")).wait().standard_output == b"5\n"
    assert [container.id for container in ours()] != [killed[0].id]


def _processes(container: Any) -> list[str]:
    """Return as many of these as run in a container, beside the one that looks."""
    look = "import os; print(sum(name.isdigit() for name in os.listdir('/proc')) - 1)"
    count = int(container.exec_run(["python3", "-c", look]).output)
    return ["keeper", "server", "case", "more"][:count]


@pytest.mark.docker
def test_a_killed_container_is_no_wrong_answer_of_an_interactive_solver(sandbox: Sandbox) -> None:
    class Killer(FakeTools):
        def interact(self, case: Case, read_fd: int, write_fd: int, *, wall_seconds: float) -> float:
            with open(read_fd) as solver, open(write_fd, "w"):
                solver.readline()
                ours()[0].kill()
                raise InvalidAnswerError(f"no guess: {solver.readline()!r}")

    pool = PoolEvaluator(fake_problem(interactive=True), sandbox=sandbox, workers=1, tools_factory=Killer)

    (result,) = pool.evaluate(Program(GUESS), [Job(seed=55, time_limit=30.0)])
    pool.close()

    assert (result.verdict, result.score) == (Verdict.JUDGE_ERROR, None)


@pytest.mark.docker
def test_a_cold_program_is_compiled_again_in_its_next_container(sandbox: Sandbox) -> None:
    cold = sandbox.cold(
        "import sys\nif sys.argv[-1] == 'ONLINE_JUDGE':\n    open('made', 'w').write('here')\n"
        "else:\n    print(open('made').read())\n"
    )
    cold.start(_run(""), compile_pass=True).wait()
    ours()[0].kill()
    assert _eventually(lambda: ours() == [])

    assert cold.start(_run("")).wait().standard_output == b"here\n"


OWNER = """
import sys
from ale_agent.sandbox import Limits, Run, open_sandbox
from ale_agent.sandbox.docker_engine import owner
sandbox = open_sandbox("docker")
loaded = sandbox.load("import time\\ntime.sleep(1000)\\n")
running = loaded.start(Run(standard_input=b"", limits=Limits(wall_seconds=1000.0)))
print(owner(), flush=True)
running.wait()
"""


@pytest.mark.docker
def test_no_container_outlives_its_killed_owner(engine: Engine) -> None:
    process = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    who = process.stdout.readline().strip()
    before = len(_owned(engine, who))

    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert before == 1
    assert _eventually(lambda: _owned(engine, who) == [])


@pytest.mark.docker
def test_a_container_that_a_gone_owner_left_is_removed_by_the_next_sandbox(engine: Engine) -> None:
    gone = f"{owner().split()[0]} {_ended_process()} 1"
    left = engine.client.containers.create(IMAGE, ["python3"], labels={docker_engine.OWNER_LABEL: gone})
    elsewhere = engine.client.containers.create(IMAGE, ["python3"], labels={docker_engine.OWNER_LABEL: "other 1 1"})

    try:
        open_docker().close()
        remaining = {container.id for container in engine.client.containers.list(all=True)}
    finally:
        elsewhere.remove(force=True)

    assert left.id not in remaining
    assert elsewhere.id in remaining


def _ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_an_owner_is_gone_when_its_number_belongs_to_another_process() -> None:
    machine, pid, started = owner().split()

    assert not is_gone(owner())
    assert is_gone(f"{machine} {pid} {int(started) + 1}")
    assert is_gone(f"{machine} {_ended_process()} 1")
    assert not is_gone(f"elsewhere {_ended_process()} 1")
    assert not is_gone("")


class Wire:
    """Stands between us and the engine, and can be cut or held: an engine that goes away, or does not answer."""

    def __init__(self, path: Path, engine: str) -> None:
        self._target = engine.removeprefix("unix://")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._open: list[socket.socket] = []
        self.held = self.refusing = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.refusing:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._target)
                self._open += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                while self.held:
                    time.sleep(0.01)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        self.refusing = True
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.held = False
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for end in (*self._open, self._listener):
            end.close()


@pytest.fixture
def wire(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    made = Wire(tmp_path / "engine.sock", engine.address)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'engine.sock'}")
    yield made
    made.close()


@pytest.mark.docker
def test_an_engine_that_goes_away_is_said_and_one_that_comes_back_is_used(wire: Wire, engine: Engine) -> None:
    opened = open_sandbox("docker")
    loaded = opened.load(SLEEPER)
    running = loaded.start(_run("1\n"))

    wire.cut()
    outcome = running.wait()
    with pytest.raises(SandboxUnavailableError, match=r"the container engine at .* failed"):
        loaded.start(_run("2\n"))
    wire.refusing = False
    again = loaded.start(_run("2\n")).wait()
    opened.close()

    assert outcome.ending is Ending.LOST
    assert again.standard_output == b"5\n"
    assert _eventually(lambda: _owned(engine, owner()) == [])


@pytest.mark.docker
def test_an_engine_that_falls_silent_does_not_hang_a_run(
    wire: Wire, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docker_run, "_LATE_SECONDS", 0.5)
    monkeypatch.setattr(docker_engine, "_ANSWER_SECONDS", 2)
    opened = open_sandbox("docker")
    loaded = opened.load(SLEEPER)
    running = loaded.start(Run(standard_input=b"1\n", limits=Limits(wall_seconds=1.0)))
    started = time.monotonic()

    wire.held = True
    outcome = running.wait()
    wire.held = False
    opened.close()

    assert outcome.ending is Ending.LOST
    assert time.monotonic() - started < 30
    assert _eventually(lambda: _owned(engine, owner()) == [])


@pytest.mark.docker
def test_a_case_that_cannot_be_sent_does_not_hang(wire: Wire, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker_engine, "_ANSWER_SECONDS", 2)
    opened = open_sandbox("docker")
    loaded = opened.load(DOUBLE)

    wire.held = True
    with pytest.raises(SandboxUnavailableError):
        loaded.start(Run(standard_input=b"1" * (8 << 20), limits=LIMITS))
    wire.held = False
    _eventually(lambda: _owned(engine, owner()) != [])  # what was asked for is made now, and nobody waits for it
    opened.close()

    assert _owned(engine, owner()) == []


@pytest.mark.docker
def test_an_image_that_is_missing_is_named_with_what_makes_it(engine: Engine) -> None:
    with pytest.raises(SandboxUnavailableError, match=r"'no-such-image:1'.*doctor --build-image"):
        open_sandbox("docker", settings=SandboxSettings(docker_image="no-such-image:1"))


@pytest.mark.docker
def test_an_image_without_python_is_refused(engine: Engine) -> None:
    engine.client.images.build(fileobj=BytesIO(b"FROM scratch\nLABEL empty=yes\n"), tag="ale-agent-test-empty", rm=True)
    opened = open_sandbox("docker", settings=SandboxSettings(docker_image="ale-agent-test-empty"))

    try:
        with pytest.raises(SandboxUnavailableError, match="python3"):
            opened.load(DOUBLE)
    finally:
        opened.close()
        engine.client.images.remove("ale-agent-test-empty")
    assert ours() == []


def test_no_engine_is_said_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such/socket")

    with pytest.raises(SandboxUnavailableError, match="unix:///no/such/socket failed"):
        open_sandbox("docker")


def test_an_image_is_not_packed_for_another_kind_of_machine() -> None:
    class Elsewhere:
        facts: dict[str, str] = {"OSType": "linux", "Architecture": "riscv64"}  # noqa: RUF012
        told = contextlib.nullcontext

    with pytest.raises(SandboxUnavailableError, match=r"linux riscv64.*--base python:3"):
        build_image(Elsewhere(), "x")  # type: ignore[arg-type]


@pytest.mark.docker
def test_verdicts_and_scores_are_those_of_the_local_sandbox(sandbox: Sandbox) -> None:
    local = open_sandbox("local")

    reports = [
        judge_run(Program(GUESS), fake_problem(interactive=True), [3, 49], sandbox=box, tools_factory=FakeTools)
        for box in (local, sandbox)
    ]
    local.close()

    assert [[(r.verdict, r.score) for r in report.values()] for report in reports] == [
        [(Verdict.ACCEPTED, reports[0][3].score), (Verdict.ACCEPTED, 1.0)]
    ] * 2


def test_messages_come_whole_out_of_any_pieces() -> None:
    sent = [Message("a", 1, {"x": [1, None]}, b"\0" * 70), Message("b"), Message("c", 2, {}, "ä".encode())]
    data = b"".join(message.pack() for message in sent)

    for size in (1, 7, len(data)):
        unpacker = Unpacker()
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        assert [message for piece in pieces for message in unpacker.feed(piece)] == sent


@pytest.mark.parametrize(
    "data",
    [
        b"\xff" * 8,
        b"\0\0\0\2\0\0\0\0[]",
        b"\0\0\0\1\0\0\0\0{",
        b"\0\0\0\x22\0\0\0\0" + b'{"kind": 1, "run": 1, "head": {} } ',
    ],
    ids=["length", "list", "broken", "kind"],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="message"):
        list(Unpacker().feed(data))


def test_the_environment_of_tests_is_what_ci_says() -> None:
    """In CI an engine must be there: this fails where the marked tests would only be skipped."""
    if os.environ.get("CI") == "true":
        open_docker().close()
