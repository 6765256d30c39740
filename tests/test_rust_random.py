"""The random stream and its samplers equal Rust's: values of a slow twin, and hashes of official cases elsewhere."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence

import pytest

from ale_agent.problem.rust_random import ChaCha20Rng, _chacha20_words, rust_round


def fingerprint(values: Sequence[object]) -> str:
    return hashlib.sha256(" ".join(map(repr, values)).encode()).hexdigest()[:16]


def drawn(draw: Callable[[ChaCha20Rng], object], *, skip: int = 0) -> Callable[[ChaCha20Rng], Sequence[object]]:
    def values(rng: ChaCha20Rng) -> Sequence[object]:
        for _ in range(skip):
            rng.u32()
        return [draw(rng) for _ in range(2000)]

    return values


def shuffled(rng: ChaCha20Rng) -> Sequence[object]:
    items = list(range(500))
    rng.shuffle(items)
    return items


SAMPLERS: dict[str, Callable[[ChaCha20Rng], Sequence[object]]] = {
    "u32": drawn(ChaCha20Rng.u32),
    "u64 after a u32": drawn(ChaCha20Rng.u64, skip=1),
    "f64": drawn(ChaCha20Rng.f64),
    "range_i32": drawn(lambda rng: rng.range_i32(-5, 2**30 + 17)),
    "range_i32_inclusive": drawn(lambda rng: rng.range_i32_inclusive(0, 2**31)),
    "range_i32_inclusive, full": drawn(lambda rng: rng.range_i32_inclusive(-(2**31), 2**31 - 1)),
    "range_i64": drawn(lambda rng: rng.range_i64(-5, 2**62 + 2**61)),
    "range_i64_inclusive": drawn(lambda rng: rng.range_i64_inclusive(0, 14)),
    "uniform": drawn(lambda rng: rng.uniform(0, 2**30 + 1)),
    "uniform, 64": drawn(lambda rng: rng.uniform(3, 2**62 + 7, bits=64)),
    "range_f64": drawn(lambda rng: rng.range_f64(0.9, 1.1)),
    "range_f64_inclusive": drawn(lambda rng: rng.range_f64_inclusive(0.9, 1.1)),
    "shuffle": shuffled,
    "choose": drawn(lambda rng: rng.choose("abcdefg")),
}

# Fingerprints of what an independent, word-by-word implementation draws (docstring of the module: rand 0.8).
KNOWN = [
    ("u32", 0, "f58335889c242b2b"),
    ("u64 after a u32", 0, "0d3cc509ca97bff9"),
    ("f64", 0, "50b0d3613314df14"),
    ("range_i32", 0, "45427985216c0c14"),
    ("range_i32_inclusive", 0, "f42943acaff4823b"),
    ("range_i32_inclusive, full", 0, "7a92b57df4d4307a"),
    ("range_i64", 0, "7c5d190267a882af"),
    ("range_i64_inclusive", 0, "b4b7868af13eafef"),
    ("uniform", 0, "4ae6075589c81d6f"),
    ("uniform, 64", 0, "4ffb85606678c699"),
    ("range_f64", 0, "f3f77d2e82c0c524"),
    ("range_f64_inclusive", 0, "dfe7504c8a2e0e65"),
    ("shuffle", 0, "9d952cc0335ed9fd"),
    ("choose", 0, "695425f1d807c945"),
    ("u32", 2**64 - 1, "2d98261561f42296"),
    ("u64 after a u32", 2**64 - 1, "2bba6dc4b8814366"),
    ("f64", 2**64 - 1, "4f0c9937fa8592b0"),
    ("range_i32", 2**64 - 1, "e0b09efd9c353e09"),
    ("range_i32_inclusive", 2**64 - 1, "6888368140fd1bdb"),
    ("range_i32_inclusive, full", 2**64 - 1, "fadaf3ab79ce3ee7"),
    ("range_i64", 2**64 - 1, "acebe8a2f0fcb7dd"),
    ("range_i64_inclusive", 2**64 - 1, "60827f1f5cb93528"),
    ("uniform", 2**64 - 1, "17e477c1d72441ef"),
    ("uniform, 64", 2**64 - 1, "2adc112b18513ec8"),
    ("range_f64", 2**64 - 1, "43773c8b797146ac"),
    ("range_f64_inclusive", 2**64 - 1, "cbe064e841a9ff1b"),
    ("shuffle", 2**64 - 1, "e1a9fc84fb99b672"),
    ("choose", 2**64 - 1, "73a05ac56ab36308"),
]


@pytest.mark.parametrize(("sampler", "seed", "expected"), KNOWN)
def test_sampler_draws_what_rust_draws(sampler: str, seed: int, expected: str) -> None:
    assert fingerprint(SAMPLERS[sampler](ChaCha20Rng(seed))) == expected


def test_first_block_of_the_zero_key_is_the_published_one() -> None:
    words = _chacha20_words([0] * 8, 0, 1)
    assert b"".join(word.to_bytes(4, "little") for word in words)[:16].hex() == "76b8e0ada0f13d90405d6ae55386bd28"


def test_blocks_do_not_depend_on_where_a_batch_begins() -> None:
    key = list(range(1, 9))
    assert _chacha20_words(key, 0, 5)[32:] == _chacha20_words(key, 2, 3)


def test_block_counter_carries_into_its_high_word() -> None:
    key = [7] * 8
    assert _chacha20_words(key, 2**32 - 1, 2)[16:] == _chacha20_words(key, 2**32, 1)
    assert _chacha20_words(key, 2**32, 1) != _chacha20_words(key, 0, 1)


def test_seed_counts_modulo_2_to_the_64() -> None:
    assert ChaCha20Rng(2**64 + 5).u64() == ChaCha20Rng(5).u64() != ChaCha20Rng(6).u64()


@pytest.mark.parametrize("amount", [0, 1, 49, 50, 162, 163, 400])
def test_index_sample_gives_distinct_ascending_positions(amount: int) -> None:
    positions = ChaCha20Rng(amount).index_sample(500_000, amount)
    assert len(positions) == amount
    assert all(low < high for low, high in itertools.pairwise(positions))
    assert not positions or (positions[0] >= 0 and positions[-1] < 500_000)


@pytest.mark.parametrize("amount", [50, 162])
def test_index_sample_uses_up_the_words_of_rusts_shuffle(amount: int) -> None:
    rng, twin = ChaCha20Rng(3), ChaCha20Rng(3)
    rng.index_sample(10**6, amount)
    for last in [*range(10**6 - amount, 10**6), *range(amount - 1, 0, -1)]:
        twin.range_i32_inclusive(0, last)
    assert rng.u64() == twin.u64()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 1),
        (1.5, 2),
        (2.5, 3),
        (-0.5, -1),
        (-2.5, -3),
        (2.4999, 2),
        (0.49999999999999994, 0),
        (2.0**52 + 1, 2**52 + 1),
    ],
)
def test_rust_round_sends_halves_away_from_zero(value: float, expected: int) -> None:
    assert rust_round(value) == expected


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.range_i32(3, 3),
        lambda rng: rng.range_i32_inclusive(0, 2**32),
        lambda rng: rng.uniform(5, 4),
        lambda rng: rng.range_f64(1.0, 1.0),
        lambda rng: rng.range_f64_inclusive(1.0, 0.5),
        lambda rng: rng.choose([]),
        lambda rng: rng.index_sample(499_999, 3),
        lambda rng: rng.index_sample(500_000, 13_600),
    ],
)
def test_empty_or_too_wide_range_is_refused(draw: Callable[[ChaCha20Rng], object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        draw(ChaCha20Rng(0))
