"""The settings: nested frozen values with their defaults, read from an optional ``settings.toml`` in the home.

The only module that reads the environment. An empty file, and no file at all, give the defaults; an unknown key is
refused by name. What is *not* here: anything that belongs to one problem (its ``problem.toml``) or one run (options).
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import os
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Any, Literal

from ale_agent.errors import SettingsError

SETTINGS_FILE = "settings.toml"
SETTINGS_BYTES_MAX = 1 << 20
_SECRET_NAMES = ("KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIALS")
_SHORTEST_SECRET = 6


@dataclass(frozen=True, kw_only=True)
class BudgetSettings:
    """What one attempt may spend; ``None`` (an absent key) is no cap.

    Parameters
    ----------
    seconds
        Wall time of one attempt.
    max_usd, max_tokens, max_calls
        Caps on what a language model may cost.
    """

    seconds: float = field(default=180.0, metadata={"low": 1.0, "high": 3.2e7})
    max_usd: float | None = field(default=None, metadata={"low": 0.0})
    max_tokens: int | None = field(default=None, metadata={"low": 0})
    max_calls: int | None = field(default=None, metadata={"low": 0})


@dataclass(frozen=True, kw_only=True)
class EvaluationSettings:
    """How candidates are measured.

    Parameters
    ----------
    workers
        Cases that run at the same time; 0 is one for each core.
    clock
        The clock of the search; finalists are always confirmed on wall time.
    search_cases
        At most so many cases decide between two candidates.
    confirm_cases
        Fresh cases a finalist is confirmed on.
    """

    workers: int = field(default=0, metadata={"low": 0, "high": 4096})
    clock: Literal["cpu", "wall"] = "cpu"
    search_cases: int = field(default=48, metadata={"low": 2, "high": 100_000})
    confirm_cases: int = field(default=10, metadata={"low": 1, "high": 100_000})


@dataclass(frozen=True, kw_only=True)
class SandboxSettings:
    """Where untrusted programs run.

    Parameters
    ----------
    kind
        What ``--sandbox auto`` is; ``none`` must be asked for and is never fallen back to.
    docker_image
        The image that containers start from; `ale-agent doctor --build-image` makes it.
    """

    kind: Literal["local", "docker", "none"] = "local"
    docker_image: str = "ale-agent-sandbox:latest"


@dataclass(frozen=True, kw_only=True)
class TuningSettings:
    """How much of an attempt goes into constants.

    Parameters
    ----------
    share
        Part of the budget's time that tuning may use.
    max_trials
        Trials of one study at most.
    remembered
        Remembered settings that are tried first.
    """

    share: float = field(default=0.3, metadata={"low": 0.0, "high": 1.0})
    max_trials: int = field(default=200, metadata={"low": 0, "high": 1_000_000})
    remembered: int = field(default=4, metadata={"low": 0, "high": 1000})


@dataclass(frozen=True, kw_only=True)
class MemorySettings:
    """The strategy memory.

    Parameters
    ----------
    enabled
        Whether attempts recall from it and write to it.
    file
        The store's name inside the home, or an absolute path.
    busy_seconds
        How long a write waits for another process.
    recall_limit
        Strategies recalled for one problem.
    embeddings
        An embedding model as pydantic-ai names it (``openai:text-embedding-3-small``), to compare a statement with
        strategies by meaning too; empty: by their words alone.
    """

    enabled: bool = True
    file: str = "memory.db"
    busy_seconds: float = field(default=10.0, metadata={"low": 0.0, "high": 3600.0})
    recall_limit: int = field(default=8, metadata={"low": 1, "high": 1000})
    embeddings: str = ""


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The language model; an empty name is the built-in strategist."""

    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one process, with the home they belong to."""

    home: Path
    budget: BudgetSettings = BudgetSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    sandbox: SandboxSettings = SandboxSettings()
    tuning: TuningSettings = TuningSettings()
    memory: MemorySettings = MemorySettings()
    model: ModelSettings = ModelSettings()

    @property
    def memory_path(self) -> Path:
        """Where the strategy memory lies."""
        return self.home / self.memory.file

    @property
    def embeddings_path(self) -> Path:
        """Where vectors of strategies' texts are kept; derived data, may be deleted."""
        return self.home / "embeddings.db"

    @property
    def attempts_path(self) -> Path:
        """The folder new attempts are made in."""
        return self.home / "attempts"

    @property
    def compiled_path(self) -> Path:
        """The folder compiled programs are kept in."""
        return self.home / "compiled"


