"""A solver composed by ale-agent: search over a subset.

Construction   greedy: add the best of a few items, again and again
Neighbourhoods flip: choose or drop an item
               swap: drop an item and choose another
               several: two to four flips at once
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

import base64
import json
import math
import numpy as np
import re
import zlib
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.1, 'low': 0.01, 'high': 0.5, 'log': True},
 'width': {'default': 8, 'low': 2, 'high': 64, 'log': True},
 'weight_flip': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_several': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.2, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0003, 'low': 1e-06, 'high': 0.02, 'log': True},
 'weight_floor': {'default': 0.2, 'low': 0.02, 'high': 1.0, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = zlib.decompress(base64.b85decode(
    "c-l3XL3Sh|3`6%hMI8aKG5G!$8-3BU=$E8Z1;&;onYG8a|6<j5dws>vmERuci!;A-`@3^}hyV5Y&hBr|_#*SGdB5)Z=E(SphjZzV%?k6|>wI(G"
    "^X(kp(URwkucE(>{bk=Thd#|4d9=>_?x`=eSIzNt=`*yi9%{WjN9m8y8)tvF^k9Wonqw#uN0(pcRkTxYYa5;9oY3F(?NCgLHWf9om0ql)Q)<Cd"
    "@C1H?2!<DLo&HP~=O0>dXMHi-FZR@nO2r(Cc`LrFkSZ0H-r%iXI_TA^3bAx}tuk~lEgeVOE2OQLhE}ZY)s-`SsZ@pbK1I5&e)g9^dM@c8!`fdl"
    "Yz4VVPwTs@tyPY#7fat2iPxdep4w3dSgU=q?WAv2g?RPdy<U*o-c9MKEr(LlNqk*WMoLvV#T$y^9#wNI-2%ZWQb`5%Vv`xAU0^v%#JLn~FRz%z"
    "7sE9umA&G;l9TM+grc8keal!;IOqC|S7!!(?09uX3bQw1E`J9k=gjdiICWZYby!}>1}vr1wf9qAl4GhgQ~y>Tgb->a*j^>>s=(Ck=(wpsI0|_o"
    "pehot4F$nc*=`C!3b=w@fMq%zp*2GRvg6k0D2-X9?E3vXc<)dYEqoRIB5A^H_Dca3I_ssODXp;S`tLhkMzRcme_f`%CP;rZ^^<38w*gDe;K-Xk"
    "07o2oYlE5&E%dYXG&!yAzbvYzW%SI{vDP%km7)hR^~<^-slTQ5wrWZL0K*W6tfi$0QCQvrbqYX$N2?qi<Es3jV#Uz!YDCb&UjjOmBRGaIk)-)N"
    "T%S|}Xm3y{D0nF?FZd~St)2s>OHiDOh6q~a-vZB7oo>+prHEDUV={=LGIRa~epISnF4xvx!~uG?UTI#vAYW(>H!Yybh8HeH^I?v5%1f$5Mq0j9"
    "-4v20HB^LKQG{>^QB^+<3gvGq@-2id9cV4qo=UaWp`l<A-rvJ1Fg8l5VLw&+f(yt*<!QCU<h0^HsC0n>A#FmEs>OmZ^*>-UgSb?u-hQ9f3)N{>"
    "`z)#7TgWzIg*N9Z^v?xWl#>Z_9hYizmI)yo$2yflT6L=4r82TlnQL{<-|q!I32Go$kfgD$IYOU!VxZMn;X*g`q##42E%cgJ)ME)rP)j~j@}!Q>"
    "*EpfaLlmdf>8Sih)%Q$OP9_ji$fEVsLbpK{yd~HwM4G7f(-l<#aKgT5;8Z+Y-z~kqbUJe>08tQ&1els~@m~Y5?jtK@nAo5M?YI(oRm13o0FP=W"
    "j(d*j4qQ|t64%F~)~B5LrG8mLY6^|_Kr+ki7+Q@aZ30~Nw%4M7BL1Qf6P@&g!LtWqa^1xA*s>fboq6530Fm!Y+?w}2N1>Z6T4$CsDV&yzc1<5i"
    "r-f)**wG4Q?RZdXG4$T<8Z*8UanKvpbHi0yY>_!s9NkhPcw4z@42d#{#Rw;tG#&nN&9^KK2_|Hv7d9E=psX!YAqVw7R0Nbc=n*DE9XB>gxGieS"
    "{e8V!=}Z?jIj<MwUp~khG?WtGR(LDAwYumhl@S<Tn0~ZF-kjV(n>H+m)RHgyE}yHRCrb!h3OAL*g{0FLqJ#5XMqr`zXn`UCs4ylNLvOX+5<Sq;"
    "zy|DwPfL?%4P|yg6=NHabhC0qk#RRL1`Gg0;eO2S%I$@og?~;5L1(9()mFP6=v%&q4mXQHptM#XCgFD%z!RR7K%&E!5E-fjN65)hC7P2b7hO#?"
    "1-YK&LuGNM1AWEfo#zKbgk1;Eg7t%(@m}ebay{6wa!7ej9D@~O5z6jS%z^7$4xO;k(>-1RFOG&rY~u8j4OrbzD`>UphbB!?*I<Ro1Y>*|9ww2W"
    "n?KyrL%2O1Ho@E59t#G`0J=apb{o>E>ZbS>agDaipzT<4sy$J+vn0>x&iGGz<*g>&rRUwkip<#5a=4;JPh#YdTJmkK9+tL!UZzmd6fVP9e0ox7"
    "F4*2=0~lURlM1A*hY6adgA_ow92Osl<RtWoB8`V3Y$L>z*U%&>Hvi|^?@ts0|GdmQKnuP?91F9!A9rEb0=uf^K=!_T=k#6o;<TBjLO1Et^v<cB"
    "?$3K5oj3|v8Tc~=milFAp5NpkaHs&_s<7lLDzv-6V9}1#e`8@Fshm$7Z(Tc`MZq7hVnKSA34urK$+3uZEnH+HteP!<Hs~D3#||rv>c{Ldelmx{"
    "qibpE{UlG>An6lOLLE5%J3VEo`rE$r7<?0oU}~z@+G-1CgNd(ZA}J>bS)$VogJJuIb!@>g5@ETXCJF+9@s5?=Qp9lA_K}DH#$_Y)7tMGUn!dni"
    "-Jimuhj(oc2iUZ&LqY}{Ejr}s*<}tMDifp$@E5ezZ+N>TM->HT^7Bf}f;pmj-PTltj0&@yA96E^?l)mDIao_^ISjH|?LuS_2rDCNxt)?D6e3g$"
    "XhA|9wpWlIbVij;fK<2BgM>k1<4>Eme_mTa%<FjX#r*Tkt7OsqDh`E>ctptHg2?P=aSL!4N9<vl-C6=h242GfFsy-Sw8_II-*wstF6s;LDSu;-"
    "+Iq(`+hX!&Q9ZVB{8)U5|89#l1d4z1ctV5AY~XA#NKE(3<aj)GqeV=|JD!VQ%D44l+i-hKr0Bg2#65q?TH&c;atg?X6KL_aMxZ{#K6Taw9JFCD"
    "3Mt7A7jiZT3!%eb!}h$(%>f`tqj2I2;|U-W0mE_AtruhQI?wY&{7M;SMEt1dW_GZdd-1}ap8aseb6bk(;ACn*MVNr_EcMbsT0EBJ;{_-agy3hH"
    "-S2RECPS3)K8z#G?E>if6Y&yXxlH79GdVECO~34k1Hj;oa#?u%!2$=?w+(IXadP)V18als=L`<|qHt)<eCle|H8(w*h*>`5*JHWDh2|jG-|sr8"
    "hH>9UV3u<{gSK&!Jei*8qKp=<o7!k96X2mM3D+cyB`R+>Y@tZ5r$TxRWk5wOMB&!&%ap&K2cnl5-meKKSpvJi!lKWdj|*G2snmHmkYiImZ4efB"
    "A{L~4m>BKJ2P2*R1RQIUHh6z#TQIv{!;=WEIfOqj%zYF0PceQMB-}DAPouCIbWh$GmoWmzphf`R^%ojBE%5y+N3Ua<iyH`RhK&Szdp*pyCkoOA"
    "l`*Ay;AbcSmrmJv-J<^)(>PfO7t_W-h2k(cZwLZfX0|1<n+v}@CIKJ77Y^5sk&6vf9Ztb0!K>?C6=32fb{c&60%KdOxK}bcU@|@2hi@J{fnw}@"
    "m57r<)QreRx|fB%XbCI^NkE<k?NK%{`McI4EuN3VbGF{{C5>-4EPMRN7itnpwr>v}{TvnEn0rsAb<84JU`X=)-?6jjE`r|TzK2j}whM>rdY5+Z"
    "5|L}tUhhVsEwN#KxR@V!5{5%KgV{Gc7h6)8Df^`Y-JSJn)9zfWG#+wdDzL!5kU18JhE7pE3*_;A4}yQ~MTRMWF?Ts5=M6gyC}+NVnzAHuee3&-"
    "#usuPJP>9Y$FW3L{d1-GJxe4=_{k-<*=wdfFjP;~;krO!=Cg!Q7~?*w9T;B3s$Va_CbVc7GYlE@v_9C<bZwMNI1b~;Whs*eV-H+NJ$`cv=7RbH"
    "p5-fRvsC&j4cPp3;FRT>K|_#CebZD-b@=-SxJFBF"
)).decode()


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

GREATEST_WEIGHT = 10**6  # in a case from elsewhere, also of a profit
GREATEST_CAPACITY = 10**12
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def read_case(text: str) -> tuple:
    """Return (n, m, profits, weights, capacities): profits (n,), weights (n, m) item by item, capacities (m,), int64."""
    numbers = []
    for line, row in enumerate(text.split("\n"), start=1):
        for token in row.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"line {line} of the case: {token[:40]!r} is not an integer")
            numbers.append(int(token))
    items, constraints = (*numbers, 0, 0)[:2]
    if items < 1 or constraints < 1 or len(numbers) != 2 + items + items * constraints + constraints:
        raise ValueError(f"the case must hold n m, n profits, m x n weights, m capacities, has {len(numbers)} integers")
    values, capacities = numbers[2:-constraints], numbers[-constraints:]
    for name, part, greatest in (
        ("profits and weights", values, GREATEST_WEIGHT),
        ("capacities", capacities, GREATEST_CAPACITY),
    ):
        if min(part) < 0 or max(part) > greatest:
            raise ValueError(f"the case must hold {name} 0..{greatest}, has {min(part)}..{max(part)}")
    rows = np.array(values, dtype=np.int64).reshape(1 + constraints, items)
    return items, constraints, rows[0].copy(), np.ascontiguousarray(rows[1:].T), np.array(capacities, dtype=np.int64)


def answer_space(case: tuple) -> dict:
    """Return the subsets of the items, of any size: what does not fit is left out (see `objective`)."""
    return {"kind": "subset", "size": case[0], "minimum": 0, "maximum": case[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the profit of the items taken; -inf if the answer is no 0/1 array (n,). Cost O(n * m).

    Items with a 1 are looked at in order of number and taken if they still fit in every capacity, else left out.
    """
    items, constraints, profits, weights, free = case
    if answer.size != items:
        return -np.inf
    free = free.copy()
    profit = 0
    for item in range(items):
        if answer[item] == 0:
            continue
        if answer[item] != 1:
            return -np.inf
        lack = 0  # negative once a constraint is: without a branch, which is faster than to stop at the first of them
        for constraint in range(constraints):
            lack |= free[constraint] - weights[item, constraint]
        if lack >= 0:
            for constraint in range(constraints):
                free[constraint] -= weights[item, constraint]
            profit += profits[item]
    return float(profit)


