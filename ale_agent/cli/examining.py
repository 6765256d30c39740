"""`doctor`: what this machine offers, and what to do about what is missing."""

from __future__ import annotations

import os
import platform
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from ale_agent.cli.output import print_json, told_errors

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OLLAMA_BASE_URL")


def doctor(
    home: Annotated[Path | None, typer.Option("--home", help="Where memory and attempts live.")] = None,
    as_json: Json = False,
) -> None:
    """Say what this machine offers: sandbox, cores, Docker, keys; and what to do about what is missing."""
    with told_errors(as_json):
        from ale_agent.sandbox import probe_machine
        from ale_agent.settings import load_settings, variables_present

        settings = load_settings(home)
        found = probe_machine()
        keys = variables_present(KEYS)
        docker = _docker()
        facts: dict[str, Any] = {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "cores": len(os.sched_getaffinity(0)),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "sandbox": dict(found.locks),
            "sandbox_usable": found.usable,
            "sandbox_missing": list(found.missing),
            "docker": docker,
            "keys": keys,
            "home": str(settings.home),
            "home_writable": _writable(settings.home),
            "home_free_gb": round(shutil.disk_usage(_existing(settings.home)).free / 2**30, 1),
        }
        if as_json:
            print_json(facts)
        else:
            _show(facts)


def _show(facts: dict[str, Any]) -> None:
    print(f"python   {facts['python']} on {facts['system']}")
    print(f"machine  {facts['cores']} cores, {facts['memory_gb']} GB")
    for what, by in facts["sandbox"].items():
        print(f"sandbox  {what}: {by}")
    for missing in facts["sandbox_missing"]:
        print(f"sandbox  MISSING: {missing}")
    print(f"docker   {facts['docker']}")
    present = [name for name, there in facts["keys"].items() if there]
    shown = ", ".join(present) or "none: the built-in strategist needs none; set one to use a model"
    print(f"keys     {shown}")
    state = "writable" if facts["home_writable"] else "NOT writable: set ALE_HOME or --home to a folder that is"
    print(f"home     {facts['home']} ({state}, {facts['home_free_gb']} GB free)")


def _docker() -> str:
    import docker
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env

    absent = "no engine answers: not needed unless the local sandbox is missing"
    address = str(kwargs_from_env().get("base_url") or "unix:///var/run/docker.sock")
    if address.startswith("unix://") and not Path(address.removeprefix("unix://")).exists():
        return absent
    try:
        client = docker.from_env(timeout=5, version="1.41")
        try:
            return f"engine {client.version()['Version']}"
        finally:
            client.close()
    except (DockerException, OSError):
        return absent


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _writable(path: Path) -> bool:
    return os.access(_existing(path), os.W_OK)
