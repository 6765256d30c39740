"""The settings file and the home."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ale_agent.errors import SettingsError
from ale_agent.settings import SETTINGS_BYTES_MAX, Settings, load_settings, settings_from_toml, variables_present


def test_empty_file_equals_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("")
    assert load_settings(tmp_path) == Settings(home=tmp_path)


def test_no_file_equals_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings(home=tmp_path)


def test_keys_take_the_place_of_defaults(tmp_path: Path) -> None:
    text = '[budget]\nseconds = 60\nmax_usd = 1.5\n[memory]\nenabled = false\n[evaluation]\nclock = "wall"\n'
    settings = settings_from_toml(text, home=tmp_path)
    assert (settings.budget.seconds, settings.budget.max_usd) == (60.0, 1.5)
    assert settings.memory.enabled is False
    assert settings.evaluation.clock == "wall"
    assert settings.tuning == Settings(home=tmp_path).tuning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[bugdet]\n", r"unknown section \[bugdet\]; did you mean budget\?"),
        ("[budget]\nsecond = 3\n", r"budget\.second: unknown key; did you mean seconds\?"),
        ("home = '/x'\n", "unknown section"),
        ("budget = 3\n", "must be a table"),
        ("[budget]\nseconds = 0\n", "at least 1, got 0"),
        ("[budget]\nseconds = nan\n", "must be finite"),
        ("[budget]\nseconds = true\n", "must be a number, got True"),
        ("[budget]\nmax_calls = 1.5\n", "must be an integer, got 1.5"),
        ("[evaluation]\nworkers = 5000\n", "at most 4096"),
        ("[evaluation]\nclock = 'sun'\n", "one of 'cpu', 'wall'"),
        ("[sandbox]\nkind = []\n", "one of 'local'"),
        ("[memory]\nenabled = 1\n", "true or false"),
        ('[memory]\nfile = "a\\u0000b"\n', "NUL"),
        ("[budget\n", "not valid TOML"),
    ],
)
def test_wrong_files_are_refused_by_key_and_rule(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings_from_toml(text, home=tmp_path)


def test_home_comes_from_the_environment(tmp_path: Path) -> None:
    assert load_settings(environ={"ALE_HOME": str(tmp_path / "h")}).home == tmp_path / "h"


def test_named_home_wins_over_the_environment(tmp_path: Path) -> None:
    assert load_settings(tmp_path, environ={"ALE_HOME": "/elsewhere"}).home == tmp_path


def test_without_a_home_the_platform_says_where() -> None:
    assert load_settings(environ={}).home.name == "ale-agent"


@pytest.mark.parametrize("value", ["", "  ", "a\0b"])
def test_senseless_home_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="ALE_HOME"):
        load_settings(environ={"ALE_HOME": value})


def test_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(SettingsError, match="is a file"):
        load_settings(environ={"ALE_HOME": str(tmp_path / "f")})


def test_settings_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(tmp_path)


def test_huge_settings_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"#" * (SETTINGS_BYTES_MAX + 1))
    with pytest.raises(SettingsError, match="larger than"):
        load_settings(tmp_path)


def test_a_folder_in_place_of_the_settings_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="regular file"):
        load_settings(tmp_path)


def test_paths_lie_in_the_home_unless_absolute(tmp_path: Path) -> None:
    settings = settings_from_toml('[memory]\nfile = "/data/m.db"\n', home=tmp_path)
    assert settings.memory_path == Path("/data/m.db")
    assert settings.attempts_path.parent == settings.compiled_path.parent == tmp_path


def test_presence_of_variables_is_told_without_their_values() -> None:
    assert variables_present(["A", "B", "C"], {"A": "secret", "B": ""}) == {"A": True, "B": False, "C": False}


@given(st.text(alphabet='[]budgetsecon=1.5"\n #{}x', max_size=80))
def test_any_text_is_settings_or_a_settings_error(text: str) -> None:
    try:
        settings = settings_from_toml(text, home=Path("/h"))
    except SettingsError:
        return
    assert settings.budget.seconds >= 1
