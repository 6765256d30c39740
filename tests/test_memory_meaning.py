"""Recall by meaning: an embedding model behind a scripted server on loopback, its vectors kept, its failures survived."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from ale_agent.cli.app import app
from ale_agent.memory import ProblemFeatures, Strategy, new_strategy, recall
from ale_agent.memory.meaning import Embeddings, scaled_cosines

KEY = "sk-known-only-to-the-user"
ABOUT_WATER = "boats"


class Server:
    """Gives texts about boats one direction and all others another; `answer` may change what is sent."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.vectors = {True: [1.0, 0.0], False: [0.0, 1.0]}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
                server.asked += texts
                data = [
                    {"object": "embedding", "index": k, "embedding": server.vectors[ABOUT_WATER in text]}
                    for k, text in enumerate(texts)
                ]
                usage = {"prompt_tokens": 1, "total_tokens": 1}
                reply = {"object": "list", "model": "small", "data": data, "usage": usage}
                refusal = {"error": {"message": f"you sent {self.headers['Authorization']}"}}
                body = json.dumps(reply if server.status == 200 else refusal).encode()
                self.send_response(server.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{made.http.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    try:
        yield made
    finally:
        made.close()


def embeddings(folder: Path, told: list[str], model: str = "openai:small") -> Embeddings:
    return Embeddings(model, folder / "embeddings.db", told.append)


def technique(name: str) -> Strategy:
    value = {"name": name, "when": "Always.", "how": "So.", "archetypes": ["scheduling"]}
    return new_strategy(value, created="2026-11-24")


def first(found: list[object]) -> str:
    return found[0].strategy.name  # type: ignore[attr-defined]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", ["For boats", "For carts"])
def test_of_strategies_that_fit_alike_the_one_that_means_the_same_comes_first(name: str, tmp_path: Path) -> None:
    strategies = [technique("For boats"), technique("For carts")]
    problem = ProblemFeatures.from_mapping({"scheduling": True})
    query = "Ferries cross a lake: boats." if name == "For boats" else "Wagons on a road."
    near = embeddings(tmp_path, []).near_to(query)
    assert first(recall(strategies, problem, "crossing", meaning=near)) == name


def test_each_text_is_asked_for_once_also_by_a_later_run(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        embeddings(tmp_path, []).near_to("a")(["b", "c", "b"])
    assert sorted(server.asked) == ["a", "b", "c"]


def test_another_model_has_vectors_of_its_own(server: Server, tmp_path: Path) -> None:
    for model in ("openai:small", "openai:large"):
        embeddings(tmp_path, [], model).near_to("a")(["b"])
    assert sorted(server.asked) == ["a", "a", "b", "b"]


def test_a_provider_that_fails_is_said_without_the_key_and_done_without(server: Server, tmp_path: Path) -> None:
    server.status = 400
    told: list[str] = []
    near = embeddings(tmp_path, told).near_to("a")
    assert (near(["b"]), near(["c"])) == (None, None)
    assert len(told) == 1
    assert "openai:small cannot be used" in told[0]
    assert KEY not in told[0]


@pytest.mark.parametrize("model", ["", "nonsense", "no-such-provider:x", "sentence-transformers:/no/such/folder"])
def test_a_model_that_cannot_be_opened_is_said(model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    told: list[str] = []
    assert embeddings(tmp_path, told, model).near_to("a")(["b"]) is None
    assert len(told) == 1


@pytest.mark.parametrize(
    "vectors",
    [{True: [1.0], False: [0.0, 1.0]}, {True: [], False: []}, {True: [float("nan"), 0.0], False: [0.0, 1.0]}],
    ids=["sizes differ", "empty", "not finite"],
)
def test_vectors_that_say_nothing_are_refused(vectors: dict[bool, list[float]], server: Server, tmp_path: Path) -> None:
    server.vectors = vectors
    told: list[str] = []
    assert embeddings(tmp_path, told).near_to("a")([ABOUT_WATER, "b"]) is None
    assert len(told) == 1


def test_a_damaged_file_of_vectors_is_said_and_done_without(server: Server, tmp_path: Path) -> None:
    (tmp_path / "embeddings.db").write_bytes(b"no database " * 100)
    told: list[str] = []
    near = embeddings(tmp_path, told).near_to(f"a {ABOUT_WATER}")
    assert near([ABOUT_WATER, "b"]) == [1.0, 0.0]
    assert len(told) == 1
    assert "embeddings.db" in told[0]


def test_no_texts_need_no_model(tmp_path: Path) -> None:
    assert embeddings(tmp_path, [], "nonsense").near_to("a")([]) == []


def test_cosines_are_scaled_between_the_farthest_and_the_nearest_text() -> None:
    scaled = scaled_cosines(np.array([1.0, 0.0]), np.array([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0], [0.0, 0.0]]))
    assert scaled == pytest.approx([1.0, 0.0, np.sqrt(0.5), 0.0])


def test_the_recall_command_asks_the_model_of_the_settings(server: Server, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[memory]\nembeddings = "openai:small"\n', encoding="utf-8")
    result = CliRunner().invoke(app, ["memory", "recall", "flowshop", "--home", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert any(text.startswith("# Permutation Flow Shop") for text in server.asked)
