"""Recall on sketches of problems that nothing here was made for: how many of an expert's strategies come among the first five.

    python -m benchmarks.recall_unseen [--embeddings MODEL]

The sketches and the experts' lists are those of `tests/unseen_statements.py`.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ale_agent.memory import ProblemFeatures, Store, recall
from ale_agent.memory.meaning import Embeddings
from ale_agent.statement import parse_statement
from tests.unseen_statements import SKETCHES

FIRST = 5


def main() -> None:
    """Print the hits of each sketch and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embeddings", help="an embedding model as pydantic-ai names it")
    chosen = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder, Store.open(None) as store:
        for sketch in SKETCHES:
            read = parse_statement(sketch.statement())
            features = ProblemFeatures.from_mapping(read.features.to_json())
            near = None
            if chosen.embeddings:
                near = Embeddings(chosen.embeddings, Path(folder) / "embeddings.db", print).near_to(read.text)
            words = " ".join([read.title, *read.features.words])
            found = recall(store, features, words, limit=FIRST, roles=("technique",), meaning=near)
            hits = sum(item.strategy.id in sketch.expected for item in found)
            total += hits
            print(f"{sketch.title:<40}{hits}")
    print(f"{total} of {FIRST * len(SKETCHES)}")


if __name__ == "__main__":
    main()
