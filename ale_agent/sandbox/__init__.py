"""Where untrusted programs run: the protocol, and what implements it on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.local import LocalSandbox
from ale_agent.sandbox.none import UNLOCKED, UnlockedProgramsWarning, open_unlocked
from ale_agent.sandbox.probe import Capabilities, probe_machine
from ale_agent.sandbox.protocol import Cold, Ending, Limits, Loaded, Outcome, RefusedError, Run, Running, Sandbox
from ale_agent.settings import SandboxSettings

_DEFAULTS = SandboxSettings()
SandboxKind = Literal["auto", "local", "docker", "none"]

__all__ = [
    "UNLOCKED",
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
    kind: SandboxKind = "auto", *, folder: Path | None = None, settings: SandboxSettings = _DEFAULTS
) -> Sandbox:
    """Return the sandbox of that kind, ready for programs.

    Parameters
    ----------
    kind
        ``auto`` is what the settings say, the local one by default; ``none`` locks nothing and warns.
    folder
        Where temporary folders are made; the system's place if None. Containers need none.
    settings
        What the user chose.

    Raises
    ------
    SandboxUnavailableError
        This machine cannot lock files or network, or has no container engine with that image; the message says what is
        missing and what to do.
    """
    kind = settings.kind if kind == "auto" else kind
    if kind == "none":
        return open_unlocked(folder)
    if kind == "docker":
        from ale_agent.sandbox.docker import DockerSandbox  # the engine's client costs every start a quarter second

        return DockerSandbox(image=settings.docker_image)
    capabilities = probe_machine()
    if not capabilities.usable:
        reasons = "; ".join(capabilities.missing)
        raise SandboxUnavailableError(
            f"untrusted programs cannot be locked here: {reasons}. "
            "--sandbox docker locks them in containers, "
            "--sandbox none runs them with all your rights, for programs you trust"
        )
    return LocalSandbox(folder=folder)
