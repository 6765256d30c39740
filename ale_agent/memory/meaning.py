"""How near in meaning texts are to a problem's, by an embedding model that the user names (``[memory] embeddings``).

Without one recall compares words alone. Any embedding model that pydantic-ai knows will do: a provider's, or one on this
machine (``sentence-transformers:...``, with the extra ``embed``). Each text is embedded once: its vector is kept in a
file of its own beside the memory, which may be deleted at any time. A model that cannot be reached, or is too slow, is
said once and done without.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ale_agent.settings import without_secrets

Meaning = Callable[[Sequence[str]], Sequence[float] | None]
"""How near each text is to a problem's, 0 to 1; None where nothing could tell."""

TEXT_CHARACTERS = 2_000  # common models read no more than the first 256 to 512 tokens
_SECONDS = 60.0  # a model on this machine may take half of that to load
_BUSY_SECONDS = 1.0
_BATCH = 96  # Cohere takes no more at once


@dataclass(frozen=True)
class Embeddings:
    """An embedding model and the file where its vectors are kept.

    Parameters
    ----------
    model
        As pydantic-ai names it, such as ``openai:text-embedding-3-small``.
    path
        The file; made when first needed.
    warn
        Told once for each problem that the model, or the file, cannot be used, and why.
    """

    model: str
    path: Path
    warn: Callable[[str], None]

    def near_to(self, query: str) -> Meaning:
        """Return the comparison with this text; once the model has failed it is not asked again."""
        failed = False

        def near(texts: Sequence[str]) -> Sequence[float] | None:
            nonlocal failed
            if not texts or failed:
                return None if failed else []
            try:
                vectors = self._vectors([query, *texts])
            except TimeoutError:
                self.warn(f"embeddings: {self.model} did not answer within {_SECONDS:g} s; words alone are compared")
            except Exception as error:  # whatever a provider's library raises: a recall never fails for it
                what = without_secrets(f"{type(error).__name__}: {error}")[:300]
                self.warn(f"embeddings: {self.model} cannot be used ({what}); words alone are compared")
            else:
                return scaled_cosines(vectors[0], vectors[1:])
            failed = True
            return None

        return near

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return one vector a text, float32 of shape (texts, dimensions)."""
        shortened = [text[:TEXT_CHARACTERS] for text in texts]
        keys = [hashlib.sha256(f"{self.model}\n{text}".encode()).hexdigest() for text in shortened]
        known = self._kept(keys)
        missing = {key: text for key, text in zip(keys, shortened, strict=True) if key not in known}
        if missing:
            made = _embedded(self.model, list(missing.values()))
            found = {key: np.array(row, dtype=np.float32) for key, row in zip(missing, made, strict=True)}
            known |= found
        sizes = {len(vector) for vector in known.values()}
        if len(sizes) != 1 or 0 in sizes:
            raise ValueError(
                f"its vectors have {sorted(sizes)} dimensions, must be the same for all; delete {self.path} if it changed"
            )
        if not all(np.isfinite(vector).all() for vector in known.values()):
            raise ValueError(f"its vectors are not finite; delete {self.path} if it changed")
        if missing:
            self._keep({key: known[key] for key in missing})
        return np.stack([known[key] for key in keys])

    def _kept(self, keys: Sequence[str]) -> dict[str, np.ndarray]:
        if not self.path.exists():
            return {}
        try:
            with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as file:
                marks = ", ".join("?" * len(keys))
                rows = file.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys).fetchall()
        except sqlite3.Error as error:
            self.warn(f"{self.path}: {error}; delete it, its vectors can be made again")
            return {}
        whole = [(key, blob) for key, blob in rows if isinstance(blob, bytes) and blob and len(blob) % 4 == 0]
        return {key: np.frombuffer(blob, dtype="<f4") for key, blob in whole}

    def _keep(self, vectors: dict[str, np.ndarray]) -> None:
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as file, file:
            file.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")
            file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)


def scaled_cosines(query: np.ndarray, vectors: np.ndarray) -> list[float]:
    """Return the cosines to the query, scaled so that the nearest vector has 1 and the farthest 0.

    Parameters
    ----------
    query
        Shape (dimensions,).
    vectors
        Shape (texts, dimensions).
    """
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(query)
    cosines = vectors @ query / np.where(lengths > 0, lengths, 1.0)
    low, high = float(cosines.min()), float(cosines.max())
    return [float(cosine - low) / (high - low) if high > low else 0.0 for cosine in cosines]


def _embedded(model: str, texts: Sequence[str]) -> list[Sequence[float]]:
    from pydantic_ai import Embedder

    embedder = Embedder(model)

    async def all_of() -> list[Sequence[float]]:
        found: list[Sequence[float]] = []
        for start in range(0, len(texts), _BATCH):
            found += (await embedder.embed_documents(texts[start : start + _BATCH])).embeddings
        return found

    return asyncio.run(asyncio.wait_for(all_of(), _SECONDS))
