"""Where untrusted programs run: the protocol, and what implements it on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.local import LocalSandbox
from ale_agent.sandbox.none import UnlockedProgramsWarning, open_unlocked
from ale_agent.sandbox.probe import Capabilities, probe_machine
from ale_agent.sandbox.protocol import Cold, Ending, Limits, Loaded, Outcome, RefusedError, Run, Running, Sandbox

SandboxKind = Literal["auto", "local", "docker", "none"]
DOCKER_IMAGE = "ale-agent-sandbox:latest"

__all__ = [
    "DOCKER_IMAGE",
    "Capabilities",
    "Cold",
    "Ending",
    "Limits",
    "Loaded",
    "LocalSandbox",
    "Outcome",
    "RefusedError",
    "Run",
    "Running",
    "Sandbox",
    "SandboxKind",
    "UnlockedProgramsWarning",
    "open_sandbox",
    "probe_machine",
]


def open_sandbox(
    kind: SandboxKind = "auto", *, folder: Path | None = None, docker_image: str = DOCKER_IMAGE
) -> Sandbox:
    """Return the sandbox of that kind, ready for programs; ``auto`` is the local one.

    Parameters
    ----------
    kind
        ``none`` locks nothing and warns; it is never chosen by ``auto``.
    folder
        Where temporary folders are made; the system's place if None. Containers need none.
    docker_image
        What containers start from.

    Raises
    ------
    SandboxUnavailableError
        This machine cannot lock files or network, or has no container engine with that image; the message says what is
        missing and what to do.
    """
    if kind == "none":
        return open_unlocked(folder)
    if kind == "docker":
        from ale_agent.sandbox.docker import DockerSandbox  # the engine's client costs every start a quarter second

        return DockerSandbox(image=docker_image)
    capabilities = probe_machine()
    if not capabilities.usable:
        reasons = "; ".join(capabilities.missing)
        raise SandboxUnavailableError(
            f"untrusted programs cannot be locked here: {reasons}. "
            "--sandbox docker locks them in containers, "
            "--sandbox none runs them with all your rights, for programs you trust"
        )
    return LocalSandbox(folder=folder)
