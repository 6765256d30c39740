"""The secret that solvers' seeds are made with, so that none of them tells which case it came with.

A case's seed and the problem's generator give the whole case, hidden parts included, and a program may hold the
generator. It is told a seed for its own randomness (``ALE_SEED``): the same for every candidate on a case, so that they
share their luck, and of no use for guessing the case's seed without the secret. Nor can a program try all seeds that a
confirmation may use and see which one gives what it is shown: they begin anywhere among nearly 10**9. The secret is kept
in the journal, which no program can read. Not covered: the seeds of the cases that are searched on, which a program that
knows this agent can try; an attempt on an iteration budget is to be the same wherever it is made again, so its secret is
as secret as its root seed.
"""

from __future__ import annotations

import hashlib
import secrets

from ale_agent.attempt.options import AttemptOptions

_BYTES = 32
_PLACES = 9 * 10**8


def attempt_secret(options: AttemptOptions) -> str:
    """Return the secret of an attempt that begins, for its journal."""
    if options.seconds is None:
        return hashlib.blake2b(f"solvers' seeds of {options.seed}".encode(), digest_size=_BYTES).hexdigest()
    return secrets.token_hex(_BYTES)


def solver_seed(secret: str, case_seed: int) -> int:
    """Return the 31-bit seed that a solver is told on a case."""
    return _number(secret, str(case_seed)) >> 33


def first_fresh_case(secret: str) -> int:
    """Return where in their block the cases begin that a winner is confirmed on."""
    return _number(secret, "first fresh case") % _PLACES


def _number(secret: str, name: str) -> int:
    digest = hashlib.blake2b(name.encode(), key=bytes.fromhex(secret), digest_size=8).digest()
    return int.from_bytes(digest, "little")
