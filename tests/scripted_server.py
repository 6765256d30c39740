"""A scripted OpenAI-compatible server on loopback: good replies, slow ones, broken ones, refusals, dropped connections."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """Answers with a script: ``good``, ``drop``, ``broken``, ``hang``, ``trickle``, ``huge``, ``meet``, an HTTP status, or
    ``say`` and the text of the reply; where the script has ended, what `otherwise` says.
    """

    def __init__(self, otherwise: Callable[[int], str] = lambda number: "500") -> None:
        self.otherwise = otherwise
        self.script: list[str] = []
        self.bodies: list[dict[str, object]] = []
        self.retry_after = "7"
        self.over = threading.Event()
        self.meeting = threading.Barrier(3)
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                step = server.script.pop(0) if server.script else server.otherwise(len(server.bodies))
                if step == "drop":
                    self.close_connection = True
                    self.connection.close()
                    return
                if step == "hang":
                    server.over.wait(30)
                if step == "meet":
                    server.meeting.wait(30)
                status = int(step) if step.isdigit() else 200
                text = "x" * 5_000_000 if step == "huge" else step[4:] if step.startswith("say ") else "hello"
                refusal = {"error": {"message": f"scripted, you sent {self.headers['Authorization']}"}}
                body = json.dumps(refusal if status != 200 else good(text)).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if status == 429:
                    self.send_header("Retry-After", server.retry_after)
                self.end_headers()
                if step == "trickle":
                    for byte in body:
                        if server.over.wait(0.2):
                            return
                        self.wfile.write(bytes([byte]))
                self.wfile.write(body[: len(body) // 2] if step == "broken" else body)
                self.close_connection = True

            def handle(self) -> None:
                with suppress(OSError):  # whoever asked has left
                    super().handle()

            def log_message(self, *arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.over.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def good(text: str) -> dict[str, object]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return {
        "id": "1", "object": "chat.completion", "created": 1, "model": "small", "choices": [choice],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
    }  # fmt: skip
