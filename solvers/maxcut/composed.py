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
    "c-l>yNrEja4nya)id@2_xA(uX0_!N=ALNySE(kC-He~DPudR{)Yk%{v-QQKer+#}Y7+s*Ou>~qJqF}1X%z~|YTP3#=&nO7xg{rsT0QL6Peqaa5"
    "Z<KF(U+a|b?;ZVb)Nj^rHE}^{Z3<MbD{(Y|o+h9oOBJ?S*~&XgJWKC6yogu)Lg-g^de9r#!S{yor{7b*QNPvY3tcb^s`dpHpURu6wp3)R-d2%N"
    "g-~9o>C{s$!Qp+pslH&)^FdD^zUNuJo9f+#B~W6C!Bn@V#%}&CJ#9dZY~}5vCY2Y;%O+6Md3aw3d4E%3jo&Sr1tkI(jvxw3NY~%|2~=e1DS$3e"
    "W1)Jfyj0VA^Fy9n6L#YOUnBRg3A$hi$cuumB3)18C(zSWg#|2u@{UR#RX-|H;&>qoLPgq-Ui^YikzU<8n#QBPUN{AP33v)Y7K|xSUUl+lEH9{)"
    "rM#n7j-EnALPbJ(sZOL?NtMi`XM?V}i?2?otD#{HEsOZ;dg>}tJq`_IXxc+U85++EyI?Ev2vUtzKW^RMj~DW)HbC-A<bsv`@V!0N!Bo#uGo700"
    ")R3meGBtV^RBtM=#xgbGspXRDU}}m}D<kPpqW=;>e8Xj&U<gY<ACg`jewe}%z=zbIlv~CF(%z!prhJX&L)w+D|7n$9JiPz-nRbHmNqW+*gttgH"
    "Sti>gOkAt|Oq|u6)t#lGXbg?5T9Y6>oWh!ohevoQcc_1;AJhxdgZiaVE~el2qe5%b#3}t}QdyX(hfAo=VXz*OUsCljgp+hx-p)K>z8-F&J_bY9"
    "uw)M@AG|LppS(B8=VQ9ZzWb}XZL{rNv%z~JyTBvVR}6YTkix;%VlV|m+T|hTHtC!C`l^fMAD)BfNMVwmq%#4-Vq!~oKSf=eY<8yh1`ktMhWB9z"
    "7y0TMHm_myE*{bk?P|a$QZ!izla0`%%Ts!?VG<iQ@eQ>Wh^=FhX|hddT=wb_3EE<vFFp%9`EUy-<tF7O`TFd|XD{@_Le8+M4=I;m`+bC(t!<Mp"
    "g+`c!N2=DAiNB~>*{H3Jm~R9HTX|7}un`0-<3)+}X0*5V8xMJA=xj6}Y0lEnVH7V8o;8%1$A?>}J@8@Z4nua3kb~+xNXS8m4=VHU4Or2J8Ex3n"
    "w}O6Qk`Q;10X)_x*Dn6R4Tf-#ulWz=JG6mo*vyCIFY0aD+mt&zYk&h~7>IAM@-VP(!hgeLo6s~$+}8F^y*?r_TFFNw!kctHS)0j6Br}kVJodF="
    "U?0-XB7c*=slUk&-V^jANKe}5W76MX`&?w2Y?EW+!u4HuhU6DutS=7IOQJ5;cRl1;J_*LQV`LvrkorNp@>6~+#%_CAWSN9XLfjk4QpZqUtOd~V"
    "`7Tal3K!)T&+2BAtUUBH`L!rJzTm~AT+&XGpOly8>-HLpIIB??pR1utZr5u$UMyjFID|Fn56M?=yO!g{pj;{Di|SQJ5kJy?Cc`8k8algtMXK2$"
    "neLdphZ_u`=6v9k4hDBHs6*cL#Y24!+F+1|yJz3-k+w{>i3`h9o%Cu-O*~BDAYHx08eW{Fm!a-BejTfLu?%&`>3c}KhxZ+xgXf@pke;-cw3oa;"
    "$>%F=4T~%j-pS`qfA0MExlGISv@GexiyCh1+r<M)R&f^}lCF*}WOcb?%N<)NyhkJ^wuD8F3C+<%{KSh2QEUbtSMlKlmrw(Z0er}_RKcdd+fre#"
    "ut+t9*LSgYKpnrY<M?&#*F*9T7^G{{QKUK%+B{s;(hH;o<8pD6FKGy*A&`cU-o2QVPs+<(E0U1bOsLC9hBbnnw)>U(z+}l`E-p%VF&7sl#EI}G"
    "OE0yTen>fuc_Jgpl1yzj9@1`7pE*d+fo;UquO)^L{hY$m3KwggU92u$tXE&GksE0KhXY(7?FIFc_9U*uPSzvMDe6;`2oBW!#l^E?Q20p?7ns5z"
    "Jt?2$Yo!hc`G)<XNBS_S#ybPj8IZ0yyQpv&TK%D)w{Y`($Un5B&UHG6mcN*kOFvUyqBgAdi*%D^Lgxshb=LE+Csf2)eVbG*oSord9?r}~&E;SY"
    "(eUF7-VGdpBF7{k&1GsW4m9|~BdiVoK$8zN_rnR2UaNlK-wZVPL)tsES8I3>*c<pY0}cLW@%NEwvQ4Nfi&})*jGq<tHAh+zI3^c0;Y(ioKrvsG"
    "grlGz4sd~#XM&ge<zU~i!X8%G!|J(6HM?1un-DB|c;Jv+)S|#48R+AO1EhRVKFMde?3fIP^Bz%P_{atf9FB(@4B;Ywk-kXZ)IXq<$DwbB05Z|J"
    ";qY7$-Xtx1*Wv`rTwYYuAs^@B;kj(ZL#I<Oc-H3!vu7`1I3ic%O9>Mf?#;x7`!J~<Cu2k8ZJ_H1x_;maTs)*7$_44t7s-4j9Y)6wbo?M*H_-J@"
    "R)5Xpm{1k*`n10tgS#>nRsU&bABJ%8ym;O`*Dy~UfQebS7{(M<FCR{!gnv5fR%Dp)4$Z(LHOv#mKiTJBELoo%^ju8Jl`K#8?{A^}n#nL(Cfnpd"
    "nhQ6YkxiK1+TStKun_#ZxJcLe16%rwhx8!5l>Ou!XIiCCtMo_OHlc0iW^mLoIO{-dKlF15^-^L|la2aA%4sgF&L7cdp^_&dr-vylLot2If~uaV"
    ">W5pnNmox$*%OsLQPtCDFsSP3!x(R_r?=A6@uc}3#Y_vs^idI!p^F-a#p%zYHw#%^oC7VSWid`fk{&jY`a%69zg&Rn2-72NnK-3)lWJr$WLx@a"
    "qMk1v($$I0f<YZ$OzI<_+as|(5?03(bvseF6E!=D^IX&iarW`%_D2EQbUdfXm(oqDHhbtvU}mysez?F5lCP!C9(uBeehcR}O}0rw+Rvn!bdzD?"
    ">dn=gTkfvaoh8XmI-e}mL>AalU)0>9J)hWXZKV6=E%UU}EK+B5L`4?L?;+_WKnrEKP=*(4AwDEs%5Zrvyc{=KK5$sx9WQIeBEw`s`bVlAP82R~"
    "us(OOQ(o+p7bgl2Ls)aS*f~F>J$mZ+$0H>t3)Q!XVl4Kz%lp_z8YLub*AABYczA@H^pf92(0vhkxL9lEVo)w9r&n?Qyij}#g}2zhE=MSq_ofTQ"
    "wTPuJq6UlTz{3U(kn$xiZ`u8RCe!4YB&0PHm(c+-zWzc}Ei~0dedt1<d~oa|W44mZhsJjK*LQ4e)wHadmOcH&@$N-U7#qliCR#+S7aHlJ4ye&c"
    "4=KlY*`Y5&6=v8fs>m>@<_S(;ESs=!<}W7cOqMr+%VFqcH^0b%bQhL5vJZSXg$dHE)liXTvP}Y_QRIYl5vN@^<_q<)I67T8<O_#<5x-q*-j?@b"
    "%hB2*6jjeR9`+{2y3r;Z&v~OY9#SsJmn?4Yq>4<FW#YnZn;b~Z&}LJ$35squRU2Kftpm2BqTA<<+riN79n<zTnJa3whBwE78+Ui(?rwXzMYc&m"
    "bi2WOqwOuxos@0d-~mH;crM}EXoSrc=uPTxnIxn+t5H|NynRPybFXBxz1f_wJxrnA#!1>HhPb`G+4eiPmBb@$nH-3|aq%{`FAoDu;o<r4tV<be"
    "XExiJO(1dOk8ZXz+kwMv<?%@SnK(;RV7;=fSGIRLMJj94F<&6@EfGA<i<)v2$wSK1k<BXEjt~|JNOu{(O(uThOl}m(#;JT5LVfq)^;R(3&gCO&"
    "Di}(_fe%U7lCTolRwCOQmhBD8_C95Md$R36Zu^hhPU1$7Z1l+H9B89IHu_`Z{B3VfiYya~(3A8Uv~zce(H%6%aSZNw-*J3QbL?^*tA*o3nZs>_"
    "!)=7a-r=Ap9+IysHr5x%KG*Txx*}i7fpizvd%M)&A&z!%r5^e@g}la^q{uW`kmju3O@>Jg!Qefpj6)FYA^CbAUe!UB9Im?^$HtCT%E9|Ncs~cP"
    "=b#>r_YTKu;drNT?CcynJI4nIhvk0Q6CA=%hrPjZ45`R8p(p~uN<6H<*UcXpjL-J0dzl^V^<jA(U#L1vyKhz<f0fPl`7T-cmesNSJ~rEjm3MG1"
    "4yU{a=i(5iIjqFPsqgVZJT~ITM*P@_A0jG;#dSDjJs9i5;yOfD9&Rv&j86I;j;I_v2aoh&QWv;bY=OBB+v2b-4lla!Mm}tm!*_{-#S~slVdEPP"
    "X@srtBV{IoB@$e%xmcnRT&)S8BL=b^$aeSyFC5<uALWHFvV^T+aGxY>-NFIa@Lo79&*77?@X1(Mp2Kn0;Cf^bKMgjy;V@~DW#X*nl;#w*hCdw~"
    "LxsbeVObA**x~JKU@?N5gMo;LccNk0E<zQ0fPh{swGh7U7oM;1pnO;UY!|}8!?0ZlL@?}yhWCx(GyO*-A{M={;!k#riNBeMVp{UjlJ`jOCUxD9"
    "vy(*d(#kt6X6ZOtT8pOzFMX`?h^{MI)Y4(Cw8Bkp2B#Hg5ppy_>1|RvPM;13rB7DV@{`2Zll@IP&YqT=^ucI)qmve(wA{Rb(ks0ODdMc=EWO*i"
    "k|NczHy7zEGimLY4q>N*E=B6?)?#U&B(2WUp^@}XBP~Da&`5fxk&gYQHC5(+vbwXlplN?W>|fe8(}noo@2k<iTt`id>H5;olU@Q(%l#|&-RJxD"
    "?+&Gpuf*oZRBrfA+0TBv*uPxeyPV&>&H43Zel@(YE~ZO@KP#WANB{O$V}CXF_vPPJsNeZ|f4&hq-*=p^?)gR|zVC?d9r5LQ-&U=vZu7DfQ`+|r"
    "3hnzBh5uad{CB_8&Qkk#JF?kt5>tEQd)xTZ=GWf*?y!Di)z(+zyY$tpeCq97AaxW<OcyoVmo}*Te}N|_9{"
)).decode()


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

