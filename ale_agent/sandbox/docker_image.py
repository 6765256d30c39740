"""The image that containers start from: this machine's own Python, packed, or an image of a registry, completed.

Packing needs no registry and no network: the interpreter that runs here, its standard library, the packages that a
solver may import and the system libraries that all of these load go into one archive, which the engine takes in as an
image. So a program meets the same versions in a container as outside, and nothing of the user's is in it.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from ale_agent.errors import SandboxUnavailableError
from ale_agent.sandbox.docker_engine import Engine
from ale_agent.sandbox.lock import PACKAGES

VERSIONS_LABEL = "ale-agent.versions"
_LEFT_OUT = {"site-packages", "dist-packages", "test", "idlelib", "ensurepip", "tkinter", "turtledemo"}
_LEFT_OUT_PREFIXES = ("config-", "_tkinter")
_EMPTY_FOLDERS = ("dev", "proc", "sys", "run", "tmp")
_ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
_NAME_A_BASE = (
    "name an image with Python to start from, such as "
    f"`ale-agent doctor --build-image --base python:{sys.version_info[0]}.{sys.version_info[1]}-slim`"
)
_LINKER_CACHE = "/etc/ld.so.cache"


def versions() -> str:
    """Return the versions that programs meet on this machine, as an image's label says them."""
    packages = [f"{name} {metadata.version(name)}" for name in PACKAGES]
    return ", ".join([f"python {platform.python_version()}", *packages])


def build_image(engine: Engine, name: str, base: str | None = None) -> None:
    """Make the image that containers start from.

    Parameters
    ----------
    engine
        Where to make it.
    name
        The image's, with its tag.
    base
        An image with Python and pip to start from, such as ``python:3.13-slim``; this machine's Python if None.

    Raises
    ------
    SandboxUnavailableError
        The engine does not do it, or this machine's Python cannot be packed, or is not for the engine's machine.
    """
    with engine.told():
        if base is not None:
            _complete(engine.client, name, base)
        else:
            _refuse_other_machines(engine)
            _import_packed(engine.client, name)


def _refuse_other_machines(engine: Engine) -> None:
    ours = (platform.system().lower(), _ARCHITECTURES.get(platform.machine().lower(), platform.machine()))
    theirs = (str(engine.facts.get("OSType")), str(engine.facts.get("Architecture")))
    theirs = (theirs[0], _ARCHITECTURES.get(theirs[1], theirs[1]))
    if ours != theirs:
        raise SandboxUnavailableError(
            f"the engine runs on {' '.join(theirs)}, this Python on {' '.join(ours)}, so it cannot be packed for it: "
            f"{_NAME_A_BASE}"
        )


def _import_packed(client: Any, name: str) -> None:
    repository, tag = _split(name)
    with tempfile.TemporaryFile() as file:
        path = pack_python(file)
        file.seek(0)
        changes = [f"ENV PATH={path}", f'LABEL {VERSIONS_LABEL}="{versions()}"', 'CMD ["python3"]']
        client.api.import_image(src=file, repository=repository, tag=tag, changes=changes)


def _split(name: str) -> tuple[str, str]:
    """Return an image's name and tag; a registry's port is no tag."""
    head, colon, tag = name.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (name, "latest")


def _complete(client: Any, name: str, base: str) -> None:
    """Install the packages, in this machine's versions, on top of another image."""
    wanted = ", ".join(f'"{package}=={metadata.version(package)}"' for package in PACKAGES)
    install = '"python3", "-m", "pip", "install", "--no-cache-dir", "--root-user-action=ignore"'
    text = f'FROM {base}\nRUN [{install}, {wanted}]\nLABEL {VERSIONS_LABEL}="{versions()}"\n'
    client.images.build(fileobj=BytesIO(text.encode()), tag=name, rm=True, forcerm=True)


