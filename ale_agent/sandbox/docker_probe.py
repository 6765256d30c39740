"""What a container engine offers for running untrusted programs, found by trying it."""

from __future__ import annotations

from dataclasses import dataclass

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.docker import DockerSandbox
from ale_agent.sandbox.docker_engine import Engine
from ale_agent.sandbox.docker_image import VERSIONS_LABEL, versions
from ale_agent.sandbox.protocol import Limits, Run

_ANSWER_SECONDS = 5
_TRIAL = 'def main():\n    print(input()[::-1])\n\nif __name__ == "__main__":\n    main()\n'


@dataclass(frozen=True, kw_only=True)
class Containers:
    """What was found.

    Parameters
    ----------
    engine
        Which one answers, empty if none does.
    image
        The image's name, with the versions in it where it says them.
    missing
        What keeps the Docker sandbox from being used, one sentence each.
    hints
        What could be better.
    """

    engine: str
    image: str
    missing: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether programs can be run in containers."""
        return not self.missing


def probe_containers(image: str) -> Containers:
    """Return what the engine offers; where all is there, a program was run in a container."""
    try:
        engine = Engine(answer_seconds=_ANSWER_SECONDS)
    except SandboxUnavailableError as error:
        return Containers(engine="", image=image, missing=(str(error),))
    try:
        facts = engine.facts
        name = f"engine {facts.get('ServerVersion', '?')} at {engine.address}, {facts.get('OperatingSystem', '?')}"
        labels = engine.image_labels(image)
    finally:
        engine.close()
    if labels is None:
        return Containers(engine=name, image=image, missing=(f"no image {image!r}: `ale-agent doctor --build-image`",))
    inside = labels.get(VERSIONS_LABEL, "versions unknown")
    hints = () if inside == versions() else (f"this machine has {versions()}: `ale-agent doctor --build-image`",)
    try:
        missing = _try(image)
    except SandboxUnavailableError as error:
        missing = (str(error),)
    return Containers(engine=name, image=f"{image} ({inside})", missing=missing, hints=hints)


def _try(image: str) -> tuple[str, ...]:
    sandbox = DockerSandbox(image=image, runs=1)
    try:
        loaded = sandbox.load(_TRIAL)
        if loaded.error:
            return (f"a program cannot be loaded in a container: {loaded.error}",)
        outcome = loaded.start(Run(standard_input=b"abc\n", limits=Limits(wall_seconds=20.0))).wait()
        if outcome.standard_output != b"cba\n":
            return (f"a program in a container did not answer: {outcome.ending}, {outcome.message}",)
    finally:
        sandbox.close()
    return ()