GREATEST_SIZE = 10**5  # vertices, in a case from elsewhere
GREATEST_WEIGHT = 10**6  # in a case from elsewhere, of either sign
INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def read_case(text: str) -> tuple:
    """Return (vertices, W, ends, others, weights) of a case, ValueError if it is none.

    W is what the score adds to the cut; the edges are three (edges,) int64 arrays, ends counted from 0, ends < others.
    """
    tokens = text.split()
    for place, token in enumerate(tokens, start=1):
        if INTEGER.fullmatch(token) is None:
            raise ValueError(f"the case must hold integers, its token {place} is {token[:40]!r}")
    vertices, edges = (*map(int, tokens[:2]), 0, 0)[:2]
    if not 2 <= vertices <= GREATEST_SIZE or edges < 1 or len(tokens) != 2 + 3 * edges:
        raise ValueError(
            f"the case must hold n, e and e lines u v w, n in 2..{GREATEST_SIZE}, has {len(tokens)} integers"
        )
    table = np.array(tokens[2:], dtype=np.int64).reshape(edges, 3)
    ends, others, weights = (np.ascontiguousarray(column) for column in table.T)
    proper = (ends >= 1) & (ends < others) & (others <= vertices) & (abs(weights) <= GREATEST_WEIGHT)
    if not proper.all():
        edge = int(np.argmin(proper))
        rule = f"1 <= u < v <= {vertices} and w in {-GREATEST_WEIGHT}..{GREATEST_WEIGHT}"
        raise ValueError(f"edge {edge + 1} of the case must have {rule}, is {' '.join(map(str, table[edge]))}")
    if np.unique(ends * (vertices + 1) + others).size < edges:
        raise ValueError("the case must hold each pair u v once, has one twice")
    return vertices, 1 - int(weights[weights < 0].sum()), ends - 1, others - 1, weights


def answer_space(case: tuple) -> dict:
    """Return the subsets of the vertices: one side of the cut."""
    return {"kind": "subset", "size": case[0], "minimum": 0, "maximum": case[0]}


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return W + the weight of the cut; -inf if the answer is no array of 0 and 1 a vertex. Cost O(edges)."""
    vertices, offset, ends, others, weights = case
    if answer.size != vertices:
        return -np.inf
    bits = 0
    for vertex in range(vertices):
        bits |= answer[vertex]
    if bits < 0 or bits > 1:
        return -np.inf
    total = offset
    for edge in range(weights.size):
        total += weights[edge] * (answer[ends[edge]] ^ answer[others[edge]])  # no branch: these loops run as vectors
    return float(total)


def write_answer(case: tuple, answer) -> str:
    """Return how many vertices the side has and which, counted from 1."""
    side = np.flatnonzero(answer) + 1
    return " ".join(map(str, [side.size, *side])) + "\n"


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
