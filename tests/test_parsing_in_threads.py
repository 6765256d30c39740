"""Programs are parsed in several threads: models are asked in some, programs are loaded in others."""

from __future__ import annotations

import gc
import threading
import time

from ale_agent.program.syntax import parse_quietly


def test_threads_parse_while_garbage_is_collected() -> None:
    text = "\n".join(f"x{k} = [({k}, {k} + 1, a[b[{k}]] * (c - d))]" for k in range(400))
    faults: list[BaseException] = []

    def parse(depth: int) -> None:
        if depth:
            return parse(depth - 1)
        try:
            for _ in range(5):
                parse_quietly(text)
        except SystemError as error:
            faults.append(error)
        return None

    def give_way(phase: str, details: dict[str, int]) -> None:
        time.sleep(0)

    gc.callbacks.append(give_way)
    try:
        threads = [threading.Thread(target=parse, args=(10 * k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.callbacks.remove(give_way)
    assert not faults
