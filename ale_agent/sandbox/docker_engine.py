"""A container engine, spoken to over any Docker-compatible socket: containers with every wall up, and none left behind.

A container has no network, no capability, no way to gain privileges, a read-only root, one small folder in memory, and
limits on memory, processes and processors. It lives as long as the connection to its first process: the engine
closes that process's input when we end or are killed, it ends, and the engine removes what is left. Where an engine did
not get to that, the next sandbox removes the containers whose owner is gone.
"""

from __future__ import annotations

import contextlib
import os
import platform
import socket
import struct
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.types import Ulimit
from docker.utils import kwargs_from_env
from requests.exceptions import RequestException

from ale_agent.errors import SandboxUnavailableError

LOCAL_ADDRESS = "unix:///var/run/docker.sock"
FOLDER = "/sandbox"
OWNER_LABEL, _OURS_LABEL = "ale-agent.owner", "ale-agent.sandbox"
_NOBODY = "65534:65534"
_FOLDER_OPTIONS = "rw,noexec,nosuid,nodev,size=512m,mode=1777"
_FOLDER_BYTES, _KEEPER_BYTES = 512 << 20, 512 << 20
_SPARE_PROCESSES, _PROCESSES_PER_RUN = 64, 8
_OPEN_FILES = 1024
_ANSWER_SECONDS = 30
_REMOVE_SECONDS, _REMOVE_PAUSE, _CONFLICT = 10.0, 0.05, 409
_FAULTS = (DockerException, RequestException, OSError)


@dataclass(frozen=True, kw_only=True)
class Size:
    """What a container may use.

    Parameters
    ----------
    memory_bytes
        Of all that runs in it, beside its own folder and its first process.
    runs
        How many programs run in it at once.
    """

    memory_bytes: int
    runs: int


