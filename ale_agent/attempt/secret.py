"""The secret that solvers' seeds are made with, so that none of them tells which case it came with.

A case's seed and the problem's generator give the whole case, hidden parts included, and a program may hold the
generator. It is told a seed for its own randomness (``ALE_SEED``): the same for every candidate on a case, so that they
share their luck, and of no use for guessing the case's seed without the secret. Programs can read neither the home nor
the attempt folder, where it is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

FILE_NAME = "seed.key"
_BYTES = 32


def attempt_secret(home: Path, seed: int) -> str:
    """Return the secret of an attempt that begins, for its journal: on one home the same for the same root seed.

    Parameters
    ----------
    home
        Its key is made here at the first time. Where it cannot be kept, the attempt has a secret of its own, and another
        attempt with the same root seed other luck.
    seed
        The attempt's root seed.
    """
    return hashlib.blake2b(str(seed).encode(), key=_key(home / FILE_NAME), digest_size=_BYTES).hexdigest()


def solver_seed(secret: str, case_seed: int) -> int:
    """Return the 31-bit seed that a solver is told on a case."""
    digest = hashlib.blake2b(str(case_seed).encode(), key=bytes.fromhex(secret), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 33


def _key(path: Path) -> bytes:
    with contextlib.suppress(OSError):
        if not path.exists():
            _make(path)
        key = path.read_bytes()
        if len(key) == _BYTES:
            return key
    return secrets.token_bytes(_BYTES)


def _make(path: Path) -> None:
    """Make the key in one step: of two attempts that begin at once both get what the first one made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=FILE_NAME)  # for its owner's eyes only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
    finally:
        os.unlink(beside)
