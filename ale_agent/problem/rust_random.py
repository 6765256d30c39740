"""Rust-compatible random numbers: what `ChaCha20Rng` (rand_chacha 0.3) and the samplers of rand 0.8 draw from a seed.

Contest generators are written in Rust; a case is reproduced to the byte only if every draw is. The stream is ChaCha
with 20 rounds and a 64-bit block counter, keyed by the output of a PCG32 that is seeded with the 64-bit seed. Many
blocks are computed at once with NumPy, draws are plain Python integers.

Not covered: 8- and 16-bit `gen_range` (use `uniform`, which has their rejection zone), 128-bit integers, weighted
choice, and lengths of 2**32 and more in `index`, `shuffle` and `choose`.

Notation: `bits` is the width of the Rust integer type, 32 for `i32`/`u32`, 64 for `i64`/`u64`/`usize`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, MutableSequence, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Element = TypeVar("Element")

_MASK32 = 0xFFFFFFFF
_MASK64 = 0xFFFFFFFFFFFFFFFF
_CONSTANTS = (0x61707865, 0x3320646E, 0x79622D32, 0x6B206574)  # "expand 32-byte k"
_FIRST_BLOCKS, _MOST_BLOCKS = 32, 1024
_FLOYD_BELOW = 163  # rand's index::sample prefers Floyd's algorithm for fewer than this many of 500,000 or more


class ChaCha20Rng:
    """The generator `ChaCha20Rng::seed_from_u64(seed)`.

    Parameters
    ----------
    seed
        Taken modulo 2**64.
    """

    def __init__(self, seed: int) -> None:
        self._words = _word_stream(_key_from_u64(seed))

    def u32(self) -> int:
        """Return `rng.gen::<u32>()`, also `next_u32`."""
        return next(self._words)

    def u64(self) -> int:
        """Return `rng.gen::<u64>()`, also `next_u64`: two words, the low one first."""
        return next(self._words) | next(self._words) << 32

    def f64(self) -> float:
        """Return `rng.gen::<f64>()`: 53 bits in [0, 1)."""
        return (self.u64() >> 11) * 2.0**-53

    def range_i32(self, low: int, high: int) -> int:
        """Return `rng.gen_range(low..high)` of `i32` or `u32`."""
        return low + self.index(high - low)

    def range_i32_inclusive(self, low: int, high: int) -> int:
        """Return `rng.gen_range(low..=high)` of `i32` or `u32`."""
        return low + self.index(high - low + 1)

    def range_i64(self, low: int, high: int) -> int:
        """Return `rng.gen_range(low..high)` of `i64`, `u64` or `usize`."""
        return low + self._below_64(high - low)

    def range_i64_inclusive(self, low: int, high: int) -> int:
        """Return `rng.gen_range(low..=high)` of `i64`, `u64` or `usize`."""
        return low + self._below_64(high - low + 1)

    def uniform(self, low: int, high: int, *, bits: int = 32) -> int:
        """Return `Uniform::new(low, high).sample(rng)`, also `rng.gen_range(low..high)` of `i8`, `u8`, `i16`, `u16`.

        These reject with the exact modulus zone, `gen_range` of wider types with a power of two times the range, so
        that the two can differ in how many words they draw.
        """
        count = high - low
        _require(0 < count < 1 << bits, f"uniform({low}, {high})", f"1 to 2**{bits} - 1 values", count)
        return self._below(low, count, bits, (1 << bits) - 1 - ((1 << bits) - count) % count)

    def range_f64(self, low: float, high: float) -> float:
        """Return `rng.gen_range(low..high)` of `f64`."""
        _require(low < high, f"range_f64({low}, {high})", "low < high", low)
        while True:
            value = (self.u64() >> 12) * 2.0**-52 * (high - low) + low
            if value < high:
                return value

    def range_f64_inclusive(self, low: float, high: float) -> float:
        """Return `rng.gen_range(low..=high)` of `f64`."""
        _require(low <= high, f"range_f64_inclusive({low}, {high})", "low <= high", low)
        largest = 1.0 - 2.0**-52
        scale = (high - low) / largest
        while scale * largest + low > high:
            scale = math.nextafter(scale, 0.0)
        return (self.u64() >> 12) * 2.0**-52 * scale + low

    def index(self, length: int) -> int:
        """Return a position below `length` as `shuffle` and `choose` draw it (rand's private `gen_index`).

        That is the high half of word x length, drawn again while the low half is above a zone. Cases take tens of
        thousands of these, so the draw stands here rather than in functions that it would call.
        """
        if not 0 < length <= 1 << 32:
            _require(False, "a range", "1 to 2**32 values", length)
        # 2**32 values have no zone: each word is one of them.
        zone = (length << (32 - length.bit_length())) - 1 if length <= _MASK32 else _MASK32
        while True:
            product = next(self._words) * length
            if product & _MASK32 <= zone:
                return product >> 32

    def shuffle(self, items: MutableSequence[Element]) -> None:
        """Permute in place, as `items.shuffle(&mut rng)`."""
        for last in range(len(items) - 1, 0, -1):
            other = self.index(last + 1)
            items[last], items[other] = items[other], items[last]

    def choose(self, items: Sequence[Element]) -> Element:
        """Return an element, as `items.choose(&mut rng)`; ValueError if there is none."""
        return items[self.index(len(items))]

    def index_sample(self, length: int, amount: int) -> list[int]:
        """Return what `rand::seq::index::sample(&mut rng, length, amount)` holds, in ascending order.

        Parameters
        ----------
        length
            How many positions there are, 500,000 to 2**32 - 1 (below, Rust may take a third algorithm).
        amount
            How many distinct ones to draw, at most one in 37 positions (beyond, Rust takes another algorithm).

        Notes
        -----
        Between 50 and 162 draws Rust shuffles the result, which costs further words: that is followed, so that the
        stream goes on rightly, though the order itself is not kept.
        """
        _require(500_000 <= length < 1 << 32, "index_sample's length", "500000 to 2**32 - 1", length)
        _require(0 <= amount <= length // 37, "index_sample's amount", f"0 to {length // 37}", amount)
        chosen: set[int] = set()
        if amount < _FLOYD_BELOW:
            for last in range(length - amount, length):
                drawn = self.index(last + 1)
                chosen.add(last if drawn in chosen else drawn)
            if amount >= 50:
                self.shuffle(list(chosen))
        else:
            while len(chosen) < amount:
                chosen.add(self.uniform(0, length))
        return sorted(chosen)

    def _below_64(self, count: int) -> int:
        """Return a draw below count by the high half of a double word x count."""
        _require(0 < count <= 1 << 64, "a range", "1 to 2**64 values", count)
        if count == 1 << 64:
            return self.u64()
        return self._below(0, count, 64, (count << (64 - count.bit_length())) - 1)

    def _below(self, low: int, count: int, bits: int, zone: int) -> int:
        """Return low + the high half of word x count, redrawing while the low half is above the zone."""
        mask = (1 << bits) - 1
        draw = self.u32 if bits == 32 else self.u64
        while True:
            product = draw() * count
            if product & mask <= zone:
                return low + (product >> bits)


def rust_round(value: float) -> int:
    """Return `value.round()` as an integer: halves go away from zero, also for 0.49999999999999994 and beyond 2**52."""
    magnitude = abs(value)
    whole = math.floor(magnitude)
    rounded = whole + (magnitude - whole >= 0.5)
    return rounded if value >= 0 else -rounded


def _require(holds: bool, name: str, rule: str, value: float) -> None:
    if not holds:
        raise ValueError(f"{name}: must be {rule}, is {value}")


def _key_from_u64(seed: int) -> list[int]:
    """Return the eight key words that rand_core's `seed_from_u64` makes with a PCG32 (XSH RR)."""
    state, key = seed & _MASK64, []
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) & _MASK64
        shifted, turn = (((state >> 18) ^ state) >> 27) & _MASK32, state >> 59
        key.append((shifted >> turn | shifted << (-turn & 31)) & _MASK32)
    return key


