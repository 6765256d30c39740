"""Opens the Docker sandbox for the tests; where no engine answers they are skipped, but never in CI."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pytest

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox import Sandbox, SandboxKind, open_sandbox
from ale_agent.sandbox.docker_engine import Engine
from ale_agent.sandbox.docker_image import VERSIONS_LABEL, build_image, versions
from ale_agent.settings import SandboxSettings

IMAGE = SandboxSettings().docker_image
SANDBOXES = ["local", pytest.param("docker", marks=pytest.mark.docker)]
"""What the contract's tests are run for."""


def open_docker() -> Sandbox:
    """Return the sandbox, with an image of this machine's versions."""
    missing = _missing()
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a container engine: {missing}", pytrace=False)
    if missing:
        pytest.skip(f"no container engine answers: {missing}")
    return open_sandbox("docker")


def open_kind(kind: SandboxKind, **options: Any) -> Sandbox:
    return open_docker() if kind == "docker" else open_sandbox(kind, **options)


@cache
def _missing() -> str:
    try:
        engine = Engine(answer_seconds=300)
    except SandboxUnavailableError as error:
        return str(error)
    try:
        labels = engine.image_labels(IMAGE)
        if labels is None or labels.get(VERSIONS_LABEL) != versions():
            build_image(engine, IMAGE)
    finally:
        engine.close()
    return ""