def pack_python(file: IO[bytes]) -> str:
    """Write an archive of this machine's Python; returns the search path on which it is ``python3`` there.

    Raises
    ------
    SandboxUnavailableError
        This is no Linux, or its libraries cannot be listed.
    """
    if sys.platform != "linux":
        raise SandboxUnavailableError(
            f"only a Linux machine's own Python can be packed, this is {platform.system()}: {_NAME_A_BASE}"
        )
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    trees = [*_standard_library(), *_packages(_site_folder(python))]
    files = [(python, python), *((str(path), target) for tree, to in trees for path, target in _walk(tree, to))]
    binaries = [source for source, _ in files if source == python or ".so" in os.path.basename(source)]
    libraries = [path for path in _libraries(binaries) if not any(path.startswith(f"{tree}/") for tree, _ in trees)]
    files += [(path, path) for path in (*libraries, _LINKER_CACHE) if os.path.exists(path)]
    with tarfile.open(fileobj=file, mode="w", dereference=True) as archive:
        for folder in _EMPTY_FOLDERS:
            archive.addfile(_readable(tarfile.TarInfo(folder), folder=True))
        for source, target in dict.fromkeys(files):
            archive.add(source, target, recursive=False, filter=_readable)
        shortcut = tarfile.TarInfo(os.path.join(os.path.dirname(python), "python3").lstrip("/"))
        shortcut.type, shortcut.linkname = tarfile.SYMTYPE, os.path.basename(python)
        if os.path.basename(python) != "python3":
            archive.addfile(shortcut)
    return f"{os.path.dirname(python)}:/usr/bin:/bin"


def _standard_library() -> list[tuple[Path, str]]:
    """Return the standard library's folders and where they go: where they are."""
    names = dict.fromkeys(
        (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.dirname(os.__file__))
    )
    prefix, base = sys.prefix, sys.base_prefix
    folders = [name.replace(prefix, base, 1) if name.startswith(f"{prefix}/") else name for name in names]
    return [(Path(name), name) for name in dict.fromkeys(folders) if os.path.isdir(name)]


def _packages(site: str) -> list[tuple[Path, str]]:
    """Return the folders of the packages that a solver may import, with what belongs to them, and where they go."""
    found: list[tuple[Path, str]] = []
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise SandboxUnavailableError(f"the package {package} cannot be packed: it is not installed here")
        folder = Path(spec.submodule_search_locations[0])
        beside = [path for path in folder.parent.iterdir() if path.name.startswith((f"{package}-", f"{package}."))]
        found += [(path, f"{site}/{path.name}") for path in (folder, *beside) if path.is_dir()]
    return found


def _site_folder(python: str) -> str:
    """Return the first folder in which the interpreter itself, outside any virtual environment, looks for packages."""
    question = "import site; print(site.getsitepackages()[0])"
    return subprocess.run([python, "-I", "-c", question], capture_output=True, text=True, check=True).stdout.strip()


def _walk(tree: Path, target: str) -> Iterator[tuple[Path, str]]:
    for folder, names, files in os.walk(tree, followlinks=True):
        kept = [name for name in (*names, *files) if name not in _LEFT_OUT and not name.startswith(_LEFT_OUT_PREFIXES)]
        names[:] = [name for name in names if name in kept]
        for name in files:
            path = Path(folder, name)
            if name in kept and path.exists():
                yield path, f"{target}/{path.relative_to(tree)}"


def _libraries(binaries: list[str]) -> list[str]:
    """Return the shared libraries that these files load, as the dynamic linker finds them."""
    try:
        listed = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    except OSError as error:
        raise SandboxUnavailableError(
            f"the libraries of this Python cannot be listed (ldd: {error.strerror}); install libc-bin, or {_NAME_A_BASE}"
        ) from None
    words = [word for line in listed.splitlines() if line.startswith("\t") for word in line.split()]
    return sorted({word for word in words if word.startswith("/")})


def _readable(member: tarfile.TarInfo, *, folder: bool = False) -> tarfile.TarInfo:
    """Return a member that belongs to root and that everybody may read."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    if folder:
        member.type = tarfile.DIRTYPE
    member.mode = 0o755 if folder or member.mode & 0o100 else 0o644
    return member