def _word_stream(key: list[int]) -> Iterator[int]:
    """Yield the stream's words, made many blocks at a time."""
    block, count = 0, _FIRST_BLOCKS
    while True:
        yield from _chacha20_words(key, block, count)
        block += count
        count = min(2 * count, _MOST_BLOCKS)


def _chacha20_words(key: list[int], first_block: int, block_count: int) -> list[int]:
    """Return the stream's words of blocks first_block, first_block + 1, ... in order, 16 a block."""
    counter = np.arange(first_block, first_block + block_count, dtype=np.uint64)
    start = np.zeros((16, block_count), dtype=np.uint32)
    start[:12] = np.array([*_CONSTANTS, *key], dtype=np.uint32)[:, None]
    start[12] = counter & np.uint64(_MASK32)
    start[13] = counter >> np.uint64(32)
    a, b, c, d = (start[4 * row : 4 * row + 4].copy() for row in range(4))
    for _ in range(10):
        _quarter_rounds(a, b, c, d)  # the four columns of the 4 x 4 state at once
        b, c, d = b[[1, 2, 3, 0]], c[[2, 3, 0, 1]], d[[3, 0, 1, 2]]
        _quarter_rounds(a, b, c, d)  # its diagonals
        b, c, d = b[[3, 0, 1, 2]], c[[2, 3, 0, 1]], d[[1, 2, 3, 0]]
    words = np.concatenate((a, b, c, d)) + start
    result: list[int] = words.T.ravel().tolist()
    return result


def _quarter_rounds(
    a: npt.NDArray[np.uint32], b: npt.NDArray[np.uint32], c: npt.NDArray[np.uint32], d: npt.NDArray[np.uint32]
) -> None:
    """Apply the quarter round in place to each column of the four rows, `(4, blocks)` uint32 each."""
    for add_to, addend, turned, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        add_to += addend
        turned ^= add_to
        high = turned << np.uint32(bits)
        turned >>= np.uint32(32 - bits)
        turned |= high
