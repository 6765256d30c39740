"""Our end of a loaded program: starts its process, has it load, and has it fork once a case under supervision."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ale_agent.clock import queued_seconds
from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox import processes, seccomp, seccomp_notice, syscalls
from ale_agent.sandbox.folders import explained
from ale_agent.sandbox.protocol import Limits, RefusedError, Run
from ale_agent.sandbox.supervise import ProcessRun, cpu_seconds_of

_START_SECONDS = 30.0
_LOAD_WALL_FACTOR = 5.0
_FREE_CPU_PER_START = 0.05
_EXTRA_LOAD_BYTES = 2 << 30
_COMPILER_BYTES = 512 << 20
"""What a loaded program may hold beyond a case's memory, so that several of them do not fill the machine's."""
_CREDENTIALS = struct.Struct("iii")
_SOLVER_FILE = "solver.py"
_KEPT_ERROR_BYTES = 4096


class _EndedError(SandboxUnavailableError):
    """The process ended before it said whether it could lock itself."""


class Server:
    """A process that holds one loaded program: `ale_agent.sandbox.protocol.Loaded` for this machine.

    Parameters
    ----------
    source
        The program's text.
    folder
        An empty folder for it, removed at the end.
    spawner
        Starts the process.
    locked
        Whether it locks itself.
    cpu_seconds, memory_bytes
        What loading may use.
    cancelled
        Gives up loading when it is set.
    """

    def __init__(
        self,
        source: str,
        folder: Path,
        *,
        spawner: processes.Spawner,
        locked: bool,
        cpu_seconds: float,
        memory_bytes: int,
        cancelled: threading.Event,
    ) -> None:
        self.error = ""
        self.load_seconds = 0.0
        self._folder = folder
        self._locked = locked
        self._most_resident_bytes = memory_bytes + _COMPILER_BYTES
        self._starting = threading.Lock()
        self._closing = threading.Lock()
        self._running: set[ProcessRun] = set()
        self._listener: int | None = None
        self._accounted_cpu = 0.0
        self._starts = 0
        self.closed = False
        self.killed = False
        """Whether somebody else killed it before it had loaded, which says nothing of the program."""
        self._exit_code: int | None = None
        with explained(folder):
            (folder / _SOLVER_FILE).write_text(source, encoding="utf-8")
        self._control, self._errors, self.pid = self._spawn(spawner, memory_bytes + _EXTRA_LOAD_BYTES)
        try:
            self._await_lock()
            self._await_load(cpu_seconds, cancelled)
        except BaseException as error:
            self.close()
            self.killed = isinstance(error, _EndedError) and self._exit_code == -signal.SIGKILL
            if not self.killed:
                raise
            self.error = "the program's process was killed while it started"

    def _spawn(self, spawner: processes.Spawner, memory_bytes: int) -> tuple[socket.socket, socket.socket, int]:
        """Start it; returns our ends of its control socket and of its standard error, and the process."""
        control, control_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        errors, errors_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        # Its cases can open again what it holds, so that is nothing that keeps what one of them writes: no pipe.
        null = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
        errors.setblocking(False)
        arguments = [str(os.getpid()), str(self._folder), str(memory_bytes), "locked" if self._locked else "open"]
        try:
            descriptors = {0: null, 1: null, 2: errors_end.fileno(), processes.CONTROL: control_end.fileno()}
            pid = spawner.spawn("server", arguments, self._folder, descriptors, {})
        except BaseException:
            control.close()
            errors.close()
            raise
        finally:
            control_end.close()
            errors_end.close()
            os.close(null)
        return control, errors, pid

    def _await_lock(self) -> None:
        """Receive the proof that it is locked; until then nothing untrusted runs in it."""
        self._control.settimeout(_START_SECONDS)
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        except OSError as error:
            raise SandboxUnavailableError(f"the sandboxed process did not start: {error}") from error
        if message != b"locked" or len(descriptors) != self._locked:
            reason = message.decode(errors="replace") or self._error_text() or "it ended"
            kind = SandboxUnavailableError if message else _EndedError
            raise kind(
                f"this machine cannot lock untrusted programs ({reason}); `ale-agent doctor` says what is missing, "
                "--sandbox docker locks them in a container, --sandbox none runs them unlocked"
            )
        if self._locked:
            self._listener = descriptors[0]

    def _await_load(self, cpu_seconds: float, cancelled: threading.Event) -> None:
        started_cpu = cpu_seconds_of(self.pid)
        started = time.monotonic()
        most = _LOAD_WALL_FACTOR * cpu_seconds + 10.0
        with contextlib.suppress(OSError):  # it was killed: then there is no reply either
            self._control.send(_SOLVER_FILE.encode())
        reply: bytes | None = None
        kept = b""
        while reply is None:
            ready = select.select([self._control, self._errors], [], [], 0.1)[0]
            if self._errors in ready:
                with contextlib.suppress(OSError):
                    kept = (kept + self._errors.recv(1 << 16))[-_KEPT_ERROR_BYTES:]
            if self._control in ready:
                reply = _received(self._control)
            if cancelled.is_set():
                self.error = "loading was cancelled"
                break
            if processes.resident_bytes(self.pid) > self._most_resident_bytes:
                self.error = f"loading used more than {self._most_resident_bytes >> 20} MiB of memory"
                break
            used = cpu_seconds_of(self.pid) - started_cpu
            waited = min(queued_seconds(self.pid) or 0.0, most)  # for a processor, which is not the program's fault
            if used > cpu_seconds or time.monotonic() - started - waited > most:
                self.error = f"loading took longer than {cpu_seconds:.0f} s (compilation and warm_up included)"
                break
        self.load_seconds = max(cpu_seconds_of(self.pid) - started_cpu, 0.0)
        if reply is not None:
            self.error = _load_error(reply, kept.decode(errors="replace"))
        if self.error:
            self.close()
            self.killed = reply == b"" and self._exit_code == -signal.SIGKILL
        self._accounted_cpu = cpu_seconds_of(self.pid)

    def start(self, run: Run) -> ProcessRun:
        """Have it fork, make sure of the new process, hand it its case.

        Raises
        ------
        RefusedError
            The loaded program is dead or does something else than it was asked.
        """
        with self._starting:
            if self.closed or self.error:
                raise RefusedError(self.error or "the loaded program was closed")
            gate, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                gate.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
                inode = os.fstat(theirs.fileno()).st_ino
                self._ask_for_fork(theirs)
                pid = self._await_child(gate)
                self._await_server()
                running = self._admit(pid, inode, gate, run)
            except BaseException as error:
                if isinstance(error, RefusedError):
                    self._give_up(str(error))
                self._reap_strays()
                raise
            finally:
                gate.close()
            return running

    def _ask_for_fork(self, gate: socket.socket) -> None:
        try:
            socket.send_fds(self._control, [b"case"], [gate.fileno()])
        except OSError as error:
            raise RefusedError(f"the loaded program ended by itself: {error}") from error
        finally:
            gate.close()

    def _await_child(self, gate: socket.socket) -> int:
        """Let one clone through and return the process that reports: the kernel says which it is."""
        deadline = time.monotonic() + _START_SECONDS
        granted, clone = self._listener is None, _numbered(("clone", seccomp.CLONE_FLAGS))
        poll = select.poll()
        poll.register(gate, select.POLLIN)
        poll.register(self._control, select.POLLHUP)
        if self._listener is not None:
            poll.register(self._listener, select.POLLIN)
        while time.monotonic() < deadline:
            for descriptor, event in poll.poll(1000):
                if descriptor == self._listener and event & select.POLLIN:
                    granted |= seccomp_notice.answer(self._listener, self.pid, clone, grant=not granted)
                elif descriptor == gate.fileno() and granted:
                    return self._reported_pid(gate)
                else:
                    raise RefusedError("the loaded program ended by itself")
        raise RefusedError(f"the loaded program did not start a case within {_START_SECONDS:.0f} s")

    def _await_server(self) -> None:
        """Wait until the server says that it has let go of the case's connection; whether it has is checked."""
        if not _received(self._control):
            raise RefusedError("the loaded program ended by itself")

    def _reported_pid(self, gate: socket.socket) -> int:
        message, ancillary, _, _ = gate.recvmsg(64, socket.CMSG_LEN(_CREDENTIALS.size))
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS and message == b"here":
                pid: int = _CREDENTIALS.unpack(data)[0]
                return pid
        raise RefusedError("the loaded program did not start the case properly")

    def _admit(self, pid: int, gate_inode: int, gate: socket.socket, run: Run) -> ProcessRun:
        """Check that the new process shares nothing with anybody, set its limits, hand it its case."""
        known = {self.pid, *(other.pid for other in self._running)}
        if pid in known or processes.parent_and_session(pid) != (os.getpid(), self.pid):
            raise RefusedError("the loaded program answered for its case itself")
        name = f"socket:[{gate_inode}]"
        if self._locked and processes.descriptors_of(pid) != [name]:
            raise RefusedError("the case's process holds files of the loaded program")
        if self._locked and name in processes.descriptors_of(self.pid):
            raise RefusedError("the loaded program keeps its case's connection")
        if processes.resident_bytes(self.pid) > self._most_resident_bytes:
            raise RefusedError(f"the loaded program holds more than {self._most_resident_bytes >> 20} MiB of memory")
        if self._listener is not None:
            for option in (seccomp.PR_SET_PDEATHSIG, seccomp.PR_SET_DUMPABLE):
                self._await_call(pid, gate, ("prctl", option))
        _limit(pid, run.limits)
        running = _hand_over(pid, gate, run, self._foreign_clock(), self._running.discard)
        self._running.add(running)
        return running

    def _await_call(self, pid: int, gate: socket.socket, call: tuple[str, int]) -> None:
        """Have the case, which holds nothing yet, do to itself what keeps it from outliving us or meeting others."""
        assert self._listener is not None
        deadline = time.monotonic() + _START_SECONDS
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(gate, select.POLLHUP)
        while time.monotonic() < deadline:
            for descriptor, event in poll.poll(1000):
                if descriptor != self._listener or not event & select.POLLIN:
                    raise RefusedError("the case's process ended before it began")
                if seccomp_notice.answer(self._listener, pid, _numbered(call)):
                    return
        raise RefusedError(f"the case's process does not call {call[0]}({call[1]})")

    def _foreign_clock(self) -> Callable[[], float]:
        """Return what tells the processor time that the server itself spends on more than starting cases."""
        spent = cpu_seconds_of(self.pid)
        surplus = max(spent - self._accounted_cpu - _FREE_CPU_PER_START, 0.0)
        self._accounted_cpu = spent
        self._starts += 1
        starts = self._starts

        def foreign() -> float:
            free = _FREE_CPU_PER_START * (self._starts - starts + 2)  # one may be under way
            return surplus + max(cpu_seconds_of(self.pid) - spent - free, 0.0)

        return foreign

    def _give_up(self, reason: str) -> None:
        """Let a server that broke the rules start nothing more, so that it cannot keep us waiting for every case."""
        self.error = reason
        if not self.closed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _reap_strays(self) -> None:
        """End what was forked but is not known: possible only if the program meddled with its server."""
        processes.kill_session(self.pid, spare={self.pid, *(running.pid for running in self._running)})

    def _error_text(self) -> str:
        with contextlib.suppress(OSError):
            return self._errors.recv(_KEPT_ERROR_BYTES).decode(errors="replace").strip()
        return ""

    def close(self) -> None:
        """End it and whatever still runs of it; harmless when repeated."""
        with self._closing:
            if self.closed:
                return
            self.closed = True
            for running in list(self._running):
                running.cancel()
            processes.kill_session(self.pid, spare={self.pid, *(running.pid for running in list(self._running))})
            self._exit_code = processes.kill_and_wait(self.pid)
            self._control.close()
            self._errors.close()
            if self._listener is not None:
                os.close(self._listener)
            processes.remove_folder(self._folder)