def write_answer(case: tuple, answer) -> str:
    """Return how many items `objective` takes and which, counted from 1."""
    _, _, _, weights, free = case
    chosen = []
    for item in np.flatnonzero(answer).tolist():
        if (weights[item] <= free).all():
            free = free - weights[item]
            chosen.append(item + 1)
    return " ".join(map(str, [len(chosen), *chosen])) + "\n"


def space_of(case):
    """Return the answer space as the search wants it: the size, and the bounds on how many are chosen."""
    space = answer_space(case)
    return int(space["size"]), int(space["minimum"]), int(space["maximum"])


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
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def random_member(answer, value, rng):
    """Return a position that holds the value; there is one.

    Some random draws first; where the value is rare, the next one after a random place. Cost O(size) at worst.
    """
    for _ in range(16):
        i = random_below(rng, answer.size)
        if answer[i] == value:
            return i
    while answer[i] != value:
        i = i + 1 if i + 1 < answer.size else 0
    return i


@njit(cache=True)
def choose_items(answer, count, rng):
    """Choose that many items at random and drop all others."""
    left = count
    for i in range(answer.size):
        answer[i] = 0
        if random_below(rng, answer.size - i) < left:
            answer[i] = 1
            left -= 1


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


@njit(cache=True)
def random_subset(case, size, minimum, maximum, budget, share, rng):
    """Return random items; where they are not feasible, the best of a few subsets of many sizes."""
    best = np.zeros(size, np.int64)
    answer = best.copy()
    best_extent, best_value = -1, -np.inf
    for turn in range(32):
        count = minimum + random_below(rng, maximum - minimum + 1)
        if turn > 0:
            # By turns near the lower bound and near the upper one, at every scale of distance.
            apart = random_scale(rng, maximum - minimum + 1) - 1
            count = minimum + apart if turn % 2 == 1 else maximum - apart
        choose_items(answer, count, rng)
        value = evaluate_full(case, answer, count, budget)
        if best_extent < 0 or value > best_value:
            copy_range(answer, best, 0, size)
            best_extent, best_value = count, value
        if best_value > -np.inf or spent_share(budget) >= share:
            break
    return best, best_extent


