"""A solver composed by ale-agent: search over a permutation.

Construction   plain: the best of: as given, reversed, a few random orders
Neighbourhoods swap: exchange two elements
               insertion: move one element elsewhere
               block_move: exchange two blocks side by side
               reversal: reverse a block
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
 'weight_swap': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 1.0, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_insertion': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_block_move': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_reversal': {'default': 1.0, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.2, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0003, 'low': 1e-06, 'high': 0.02, 'log': True},
 'weight_floor': {'default': 0.2, 'low': 0.02, 'high': 1.0, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = zlib.decompress(base64.b85decode(
    "c-lpnS&jrD3`74p1xF~te*cS&{X%P`R%@oKfGm#V(4%~{&$@OUtF~ENuhHtQtJS${oEp2%TkrK-5q0*uW}U5$Q}3v)?om&#{i|ct9rc{rM;-co"
    "*L8{(>4}%zUfa^2O~30&y}RDe|LK*x>RH}S-&)#aKzPeDy=CX@d2FE$*2_A37n`ijb-0cim)*ku>Z!aKQP+o4x9(Hts=fK&b?rkxK3aRmuvgka"
    "Udz5C8}$Axesg-a4`XFQ_ruXK7SnV>thzBl2kM-()Fw=uv;ELE$`!xa{MspvU=SZYlY@${{E|sJS`QV3cKlE~DyWlWtYvqC=hIPcau-*R?b2@g"
    "zO%FpGa1v?+F#blJ4e((-E6s?q;BW*rEu%`;ED5?3oicaR2Jy4Q52$KzqCe1Z7)|?<*vRJj6-gYU(y>vBo%WdS~ki%oxL4|_`Lg(4Pnn@_Z;Oq"
    "AI{$ZT-$qU`|y?xm@I$1s@p`lAf!aMt9n&A)JMM<oQc>*<P^wT96!=R;sMEYY?hpNShexsh3ydQhnpYm<^A=VVvhGKocxQ+eUwQOT?)(ID!}?("
    "e=kDo1^C>()d{CxD>j%1ZjHB<N}Z|ity92yl%PV4m(MxZ&Wf<sc-Idvx-oHxo6Qc}CZ`+j2<7)Ua|hhdY2Wqoa0W_HdrlcCR$>k@cENaW?9uK6"
    "oX7}6uXzi>_!@n|p*pS;FZrR@!xd2G{cROayllAZWp88k=c?s@*{Y3Pf~u^~Mv&DDC3U!Evc?4`%T`GqQnCUPnOL6b+tdh5@{zUc`tFpGk%%Lm"
    ";??5L$zbPD#H%C`nJzwxSvDDOhQ%*-ozjA6oWkavf^t_(#7@pZ#}FmYsDoCoN+&qxfI{jcKO2;_jPqxkn}O+iYYyOlC_3MVfIpYy-t?LxLKAt)"
    "l}2TL#IqadfipPkU`#K7ykwb)&f9IfEic4g2V1m}{BY@&<N%%AV4+SRCh7IABtO7RgSU_Q{wCdKV^DIZPszs7$%tGQzV|9Fby!(vD`*XPCjxv("
    "7<JlShX)iRtFPfH;0;V2)Z=3{;<6wEbL}Vtvlf_<p%XHar{?C(CLP?}_u~N%*A*6g*6@D;Ef3(9gl3C-QOqxn9mhK0IWzAB9Kg)z9JW=z?DuDU"
    "ufPU~typq^C#W5*G!wA`WhW<qA*5!F?g~t1IJTxkX9`7pSz3dTsdTizlD{b(Z{faK+^&h-1qPkqnK~~;OmPoRS;k!29N0=*hx}B9P5Zor9<a4~"
    "aixU+-t6MlMhG40!WlkPc_50*z&Pa6IUC;iW6Mq{%m-S<rWM<H@e87a#%#`^W(U7ppn%*BJ9bLZeaykQ^fMM`_ttx+L_I4G4&ugoMhhZOhf5E5"
    "aGbqcM~zHsxH+Q=N*mAO&tC8Amjo)g^pzKm?X(cCpn3*Phuq1uNan(*NiRJ<(~0|;Ys?2ow&t?(DhE9jAjKMh-sp}OUNjT%`0qXfCnpz9q{7C>"
    "g_@Af;moe|-aV;w`f!72_4=}{hAB;IkkX(Fx`R_T+I=Nepp-fZHy?)WUM<VkJwg#rsW6<yP4O<;^@X%3;zR6LVk@AGKs3_T_&KXr5s8~c>*cF>"
    "!_-n3GAV$SoHU=d$p~0by5pOSe&SHbPta9lSkTsh<`Eql+X?^_)+}6DGAt*wL%&%#m!IX~UJo7vt!5!XR}0L(kYr@bDnJC}I?n51dD1Xfe+tJW"
    "{_(xsDcnBDOXgSwW%-PXPhhDOgu&fSg&$3ZK9*^m4g5RyD*uiM&3ekt<)ZEMpq=l3j+9G|R`SGy>fRfFG#h@J2xFg~O(T2m_mfgI2=iUD!2s2="
    "?o!xj_YLr^+SNHx)(0t@su4dHS#2;_LTOy|6IC+MT8*Y_`EsAG>;zrKp^s534o7Tmir_auaE$HsKkKJQTr0BnQdpP+Wgi4>)@im!T2(ne2%nuj"
    "T@O?ATuABIKidpKBO5Q=vY1NHDxHYgWSm>b;n>B~gk>T_Qcoq{F!ZA=kB?LW4s4pUmEIl<A>y$Kn3{2ZiFl*`T{qlf)S+w~tx8uWWgA_0f8z%I"
    "AqeP2<8Ibv4H#qLMXD1O!9<rd3zejWO!?wa$ZgTC@M%#f?J31R>W_C%T1ArY_v+cSZH-YD8QItuC^%1GVKo@@4Q`8}$Rog@W)uo5bFjG3@;&84"
    "knS7_6%k;tC@t6~=(r1QgZgEPI`EOl50M#2RQO3+*sotFSnW-N(zDrlooNzjmO5DZBiZlC#g^Qi6qVvWHO7QP0+J!C3rxAPrnk?6gQxfTO<3TF"
    "E=JNfmgO{@e>6sF3dYRH*@LR-wEj~pK7syWCe+)p-%x86i&ngmcwE2Pax<@H5@3~<nih-r(D`Zij9vrnmZIe_SMAh0=XLo!nd)1RUjBJ)_W4PE"
    "qd$jueYQ={8Et3Br8YN^JI<g-fQ`|{&`gxmZU;=0ipk|Hv?cA%lv`0c?0IO{2Ze*SVRoNL>&Z+MY)tf?j5o-wb?GEBD_PGK139i!+D`y`v_ZpB"
    "eMr6u?*&mlX!7G&Y{p0(rp=RY$p#JIoJNLY6fP<bQtv`T^jZ_Zwp=41o4UL}bpMJr#TU)MDzCGQ9&tHnmkSTH_A1)q=_f6@b;%7IohTdfePw$Y"
    "N+)e)rCE%n7eM=Jr<EK*O`q|&!;%8kamjAZ2~MQ@JKF9^e6t;L$jRH(0d(NYnPrIQ71hj%GRS)poH0PR`XSjraOU8G3)~+h=wZu2!|O;TUMx9g"
    "<`}g{RzOmmsVF^qNbZctt`z9e>ZK>^1SK=j=rk{nOHs7e8G)>`01Veu6d2c8;-=o{0~~i)H6dGwXEXd<(reW_v&byo=J&#Ih==DME;Y<w@teO|"
    "#>qtYW{Zh(i^w|NTxbj$R)%8xZY*g2$t_&a9Q;aMW|o6RTz!i%_R?EcrVcU0y_fGDYErRBU0;kH5|NYkWhC+Edl!J#3^&_umNm+Gf)gzpdEE(R"
    "Qn@*CtJClCnrPk(PJ(_>@>pWomYh3YQQIBEFmLTT5pK4ZjTOzA5@!3R#{732{SIL@(3yH<QS=kPCv4-ZO;VZHSDvPGa&o<~^>4B|yKKZ<P78<0"
    ";U?Y1Yqfc|>!AK}XElVfy+|Dw9RxZ7%KQyk9uYnKygQFKRA46hz0v;yuNwx6Jv&M|uS|B*VV1!6m~-Tio%fDqqkA0L{+@VZ1IdY&yp);TJH}I0"
    "*2#^@IexP#7a>HOVx`G`<quK16&3"
)).decode()


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

MOST_ELSEWHERE = 256  # facilities, in a case from elsewhere
GREATEST_ELSEWHERE = 10**5  # distance or flow; with 256 facilities the cost stays below 2**53
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def _matrices(case: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the distances between locations and the flows between facilities, each (facilities, facilities) int64."""
    numbers: list[int] = []
    for line, text in enumerate(case.split("\n"), start=1):
        for token in text.split():
            if INTEGER.fullmatch(token) is None:
                raise ValueError(f"the case, line {line}: {token[:40]!r} is not an integer")
            numbers.append(int(token))
    size = numbers[0] if numbers else 0
    if not 2 <= size <= MOST_ELSEWHERE or len(numbers) != 1 + 2 * size**2:
        raise ValueError(
            f"the case must hold n in 2..{MOST_ELSEWHERE} and 2 x n x n values, has n = {size}, {len(numbers)} integers"
        )
    if min(numbers[1:]) < 0 or max(numbers[1:]) > GREATEST_ELSEWHERE:
        worst = f"{min(numbers[1:])}..{max(numbers[1:])}"
        raise ValueError(f"the case must hold values 0..{GREATEST_ELSEWHERE}, has {worst}")
    distances, flows = np.array(numbers[1:], dtype=np.int64).reshape(2, size, size)
    for name, matrix in (("distance", distances), ("flow", flows)):
        wrong = np.argwhere((matrix != matrix.T) | np.diag(matrix.diagonal() != 0))
        if len(wrong):
            row, column = wrong[0].tolist()
            rule = "zero on the diagonal" if row == column else f"equal to row {column + 1}, column {row + 1}"
            raise ValueError(
                f"the case, {name} in row {row + 1}, column {column + 1}: must be {rule}, is {matrix[row, column]}"
            )
    return distances, flows


