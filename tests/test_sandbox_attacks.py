"""The sandbox's contract: every attack is held, one test each."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from containers import SANDBOXES, open_kind

from ale_agent.sandbox import Sandbox, open_sandbox
from ale_agent.sandbox.attacks import ATTACKS, Attack
from ale_agent.sandbox.checks import check_still_works, run_attack

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module", params=SANDBOXES)
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    opened = open_kind(request.param, folder=tmp_path_factory.mktemp("sandbox"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    private = tmp_path_factory.mktemp("private") / "answers.txt"
    private.write_text("42")
    victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    yield {"private": str(private), "outside": str(private.parent), "victim": str(victim.pid)}
    victim.kill()
    victim.wait()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_sandbox_holds(attack: Attack, sandbox: Sandbox, values: dict[str, str]) -> None:
    result = run_attack(sandbox, attack, values)

    assert result.held, result.detail


def test_an_honest_program_works_beside_the_attacks(sandbox: Sandbox) -> None:
    assert check_still_works(sandbox).held


def test_keys_of_the_user_do_not_reach_a_program(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-value")
    attack = Attack("keys", 'import os\nif "secret-value" in str(os.environ): print("escaped")\n')

    assert run_attack(sandbox, attack, {}).held


def test_an_attack_that_succeeds_is_reported(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="all your rights"):
        unlocked = open_sandbox("none", folder=tmp_path)
    attack = next(attack for attack in ATTACKS if attack.name == "network: UDP")

    try:
        assert not run_attack(unlocked, attack, {}).held
    finally:
        unlocked.close()


def test_nothing_is_left_of_attacked_programs(tmp_path: Path) -> None:
    opened = open_sandbox("local", folder=tmp_path)
    attack = next(attack for attack in ATTACKS if attack.name == "worker: answering for itself")
    run_attack(opened, attack, {})
    opened.close()

    assert list(tmp_path.iterdir()) == []
    assert str(tmp_path) not in [_folder_of(name) for name in os.listdir("/proc") if name.isdigit()]


def _folder_of(pid: str) -> str:
    try:
        return str(Path(os.readlink(f"/proc/{pid}/cwd")).parent.parent)
    except OSError:
        return ""