@njit(cache=True)
def smallest_subset(case, size, minimum, maximum, budget, share, rng):
    """Return as few items as may be, drawn at random; where that is not feasible, any random subset."""
    answer = np.zeros(size, np.int64)
    choose_items(answer, minimum, rng)
    if evaluate_full(case, answer, minimum, budget) > -np.inf:
        return answer, minimum
    return random_subset(case, size, minimum, maximum, budget, share, rng)


@njit(cache=True)
def greedy_add(case, size, minimum, maximum, budget, share, width, rng):
    """Begin with as few items as may be, and add the best of a few drawn items, until none helps."""
    answer, extent = smallest_subset(case, size, minimum, maximum, budget, share, rng)
    value = evaluate_full(case, answer, extent, budget)
    failures = 0
    while extent < maximum and failures < 4 and spent_share(budget) < share:
        best, best_value = -1, value
        for _ in range(width):
            i = random_member(answer, 0, rng)
            answer[i] = 1
            tried = evaluate_full(case, answer, extent + 1, budget)
            answer[i] = 0
            if tried > best_value:
                best, best_value = i, tried
        failures += 1
        if best >= 0:
            answer[best] = 1
            extent += 1
            value = best_value
            failures = 0
    return answer, extent


@njit(cache=True)
def flip(answer, extent, minimum, maximum, rng):
    """Choose an item or drop one, whichever the bounds allow. Cost O(1), O(size) where only few qualify."""
    if minimum == maximum or answer.size == 0:
        return 0, 0, extent
    if extent <= minimum:
        i = random_member(answer, 0, rng)
    elif extent >= maximum:
        i = random_member(answer, 1, rng)
    else:
        i = random_below(rng, answer.size)
    answer[i] = 1 - answer[i]
    return i, i + 1, extent + 2 * answer[i] - 1


