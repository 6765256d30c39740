"""`doctor`: what this machine offers, and what to do about what is missing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from ale_agent.cli.output import print_json, told_errors
from ale_agent.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")]
_BUILD_SECONDS = 900
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OLLAMA_BASE_URL")


def doctor(
    home: Annotated[Path | None, typer.Option("--home", help="Where memory and attempts live.")] = None,
    build_image: Annotated[
        bool, typer.Option("--build-image", help="First make the image for --sandbox docker, of this machine's Python.")
    ] = False,
    base: Annotated[
        str | None, typer.Option("--base", help="Make it from this image instead, such as python:3.13-slim.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what this machine offers: sandbox, cores, Docker, keys; and what to do about what is missing."""
    with told_errors(as_json):
        from ale_agent.sandbox import probe_machine
        from ale_agent.settings import load_settings, variables_present

        settings = load_settings(home)
        if base is not None and not build_image:
            raise UsageError("--base says what --build-image starts from; it means nothing alone")
        if build_image:
            _build(settings.sandbox.docker_image, base)
        found = probe_machine()
        keys = variables_present(KEYS)
        facts: dict[str, Any] = {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()} {platform.machine()}",
            "cores": len(os.sched_getaffinity(0)),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "sandbox": dict(found.locks),
            "sandbox_usable": found.usable,
            "sandbox_missing": list(found.missing),
            "docker": _docker(settings.sandbox.docker_image),
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
    _show_docker(facts["docker"])
    present = [name for name, there in facts["keys"].items() if there]
    shown = ", ".join(present) or "none: the built-in strategist needs none; set one to use a model"
    print(f"keys     {shown}")
    state = "writable" if facts["home_writable"] else "NOT writable: set ALE_HOME or --home to a folder that is"
    print(f"home     {facts['home']} ({state}, {facts['home_free_gb']} GB free)")


def _show_docker(facts: dict[str, Any]) -> None:
    print(f"docker   {facts['engine'] or 'no engine answers'}")
    if facts["engine"]:
        print(f"docker   image {facts['image']}")
    for missing in facts["missing"]:
        print(f"docker   missing: {missing}")
    for hint in facts["hints"]:
        print(f"docker   {hint}")
    print(
        f"docker   --sandbox docker {'works' if facts['usable'] else 'cannot be used; the local sandbox needs no engine'}"
    )


def _docker(image: str) -> dict[str, Any]:
    from ale_agent.sandbox.docker_probe import probe_containers

    found = probe_containers(image)
    return {
        "usable": found.usable, "engine": found.engine, "image": found.image,
        "missing": list(found.missing), "hints": list(found.hints),
    }  # fmt: skip


def _build(image: str, base: str | None) -> None:
    from ale_agent.sandbox.docker_engine import Engine
    from ale_agent.sandbox.docker_image import build_image, versions

    print(f"making {image} from {base or 'this Python'}: {versions()}", file=sys.stderr, flush=True)
    with closing(Engine(answer_seconds=_BUILD_SECONDS)) as engine:
        build_image(engine, image, base)


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _writable(path: Path) -> bool:
    return os.access(_existing(path), os.W_OK)
