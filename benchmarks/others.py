"""The same replies to another system: what does the loop around a model add?

    python -m benchmarks.others --attempt D --problem P --openevolve VENV/bin/openevolve-run --out O [--cases N] [--seeds A:B]

Takes the programs that a model wrote in an attempt, in their order, and lets OpenEvolve (installed elsewhere, its own
settings beside those printed below) ask a server on loopback that replies with them one by one, beginning from the same
first program. Its evaluator, which a user has to write, is a good one: `ale-agent eval` in a sandbox, all cases for each
program, the mean score. Both systems' last programs are then run on fresh cases as a judge would (`eval --as-judge`), in
turn. Printed are their scores, the paired gain, and how many runs each search took.

What this does not show: a model would answer another system's prompts differently.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ale_agent.attempt.journal import Journal
from ale_agent.evaluate.comparison import mean_interval
from ale_agent.program.bundle import bundle
from ale_agent.search.standing import MODEL_KINDS

_CONFIG = {
    "diff_based_evolution": False,  # replies are whole programs
    "max_code_length": 200_000,
    "random_seed": 1,
    "evaluator": {"timeout": 3600, "cascade_evaluation": False, "parallel_evaluations": 1},
    "database": {"num_islands": 1},
}
_EVALUATOR = """import json
import subprocess


def evaluate(program_path):
    command = {command!r}
    run = subprocess.run([word.replace("PROGRAM", program_path) for word in command], capture_output=True, text=True)
    total = json.loads(run.stdout.strip().splitlines()[-1])
    mean = (total["mean_score"] or 0.0) * (total["cases"] - total["failed"]) / total["cases"]
    return {{"combined_score": mean if {maximize} else -mean}}
"""


def main() -> None:
    """Run OpenEvolve on an attempt's programs and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempt", type=Path, required=True)
    parser.add_argument("--problem", required=True)
    parser.add_argument("--openevolve", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=12, help="cases of each evaluation")
    parser.add_argument("--seeds", default="0:50", help="fresh cases for the comparison")
    chosen = parser.parse_args()
    out: Path = chosen.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    maximize = _maximize(chosen.problem)
    sources, runs = _programs(chosen.attempt)
    cases = f"1000000000:{1_000_000_000 + chosen.cases}"
    best = _openevolve(chosen.openevolve, out, sources, chosen.problem, cases, maximize)
    mine = _judged(chosen.attempt / "solver.py", chosen.problem, chosen.seeds)
    theirs = _judged(best, chosen.problem, chosen.seeds)
    print(f"replies: {len(sources) - 1}")
    _tell("ale_agent", mine, runs)
    _tell("OpenEvolve", theirs, len(sources) * chosen.cases)
    common = [seed for seed in mine if mine[seed] and theirs.get(seed)]
    gains = [100 * (mine[seed] / theirs[seed] - 1) * (1 if maximize else -1) for seed in common]
    low, high = mean_interval(gains)
    print(f"ale_agent's against the other's, paired: {sum(gains) / len(gains):+.2f} % ({low:+.2f} .. {high:+.2f})")


def _maximize(problem: str) -> bool:
    from ale_agent.problem import find_problem, load_problem

    return load_problem(find_problem(problem)).spec.objective == "maximize"


def _programs(attempt: Path) -> tuple[list[str], int]:
    """Return the attempt's first program and then the model's, and how many runs the attempt made of all it tried."""
    journal = Journal(attempt)
    try:
        candidates = list(journal.read_archive().in_order())
        (runs,) = next(iter(journal.rows("SELECT COUNT(*) FROM results")))
    finally:
        journal.close()
    written = [candidate for candidate in candidates[1:] if candidate.proposal.kind in MODEL_KINDS]
    return [bundle(candidate.program.source) for candidate in [candidates[0], *written]], int(runs)


def _openevolve(command: Path, out: Path, sources: Sequence[str], problem: str, cases: str, maximize: bool) -> Path:
    first, config, evaluator = out / "first.py", out / "config.yaml", out / "evaluator.py"
    first.write_text(sources[0], encoding="utf-8")
    words = [
        sys.executable,
        "-m",
        "ale_agent",
        "eval",
        "PROGRAM",
        problem,
        "--seeds",
        cases,
        "--workers",
        "1",
        "--json",
    ]
    evaluator.write_text(_EVALUATOR.format(command=words, maximize=maximize), encoding="utf-8")
    with _replying(sources[1:]) as address:
        model = {"name": "scripted", "api_base": address, "api_key": "none"}
        settings: dict[str, Any] = {**_CONFIG, "llm": {"models": [model], "api_base": address, "api_key": "none"}}
        config.write_text(json.dumps(settings), encoding="utf-8")  # JSON is YAML
        subprocess.run(
            [command, first, evaluator, "--config", config, "--output", out / "openevolve",
             "--iterations", str(len(sources) - 1)],
            check=True, stdout=(out / "openevolve.log").open("wb"), stderr=subprocess.STDOUT,
        )  # fmt: skip
    return out / "openevolve" / "best" / "best_program.py"


@contextmanager
def _replying(sources: Sequence[str]) -> Iterator[str]:
    """Serve the programs one by one as chat completions on loopback."""
    left = list(sources)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            text = f"```python\n{left.pop(0) if left else 'pass'}\n```"
            message = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
            usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
            reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "usage": usage}
            body = json.dumps({**reply, "choices": [message]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()


def _judged(program: Path, problem: str, seeds: str) -> dict[str, float]:
    words = [sys.executable, "-m", "ale_agent", "eval", str(program), problem, "--seeds", seeds, "--as-judge", "--json"]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    total = json.loads(run.stdout.strip().splitlines()[-1])
    return {row["case"]: row["score"] or 0.0 for row in total["results"]}


def _tell(name: str, scores: dict[str, float], runs: int) -> None:
    low, high = mean_interval(list(scores.values()))
    failed = sum(score == 0.0 for score in scores.values())
    mean = sum(scores.values()) / len(scores)
    print(
        f"{name:<12} mean {mean:.6g} ({low:.6g} .. {high:.6g}), {failed} of {len(scores)} failed, {runs} runs searched"
    )


if __name__ == "__main__":
    main()