def _received(channel: socket.socket) -> bytes:
    """Return the next message, nothing at its end: one that was killed before it read all is gone as well."""
    try:
        return channel.recv(1 << 16)
    except OSError:
        return b""


def _numbered(call: tuple[str, int]) -> tuple[int, int]:
    machine = syscalls.architecture()
    assert machine is not None  # or it would not have started
    return syscalls.number(call[0], machine), call[1]


def _load_error(reply: bytes, standard_error: str) -> str:
    if not reply:
        return "the program ended its process while it was loaded\n" + standard_error
    try:
        return str(json.loads(reply)["error"])
    except (ValueError, KeyError, TypeError):
        return "the program answered for its server while it was loaded"


def _limit(pid: int, limits: Limits) -> None:
    """Set a case's limits from outside."""
    address_space = processes.address_space_bytes(pid) + limits.memory_bytes
    current = resource.prlimit(pid, resource.RLIMIT_AS)[1]
    if current != resource.RLIM_INFINITY:
        address_space = min(address_space, current)
    resource.prlimit(pid, resource.RLIMIT_AS, (address_space, address_space))
    seconds = int(limits.wall_seconds if limits.cpu_seconds is None else limits.cpu_seconds) + 2
    resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds + 1))


def _hand_over(
    pid: int, gate: socket.socket, run: Run, foreign_cpu: Callable[[], float], forget: Callable[[ProcessRun], None]
) -> ProcessRun:
    pipes = processes.Pipes.open(run.standard_input)
    try:
        started = time.monotonic()
        settings = json.dumps(dict(run.environment)).encode()
        socket.send_fds(gate, [settings], pipes.theirs)
    except OSError as error:
        pipes.close_ours()
        raise RefusedError(f"the case's process is gone: {error}") from error
    finally:
        pipes.close_theirs()
    return ProcessRun(
        pid,
        run.limits,
        standard_output=pipes.output if run.standard_input is not None else None,
        standard_error=pipes.error,
        channels=pipes.channels,
        started=started,
        foreign_cpu=foreign_cpu,
        at_end=forget,
    )