def read_case(text: str) -> tuple:
    """Return (facilities, distances, flows), the matrices (facilities, facilities) int32.

    The diagonal of the distances holds -1, which tells the objective of two facilities at one location.
    """
    distances, flows = _matrices(text)
    np.fill_diagonal(distances, -1)
    return len(flows), distances.astype(np.int32), flows.astype(np.int32)


def answer_space(case: tuple) -> dict:
    """Return the locations of the facilities."""
    return {"kind": "permutation", "size": case[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the sum of flow times distance over ordered pairs; inf if it is no permutation. Cost O(facilities**2)."""
    size, distances, flows = case
    if answer.size != size:
        return np.inf
    total = np.int64(0)
    signs = 0
    for facility in range(size):
        location = answer[facility]
        if location < 0 or location >= size:
            return np.inf
        distance_to = distances[location]
        flow_to = flows[facility]
        for other in range(facility):
            distance = distance_to[np.uint64(answer[other])]  # unsigned: Numba need not look for a minus
            signs |= distance
            total += np.int64(flow_to[other]) * distance
    if signs < 0:
        return np.inf
    return 2.0 * total


def write_answer(case: tuple, answer) -> str:
    """Return the locations of facility 1, 2, ..., counted from 1."""
    return " ".join(str(location + 1) for location in answer) + "\n"


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
def swap(answer, extent, reach, rng):
    """Exchange two elements. Cost O(1)."""
    if extent < 2:
        return 0, 0, extent
    i = random_below(rng, extent)
    j = random_partner(rng, i, extent, reach)
    answer[i], answer[j] = answer[j], answer[i]
    return min(i, j), max(i, j) + 1, extent


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
    """Return the objective, turned so that greater is better; -inf where it is not a number. Counts the evaluation."""
    budget[4] += 1.0
    value = -np.float64(objective(case, answer))
    return value if value == value else -np.inf


@njit(cache=True)
def apply_move(kind, answer, extent, space, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    (size,) = space
    if kind == 0:
        return swap(answer, extent, reach, rng)
    if kind == 1:
        return insertion(answer, extent, reach, rng)
    if kind == 2:
        return block_move(answer, extent, reach, rng)
    return reversal(answer, extent, reach, rng)


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
    weights = np.array([values["weight_swap"], values["weight_insertion"], values["weight_block_move"], values["weight_reversal"]])
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
