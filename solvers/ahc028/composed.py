"""A solver composed by ale-agent: search over a permutation.

Construction   plain: the best of: as given, reversed, a few random orders
Neighbourhoods insertion: move one element elsewhere
               block_move: exchange two blocks side by side
               reversal: reverse a block
               three_cycle: move three elements round
Acceptance     metropolis: accept a worsening with a probability that falls with its size and with time
Restarts       none: one run from beginning to end
Weighting      adaptive: neighbourhoods whose moves are accepted for a change in value are drawn more often
"""

from __future__ import annotations

import os
import sys
import time

# The clock begins before the imports, less what the interpreter took to get here.
START = time.perf_counter() - time.process_time()
PROCESS = os.getpid()
# Numba looks for SciPy's BLAS when the first kernel is loaded: that takes longer than all else, and is of no use here.
sys.modules.setdefault("scipy", None)

import itertools
import json
import math
import numpy as np
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.343796467369229, 'low': 0.01, 'high': 0.5, 'log': True},
 'weight_insertion': {'default': 0.0962676427500252, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 0.1480661995267145, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_block_move': {'default': 2.371609423958964, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_reversal': {'default': 0.23319878446971126, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_three_cycle': {'default': 0.08379205842177838, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.020148747500425654, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 3.345163894803708e-06, 'low': 1e-06, 'high': 0.02, 'log': True},
 'weight_floor': {'default': 0.0342274189822165, 'low': 0.02, 'high': 1.0, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = """\
15 200
5 10
MCEDFCCPOHOHPNZ
JFNQNMYATVIHALZ
ISXJKURTBRYEBEB
RZXGEJZPWYWKADY
HWSOKJPIMNYMYBV
UMXDVUMDLPLFUOI
MSNJEPGFUFEVXTR
ZMISVYLZEUKFWDL
GSVDFKYWJEVLXBS
BAHJGSDCSPNKXEW
ERFQLPQRLPADWWC
AMMEVUVYYZTMAYX
JLOIIASIDNSHLEH
LXMUHXRWBLTNDOG
HVOLACVLAZBVWBN
AAJVD
ACRVK
AJNJG
APNJY
AZQYN
BBNOK
BIVKV
BVXPX
BYQUY
CAKZJ
CBYTY
CGIFB
CKEDT
CPNMA
CQSCM
CRKKG
CTPPM
CUIXG
CWHSX
DESKU
DMOIZ
DPFLG
EAZDD
EGNTS
EVCUW
FFQXH
FGOQN
FGSDD
FIDGA
FMQUZ
FPHPJ
FTFTX
FUQTA
FVNWK
FXAOG
GESRH
GEZKP
GGHLL
GNTPE
GQSSJ
GZLMV
HBTXL
HDSXI
HGGKV
HGZXH
HKMUI
HPNRX
HQOOR
HUSAN
ICPQJ
IGXPI
IKUFS
IPKVO
ITSWI
IWYNM
IYKGW
JBKXK
JDGGL
JFABU
JFXSR
JGRCB
JITOG
JJWIN
JLOFR
JPAEE
JRRMY
JZKRB
KBFFS
KEYLK
KIPBJ
KKWJC
KQYPT
KRHPA
LCXUI
LHUEC
LIPEQ
LIUMR
LMEAI
LOKGM
MDUCU
MHCGP
MVIMG
MVZYT
MYMZD
NAZAE
NBIGD
NCQJW
NDKXJ
NGOHU
NINRJ
NIZOO
NJDSR
NPMAG
NQZHC
NRGAJ
OGFFK
OLXMS
ONBFR
OQAEZ
OSKZL
OUWHI
OWSBD
OXNRD
OXXBB
PDJMV
PIJMU
PLZOI
PMDHW
PNSWR
PQQIC
PRMIS
PRSQA
PUKAP
PWEHY
PZKJN
QDPAI
QJRZP
QMOPX
QTNYR
RBBXV
RCFJQ
RKJSB
RLTIA
ROJFL
RPUEM
RSLDD
RUZCJ
RWZJW
SAPXX
SBFOO
SDFTQ
SFHLW
SJNQF
SPTJF
SUSCA
SVDJY
SVEUN
SWMZP
TJFAM
TLIEF
TQDVF
TQSSU
TSGOE
TSNKJ
TVNNO
TVXUI
UANXY
UGAHH
UIBFX
UKRXE
UPEPN
UPQBF
UQSAD
UVJZM
UWPFF
UXTEN
UZXLS
VCGBP
VCWFF
VDWGR
VEFVE
VJILJ
VKDOU
VMTFG
VYMVI
WDKSV
WEBYN
WIVTW
WJGXG
WKCPC
WQJLC
WTGZZ
WVIHW
XBICC
XFEYH
XGJFX
XIIEF
XSCJS
XSTNH
XWGQN
XYFFZ
XZEGL
YBJKD
YBMQD
YEYPF
YMDDY
YOIIB
YSLMS
YTKOP
YUUPG
YUYYT
YVDRR
YXJDJ
ZAWZR
ZBHEE
ZCPCT
ZECWJ
ZGKWE
ZLWNI
ZRIQC
"""


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

LETTERS = 26


def _parse(case: str) -> tuple[int, tuple[int, int], list[str], list[str]]:
    """Return (side, start, rows of the board, words)."""
    tokens = case.split()
    side, words = int(tokens[0]), int(tokens[1])
    return side, (int(tokens[2]), int(tokens[3])), tokens[4 : 4 + side], tokens[4 + side : 4 + side + words]


def _places(board: list[str]) -> np.ndarray:
    """Return row and column of each letter's keys, (letters, k, 2) float32, filled up with nan."""
    keys: list[list[tuple[int, int]]] = [[] for _ in range(LETTERS)]
    for row, letters in enumerate(board):
        for column, letter in enumerate(letters):
            keys[ord(letter) - ord("A")].append((row, column))
    places = np.full((LETTERS, max(map(len, keys)), 2), np.nan, dtype=np.float32)
    for letter, its_keys in enumerate(keys):
        places[letter, : len(its_keys)] = np.array(its_keys).reshape(-1, 2)
    return places


def _key_costs(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return the cost of each target key from each source key, infinite where one of them does not exist."""
    costs = np.abs(target - source).sum(axis=-1) + np.float32(1)
    costs[np.isnan(costs)] = np.inf
    return costs


def _chained(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the least cost of a step of `first` (..., a, k) followed by one of `second` (..., k, b)."""
    best = first[..., :, 0, None] + second[..., None, 0, :]
    for middle in range(1, first.shape[-1]):
        np.minimum(best, first[..., :, middle, None] + second[..., None, middle, :], out=best)
    return best


def read_case(text: str) -> tuple:
    """Return what `objective` looks up, all of it C-contiguous, and the parts that `write_answer` needs.

    - `costs` (rows, k, k) float32: from key a of a letter to key b of a word's last letter, all keys between included;
    - `row_of` (words, words) int64: which row of it leads from the end of one word to the end of another;
    - `first_costs` (words, k) float32: from the start to the end keys of a word;
    - `key_counts` (words,) int64: how many keys the last letter of a word has;
    - `relative` (words, k), `gains` (words,) float32, `before` (words,) int64: the memory of `objective`;
    - `start` (2,), `board` (side, side), `spelled` (words, length) int64: the case itself, letters as 0..25.
    """
    _, start, rows, words = _parse(text)
    board = np.array([[ord(letter) - ord("A") for letter in row] for row in rows])
    spelled = np.array([[ord(letter) - ord("A") for letter in word] for word in words])
    places = _places(rows)
    between = _key_costs(places[:, None, :, None], places[None, :, None, :])  # (letter, letter, a, b)
    count, length = spelled.shape
    tails = [between[spelled[:, -2], spelled[:, -1]]]  # from a letter of the word to its last one, shortest tail first
    for at in range(length - 3, -1, -1):
        tails.append(_chained(between[spelled[:, at], spelled[:, at + 1]], tails[-1]))
    lasts = sorted(set(spelled[:, -1].tolist()))
    wholes = [_chained(between[last, spelled[:, 0]], tails[-1]) for last in lasts]
    here = np.array(start, dtype=np.float32)
    first_costs = _chained(_key_costs(here, places[spelled[:, 0]])[:, None, :], tails[-1])[:, 0]
    block = np.repeat(length - 1 + np.searchsorted(lasts, spelled[:, -1])[:, None], count, axis=1)  # no overlap
    for overlap in range(1, length):
        block[(spelled[:, None, -overlap:] == spelled[None, :, :overlap]).all(axis=2)] = length - 1 - overlap
    return (
        np.ascontiguousarray(np.concatenate(tails + wholes)),
        block * count + np.arange(count),
        np.ascontiguousarray(first_costs),
        np.bincount(board.ravel(), minlength=LETTERS)[spelled[:, -1]],
        np.zeros(first_costs.shape, dtype=np.float32),
        np.zeros(count, dtype=np.float32),
        np.full(count, -2, dtype=np.int64),
        np.array(start, dtype=np.int64),
        board,
        spelled,
    )


def _overlap(first: str, second: str) -> int:
    """Return how many last letters of one word are first letters of another, itself excluded."""
    return next((size for size in range(len(second) - 1, 0, -1) if first.endswith(second[:size])), 0)


def answer_space(case: tuple) -> dict:
    """Return the orders of the words."""
    return {"kind": "permutation", "size": case[1].shape[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the score of typing the words in this order; -inf if it is no permutation.

    The memory in the case makes most of an evaluation free: for every word it holds the word before it in the last
    order, the relative costs of its end keys, and what it added to the cheapest. As long as the words follow each other
    as they did, nothing is computed; after a break the relative costs are computed until they are again what they
    were, which takes two or three words. The value does not depend on what the memory holds.
    """
    costs, row_of, first_costs, key_counts, relative, gains, before, _, _, _ = case
    words, most_keys = relative.shape
    if answer.size != words:
        return -np.inf
    waits = np.ones(words, dtype=np.bool_)
    for place in range(words):
        word = answer[place]
        if word < 0 or word >= words or not waits[word]:
            return -np.inf
        waits[word] = False
    ends = np.empty(most_keys, dtype=np.float32)
    cost = 0.0
    last = -1
    as_before = True  # whether the relative costs of the last word are what they were when the next one's were computed
    for place in range(words):
        word = answer[place]
        if not as_before or before[word] != last:
            if last < 0:
                ends[:] = first_costs[word]
            else:
                row = row_of[last, word]
                base = relative[last, 0]
                for b in range(most_keys):
                    ends[b] = base + costs[row, 0, b]
                for a in range(1, key_counts[last]):
                    base = relative[last, a]
                    for b in range(most_keys):
                        ends[b] = min(ends[b], base + costs[row, a, b])
            cheapest = ends[0]
            for b in range(1, key_counts[word]):
                cheapest = min(cheapest, ends[b])
            as_before = True
            for b in range(key_counts[word]):
                if relative[word, b] != ends[b] - cheapest:
                    as_before = False
                    relative[word, b] = ends[b] - cheapest
            gains[word] = cheapest
            before[word] = last
        cost += gains[word]
        last = word
    return max(10000.0 - cost, 1001.0)


def write_answer(case: tuple, answer) -> str:
    """Return the keys, one a line: the merged text of the words in this order on its cheapest keys."""
    start, board, spelled = case[-3:]
    words = ["".join(chr(ord("A") + letter) for letter in word) for word in spelled.tolist()]
    text = words[answer[0]]
    for first, second in itertools.pairwise(answer):
        text += words[second][_overlap(words[first], words[second]) :]
    keys = _cheapest_keys(start, board, text)
    return "".join(f"{row} {column}\n" for row, column in keys)


def _cheapest_keys(start: np.ndarray, board: np.ndarray, text: str) -> list[tuple[int, int]]:
    """Return keys that spell the text at the least cost, by a dynamic program over its letters."""
    lists = [np.argwhere(board == ord(letter) - ord("A")) for letter in text]
    spent = np.abs(lists[0] - start).sum(axis=1) + 1
    choices = []
    for source, target in itertools.pairwise(lists):
        step = spent[:, None] + np.abs(target[None, :] - source[:, None]).sum(axis=2) + 1
        choices.append(step.argmin(axis=0))
        spent = step.min(axis=0)
    at = int(spent.argmin())
    path = [at]
    for choice in reversed(choices):
        at = int(choice[at])
        path.append(at)
    return [(int(keys[at][0]), int(keys[at][1])) for keys, at in zip(lists, reversed(path), strict=True)]


def space_of(case):
    """Return the answer space as the search wants it: the size."""
    return (int(answer_space(case)["size"]),)


# The building blocks. extent: how much of an answer is in use (positions, or chosen items of a subset).
# A move changes the answer in place and returns the range it touched, lo..hi-1, and the new extent.
# budget: the clock, its start, seconds, evaluations allowed (0: as time allows), evaluations used.

def random_state(seed: int) -> np.ndarray:
    """Return a generator's state from any integer; close seeds give unrelated streams (splitmix64)."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
    return np.array([(mixed ^ (mixed >> 31)) or 1], dtype=np.uint64)


# An external function, unlike a ctypes pointer, can be cached with the kernels that call it.
clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@njit(cache=True)
def clock_seconds(clock):
    """Return the clock's reading, s."""
    reading = np.empty(2, np.int64)
    clock_gettime(np.int32(clock), reading.ctypes.data)
    return reading[0] + 1e-9 * reading[1]


@njit(cache=True)
def spent_share(budget):
    """Return the share of the budget that is used up, 1 or more when it is over."""
    if budget[3] > 0.0:
        return budget[4] / budget[3]
    return (clock_seconds(budget[0]) - budget[1]) / budget[2]


@njit(cache=True)
def random_bits(rng):
    """Return 64 random bits (never all 0) and advance the state."""
    bits = rng[0]
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    bits ^= bits << np.uint64(17)
    rng[0] = bits
    return bits


@njit(cache=True)
def random_unit(rng):
    """Return a random float in (0, 1)."""
    return (np.float64(random_bits(rng) >> np.uint64(12)) + 0.5) * 2.220446049250313e-16


@njit(cache=True)
def draw_index(weights, rng):
    """Return a random index, each as likely as its weight; weights are positive float64."""
    total = 0.0
    for k in range(weights.size):
        total += weights[k]
    left = random_unit(rng) * total
    for k in range(weights.size - 1):
        left -= weights[k]
        if left < 0.0:
            return k
    return weights.size - 1


@njit(cache=True)
def copy_range(source, target, lo, hi):
    """Copy source[lo:hi] to the same place of the target."""
    for k in range(lo, hi):
        target[k] = source[k]


@njit(cache=True)
def share_credit(weights, credit, floor, drawn_by):
    """Set drawn_by to the weights times the credit; no credit counts less than that share of the greatest one."""
    greatest = 0.0
    for k in range(weights.size):
        greatest = max(greatest, credit[k])
    for k in range(weights.size):
        drawn_by[k] = weights[k] * max(credit[k], floor * greatest, 1e-9)


@njit(cache=True)
def given_order(size):
    """Return 0..size-1 in this order."""
    answer = np.empty(size, np.int64)
    for i in range(size):
        answer[i] = i
    return answer


@njit(cache=True)
def reverse_range(answer, lo, hi):
    """Reverse the elements of lo..hi-1."""
    hi -= 1
    while lo < hi:
        answer[lo], answer[hi] = answer[hi], answer[lo]
        lo += 1
        hi -= 1


@njit(cache=True)
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def shuffle(answer, rng):
    """Bring the elements into a random order."""
    for i in range(answer.size - 1, 0, -1):
        j = random_below(rng, i + 1)
        answer[i], answer[j] = answer[j], answer[i]


@njit(cache=True)
def best_simple_order(case, size, budget, share, rng):
    """Return the best of: as given, the other way round, and a few random orders."""
    best = given_order(size)
    best_value = evaluate_full(case, best, size, budget)
    answer = best.copy()
    reverse_range(answer, 0, size)
    for _ in range(9):
        if spent_share(budget) >= share:
            break
        value = evaluate_full(case, answer, size, budget)
        if value > best_value:
            copy_range(answer, best, 0, size)
            best_value = value
        shuffle(answer, rng)
    return best, size


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


@njit(cache=True)
def random_partner(rng, position, size, reach):
    """Return another position than the given one, near ones more often; size is at least 2."""
    distance = random_scale(rng, max(1, min(size - 1, np.int64(reach * size))))
    partner = position + distance if random_below(rng, 2) == 0 else position - distance
    if partner < 0 or partner >= size:
        partner = 2 * position - partner
        if partner < 0 or partner >= size:
            partner = (position + distance) % size
    return partner


@njit(cache=True)
def insertion(answer, extent, reach, rng):
    """Take one element out and put it in elsewhere. Cost O(distance)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    element = answer[i]
    step = 1 if i < j else -1
    for k in range(i, j, step):
        answer[k] = answer[k + step]
    answer[j] = element
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def block_move(answer, extent, reach, rng):
    """Exchange two blocks that lie side by side, which moves a block elsewhere. Cost O(both blocks)."""
    if extent < 3:
        return 0, 0, extent
    block = random_scale(rng, max(1, extent // 3))
    shift = random_scale(rng, max(1, min(extent - block, int(reach * extent))))
    lo = random_below(rng, extent - block - shift + 1)
    hi = lo + block + shift
    cut = lo + (block if random_below(rng, 2) == 0 else shift)
    reverse_range(answer, lo, cut)
    reverse_range(answer, cut, hi)
    reverse_range(answer, lo, hi)
    return lo, hi, extent


@njit(cache=True)
def reversal(answer, extent, reach, rng):
    """Reverse a block. Cost O(block)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    lo, hi = min(i, j), max(i, j) + 1
    reverse_range(answer, lo, hi)
    return lo, hi, extent


@njit(cache=True)
def three_cycle(answer, extent, reach, rng):
    """Move three elements round among their places. Cost O(1)."""
    if extent < 3:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    k = random_partner(rng, j, extent, reach)
    if k == i:
        return 0, 0, extent
    answer[i], answer[j], answer[k] = answer[j], answer[k], answer[i]
    return min(i, j, k), max(i, j, k) + 1, extent


@njit(cache=True)
def metropolis_temperature(worsenings, count, acceptance):
    """Return the temperature at which that share of the sampled worsenings is accepted on average; 0 for no sample.

    The mean of exp(-w/T) grows with T from 0 to 1; log T is found by bisection.
    Cost O(24 count).
    """
    if count == 0:
        return 0.0
    greatest = 0.0
    least = np.inf
    for k in range(count):
        greatest = max(greatest, worsenings[k])
        least = min(least, worsenings[k])
    low = math.log(least) - math.log(-math.log(1e-12))
    high = math.log(greatest) - math.log(-math.log(min(acceptance, 0.999)))
    for _ in range(24):
        middle = 0.5 * (low + high)
        scale = -math.exp(-middle)
        accepted = 0.0
        for k in range(count):
            accepted += math.exp(worsenings[k] * scale)
        if accepted < acceptance * count:
            low = middle
        else:
            high = middle
    return math.exp(0.5 * (low + high))


# The search.

@njit(cache=True, error_model="numpy")
def evaluate_full(case, answer, extent, budget):
    """Return the objective; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = np.float64(objective(case, answer))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    (size,) = space
    if kind == 0:
        return insertion(answer, extent, reach, rng)
    if kind == 1:
        return block_move(answer, extent, reach, rng)
    if kind == 2:
        return reversal(answer, extent, reach, rng)
    return three_cycle(answer, extent, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, reach, start_acceptance, end_acceptance, weight_floor):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    (size,) = space
    current, extent = best_simple_order(case, size, budget, construction_share, rng)
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
    credit = np.ones(weights.size)  # the recent share of a kind's moves that were accepted and changed the value
    drawn_by = weights.copy()
    worsenings = np.empty(256)  # the sizes of the worsenings seen last
    seen = 0
    temperature, next_calibration = 0.0, 0.0
    started = spent_share(budget)
    next_check = budget[4]
    idle = 0  # moves in a row that changed nothing
    while idle < 1000:
        if budget[4] >= next_check:
            share = spent_share(budget)
            if share >= 1.0:
                break
            next_check = budget[4] + max(1.0, min(1000.0, budget[4] / max(share, 1e-9) / 4000.0))
            progress = (share - started) / (1.0 - started)
            share_credit(weights, credit, weight_floor, drawn_by)
            if progress >= next_calibration:
                # The share of worsenings to accept falls from start to end at an even rate.
                acceptance = start_acceptance * (end_acceptance / start_acceptance) ** progress
                temperature = metropolis_temperature(worsenings, min(seen, 256), acceptance)
                next_calibration = progress + 0.004 if seen >= 16 else 0.0
        kind = draw_index(drawn_by, rng)
        bar = current_value + temperature * math.log(random_unit(rng))
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, reach, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
        credit[kind] += 0.002 * ((1.0 if value >= bar and value != current_value else 0.0) - credit[kind])
        if -np.inf < value < current_value:
            worsenings[seen % 256] = current_value - value
            seen += 1
        if value >= bar:
            copy_range(neighbour, current, lo, hi)
            extent, current_value = neighbour_extent, value
            if value > best_value:
                copy_range(current, best, 0, current.size)
                best_extent, best_value = extent, value
        else:
            copy_range(current, neighbour, lo, hi)
    return best, best_extent


def answer_text(text, values, clock, started, seconds):
    """Return the output for a case.

    Parameters
    ----------
    clock, started, seconds
        The clock that counts, its reading when the time began, and how much time there is.
    """
    case = read_case(text)
    budget = np.array([clock, started, seconds, values["evaluation_limit"], 0.0])
    weights = np.array([values["weight_insertion"], values["weight_block_move"], values["weight_reversal"], values["weight_three_cycle"]])
    numbers = (float(values["construction_share"]), float(values["reach"]), float(values["start_acceptance"]), float(values["end_acceptance"]), float(values["weight_floor"]), )
    arguments = (case, space_of(case), budget, random_state(int(os.environ.get("ALE_SEED", "1"))), weights, *numbers)
    compiled_before = sum(search.stats.cache_misses.values())
    search.compile(tuple(typeof(argument) for argument in arguments))
    if sum(search.stats.cache_misses.values()) > compiled_before:
        budget[1] = time.clock_gettime(clock)  # no compiled kernels at hand: the limit is lost, the answer need not be
    budget[2] -= writing_seconds(case, arguments)
    answer, extent = search(*arguments)
    return write_answer(case, answer)


def writing_seconds(case, arguments):
    """Return what is to be kept for writing the answer: measured on the first answer that a search would stand on."""
    trial = list(arguments)
    trial[2] = np.array([arguments[2][0], 0.0, 1.0, 2.0, 0.0])
    trial[3] = random_state(1)
    answer, extent = search(*trial)
    started = time.perf_counter()
    write_answer(case, answer)
    return 1.5 * (time.perf_counter() - started)


def warm_up():
    """Compile the kernels on a sample case."""
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    answer_text(SAMPLE, values | {"evaluation_limit": 8}, time.CLOCK_MONOTONIC, 0.0, 1.0)


def main():
    """Read a case, search until the time is nearly over, write the answer."""
    limit = float(os.environ.get("ALE_TIME_LIMIT", "2.0"))
    alone = __name__ == "__main__" and PROCESS == os.getpid()  # not a fork of a process that began long ago
    if os.environ.get("ALE_CLOCK", "wall") == "cpu":
        clock = time.CLOCK_PROCESS_CPUTIME_ID
        started = 0.0 if __name__ == "__main__" else time.clock_gettime(clock)
        seconds = limit - max(0.03, 0.015 * limit)
    else:
        clock = time.CLOCK_MONOTONIC
        started = START if alone else time.clock_gettime(clock)
        seconds = limit - max(0.1, 0.05 * limit)
    values = {name: entry["default"] for name, entry in PARAMETERS.items()}
    values |= json.loads(os.environ.get("ALE_PARAMETERS") or "{}")
    output = answer_text(sys.stdin.read(), values, clock, started, max(seconds, 0.001))
    sys.stdout.write(output if output.endswith("\n") else output + "\n")
    sys.stdout.flush()
    if alone:
        os._exit(0)  # the answer is out: taking the interpreter down would cost a tenth of a second


if __name__ == "__main__":
    if sys.argv[-1] == "ONLINE_JUDGE":
        warm_up()
    else:
        main()