def load_settings(home: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a home.

    Parameters
    ----------
    home
        The home; by default ``ALE_HOME``, and without that the platform's user-data folder.
    environ
        The environment, by default the process's own.

    Raises
    ------
    SettingsError
        The user's: ``ALE_HOME`` or the settings file is wrong.
    """
    folder = home.expanduser() if home is not None else _home(os.environ if environ is None else environ)
    return settings_from_toml(_read(folder / SETTINGS_FILE), home=folder)


def settings_from_toml(text: str, *, home: Path) -> Settings:
    """Return the settings a TOML text describes; empty text gives the defaults."""
    path = home / SETTINGS_FILE
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error or 'nested too deeply'}") from None
    sections = {item.name: item for item in dataclasses.fields(Settings) if item.name != "home"}
    values: dict[str, Any] = {}
    for name, table in document.items():
        if name not in sections:
            raise SettingsError(f"{path}: unknown section [{name}]{_suggestion(name, sections)}")
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: {name} must be a table, [{name}], got {table!r:.60}")
        values[name] = _section(type(sections[name].default), name, table, path)
    return Settings(home=home, **values)


def variables_present(names: typing.Iterable[str], environ: Mapping[str, str] | None = None) -> dict[str, bool]:
    """Return for each variable whether the environment has a non-empty one; the values are never read out."""
    source = os.environ if environ is None else environ
    return {name: bool(source.get(name)) for name in names}


def _home(environ: Mapping[str, str]) -> Path:
    chosen = environ.get("ALE_HOME")
    if chosen is None:
        import platformdirs  # only where no home is named

        return platformdirs.user_data_path("ale-agent", appauthor=False)
    if not chosen.strip() or "\0" in chosen:
        raise SettingsError(f"ALE_HOME must name a folder, got {chosen!r}; unset it for the default")
    path = Path(chosen).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"ALE_HOME must name a folder, but {path} is a file")
    return path


def without_secrets(text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return a text with the values of the environment's keys, tokens, secrets and passwords blotted out.

    For what others wrote and we show or keep: a provider's error may repeat the key that it was sent.

    Parameters
    ----------
    text
        The text.
    environment
        The variables; this process's if None.
    """
    for name, value in (os.environ if environment is None else environment).items():
        if len(value) >= _SHORTEST_SECRET and name.upper().endswith(_SECRET_NAMES):
            text = text.replace(value, "***")
    return text


def _read(path: Path) -> str:
    try:
        if not path.is_file():
            if path.exists():
                raise SettingsError(f"{path}: must be a regular file")
            return ""
        with path.open("rb") as stream:
            data = stream.read(SETTINGS_BYTES_MAX + 1)
        if len(data) > SETTINGS_BYTES_MAX:
            raise SettingsError(f"{path}: larger than {SETTINGS_BYTES_MAX} bytes")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None


def _section(kind: type[Any], section: str, table: Mapping[str, Any], path: Path) -> Any:
    fields = {item.name: item for item in dataclasses.fields(kind)}
    hints = typing.get_type_hints(kind)
    values = {}
    for key, value in table.items():
        where = f"{path}: {section}.{key}"
        if key not in fields:
            raise SettingsError(f"{where}: unknown key{_suggestion(key, fields)}")
        values[key] = _checked(value, hints[key], fields[key].metadata, where)
    return kind(**values)


def _checked(value: Any, hint: Any, metadata: Mapping[str, Any], where: str) -> Any:
    options = typing.get_args(hint) if isinstance(hint, UnionType) else (hint,)
    expected = next(option for option in options if option is not type(None))
    if typing.get_origin(expected) is Literal:
        choices = typing.get_args(expected)
        if value not in choices:
            raise SettingsError(f"{where}: must be one of {', '.join(map(repr, choices))}, got {value!r:.60}")
        return value
    if expected is float and type(value) is int:
        value = float(value) if abs(value) < 1 << 1000 else math.inf
    if type(value) is not expected:
        raise SettingsError(f"{where}: must be {_TYPE_NAMES[expected]}, got {value!r:.60}")
    if isinstance(value, float) and not math.isfinite(value):
        raise SettingsError(f"{where}: must be finite, got {value!r}")
    if "low" in metadata and value < metadata["low"]:
        raise SettingsError(f"{where}: must be at least {metadata['low']:g}, got {value!r:.60}")
    if "high" in metadata and value > metadata["high"]:
        raise SettingsError(f"{where}: must be at most {metadata['high']:g}, got {value!r:.60}")
    if isinstance(value, str) and "\0" in value:
        raise SettingsError(f"{where}: must not hold a NUL character")
    return value


_TYPE_NAMES = {float: "a number", int: "an integer", bool: "true or false", str: "a text"}


def _suggestion(name: str, known: typing.Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(names)}"
