"""Numba building blocks for solver programs: randomness, a clock, moves of the four answer spaces, calibration.

A leaf: the modules import nothing but NumPy, Numba and each other, so that a program can carry them along as text.

Notation, the same in every module
    answer      the answer array that a move changes in place, int64 `(capacity,)`
    extent      how much of the answer is in use: positions of a permutation or of an integer vector, chosen items of a
                subset, length of a sequence
    reach       the greatest distance of two positions that a move touches, as a share of the positions, in (0, 1]
    rng         the generator's state, uint64 `(1,)`, changed by every draw
    lo, hi      the half-open range of positions that a move touched; empty (lo >= hi) if it changed nothing

Every move has the signature `move(answer, extent, ..., rng) -> (lo, hi, extent)`: it changes the answer in place and
returns what it touched and the new extent. To undo it, copy that range back from a twin array; to keep it, copy it
into the twin.
"""