@njit(cache=True)
def swap_items(answer, extent, rng):
    """Drop one item and choose another. Cost O(1), O(size) where only few qualify."""
    if extent == 0 or extent == answer.size:
        return 0, 0, extent
    i = random_member(answer, 1, rng)
    j = random_member(answer, 0, rng)
    answer[i], answer[j] = 0, 1
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def several_flips(answer, extent, minimum, maximum, rng):
    """Choose or drop two to four items at once. Cost as that many flips."""
    lo, hi = answer.size, 0
    for _ in range(2 + random_below(rng, 3)):
        first, last, extent = flip(answer, extent, minimum, maximum, rng)
        if first < last:
            lo, hi = min(lo, first), max(hi, last)
    return lo, hi, extent


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
def apply_move(kind, answer, extent, space, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    size, minimum, maximum = space
    if kind == 0:
        return flip(answer, extent, minimum, maximum, rng)
    if kind == 1:
        return swap_items(answer, extent, rng)
    return several_flips(answer, extent, minimum, maximum, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, width, start_acceptance, end_acceptance, weight_floor):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    size, minimum, maximum = space
    current, extent = greedy_add(case, size, minimum, maximum, budget, construction_share, width, rng)
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
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, rng)
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
    weights = np.array([values["weight_flip"], values["weight_swap"], values["weight_several"]])
    numbers = (float(values["construction_share"]), int(values["width"]), float(values["start_acceptance"]), float(values["end_acceptance"]), float(values["weight_floor"]), )
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