class Container:
    """A container that was started, and the connection to its first process.

    Parameters
    ----------
    identity
        The engine's name for it.
    attached
        What the client gives: a socket, wrapped or not.
    """

    def __init__(self, identity: str, attached: Any) -> None:
        self.identity = identity
        self._attached = attached  # kept: what it belongs to closes the socket when it is collected
        self.socket: socket.socket = getattr(attached, "_sock", attached)
        self.socket.settimeout(None)  # for reading: a program may be silent for long
        with contextlib.suppress(OSError, AttributeError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _ANSWER_SECONDS, 0))

    def hang_up(self) -> None:
        """Close the connection; a thread that reads it comes to its end."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """Let go of the connection, when nobody reads it any more."""
        with contextlib.suppress(OSError, ValueError):
            getattr(self._attached, "_response", self.socket).close()
        with contextlib.suppress(OSError):
            self._attached.close()
            self.socket.close()


class Engine:
    """A connection to the engine that the environment names (``DOCKER_HOST`` and its kin), or to this machine's.

    Parameters
    ----------
    answer_seconds
        How long it may take to answer; half a minute if None.

    Raises
    ------
    SandboxUnavailableError
        No engine answers.
    """

    def __init__(self, *, answer_seconds: int | None = None) -> None:
        self.address = str(kwargs_from_env().get("base_url") or LOCAL_ADDRESS)
        with self.told():
            _knock(self.address)
            self.client: Any = docker.from_env(timeout=answer_seconds or _ANSWER_SECONDS)
        try:
            with self.told():
                self.facts: dict[str, Any] = self.client.info()
        except BaseException:
            self.client.close()
            raise
        self._name = uuid.uuid4().hex
        self._processors = int(self.facts.get("NCPU") or os.cpu_count() or 1)

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Turn the many errors of the client into ours."""
        try:
            yield
        except _FAULTS as error:
            reason = getattr(error, "explanation", None) or str(error) or type(error).__name__
            raise SandboxUnavailableError(
                f"the container engine at {self.address} failed: {reason}; "
                "`ale-agent doctor` says what is there, DOCKER_HOST names another engine"
            ) from error

    def image_labels(self, name: str) -> dict[str, str] | None:
        """Return an image's labels, or None where there is no such image."""
        with self.told():
            try:
                return dict(self.client.images.get(name).labels)
            except ImageNotFound:
                return None

    def run(self, image: str, command: list[str], size: Size) -> Container:
        """Start a container whose first process ends when the connection to it does.

        Raises
        ------
        SandboxUnavailableError
            The image is missing, or the engine does not do it.
        """
        api = self.client.api
        with self.told():
            try:
                made = api.create_container(
                    image,
                    entrypoint=command,
                    user=_NOBODY,
                    stdin_open=True,
                    network_disabled=True,
                    hostname="sandbox",
                    labels={OWNER_LABEL: owner(), _OURS_LABEL: self._name},
                    use_config_proxy=False,
                    host_config=api.create_host_config(**self._walls(size)),
                )
            except ImageNotFound:
                raise SandboxUnavailableError(
                    f"the engine has no image {image!r}; `ale-agent doctor --build-image` makes it, "
                    "docker_image in [sandbox] of the settings names another"
                ) from None
            identity: str = made["Id"]
            container: Container | None = None
            try:
                flags = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                container = Container(identity, api.attach_socket(identity, flags))
                api.start(identity)
            except BaseException:
                self.remove(identity)
                if container is not None:
                    container.forget()
                raise
        return container

    def _walls(self, size: Size) -> dict[str, Any]:
        memory = size.memory_bytes + _FOLDER_BYTES + _KEEPER_BYTES
        return {
            "network_mode": "none",
            "ipc_mode": "none",
            "read_only": True,
            "tmpfs": {FOLDER: _FOLDER_OPTIONS},
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges"],
            "mem_limit": memory,
            "memswap_limit": memory,
            "pids_limit": _SPARE_PROCESSES + _PROCESSES_PER_RUN * size.runs,
            "nano_cpus": min(size.runs + 1, self._processors) * 10**9,
            "ulimits": [
                Ulimit(name="nofile", soft=_OPEN_FILES, hard=_OPEN_FILES),
                Ulimit(name="core", soft=0, hard=0),
                Ulimit(name="nproc", soft=4096, hard=4096),
            ],
            "log_config": {"Type": "none"},
            "auto_remove": True,
        }

    def remove(self, identity: str) -> None:
        """Kill and remove a container, and wait until it is gone; harmless when it or the engine is gone already."""
        deadline = time.monotonic() + _REMOVE_SECONDS
        with contextlib.suppress(*_FAULTS):
            while time.monotonic() < deadline:
                try:
                    self.client.api.remove_container(identity, force=True)
                except NotFound:
                    return
                except APIError as error:
                    if error.status_code != _CONFLICT:
                        raise
                    time.sleep(_REMOVE_PAUSE)  # the engine is at it, because the container has ended

    def sweep(self) -> list[str]:
        """Remove the containers whose owner on this machine is gone; returns them."""
        with self.told():
            listed = self.client.api.containers(all=True, filters={"label": OWNER_LABEL})
        gone = [one["Id"] for one in listed if is_gone(one.get("Labels", {}).get(OWNER_LABEL, ""))]
        for identity in gone:
            self.remove(identity)
        return gone

    def close(self) -> None:
        """Remove what it still has of ours, such as a container whose making was given up, and close the connection."""
        with contextlib.suppress(*_FAULTS):
            for one in self.client.api.containers(all=True, filters={"label": f"{_OURS_LABEL}={self._name}"}):
                self.remove(one["Id"])
        self.client.close()


def _knock(address: str) -> None:
    """Connect and hang up: for a unix socket that nobody listens on the client would leave its own end open."""
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(_ANSWER_SECONDS)
            door.connect(address.removeprefix("unix://"))


def owner(pid: int | None = None) -> str:
    """Return who a process is, this one by default: its machine since its start, its number there, when it started."""
    pid = os.getpid() if pid is None else pid
    return f"{_machine()} {pid} {_started(pid)}"


def is_gone(who: str) -> bool:
    """Return whether a process of this machine is certainly gone; of another machine's nothing is known."""
    machine, _, rest = who.partition(" ")
    pid, _, started = rest.partition(" ")
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _started(int(pid)) != started


def _machine() -> str:
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{os.readlink('/proc/self/ns/pid')}"
    return platform.node()


def _started(pid: int) -> str:
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19].decode()
    return ""
