"""A solver composed by ale-agent: search over a vector of integers.

Construction   plain: the best of: zeros, low, middle, high, a few random vectors
Neighbourhoods change: another value, all equally likely
               step: a value near by
               swap: exchange two values
               copy: take the value of another position
Acceptance     metropolis: accept a worsening with a probability that falls with its size and with time
Restarts       none: one run from beginning to end
Weighting      fixed: neighbourhoods are drawn by their weights
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
import zlib
from numba import njit, typeof, types

PARAMETERS = {'construction_share': {'default': 0.0569604426491749, 'low': 0.01, 'high': 0.5, 'log': True},
 'weight_change': {'default': 1.6678080826539115, 'low': 0.05, 'high': 20.0, 'log': True},
 'weight_step': {'default': 2.263730119525943, 'low': 0.05, 'high': 20.0, 'log': True},
 'step_scale': {'default': 0.2658104464075848, 'low': 0.001, 'high': 1.0, 'log': True},
 'weight_swap': {'default': 0.9568108258875394, 'low': 0.05, 'high': 20.0, 'log': True},
 'reach': {'default': 0.5491539304931128, 'low': 0.01, 'high': 1.0, 'log': True},
 'weight_copy': {'default': 0.34850708193456253, 'low': 0.05, 'high': 20.0, 'log': True},
 'start_acceptance': {'default': 0.057735955249405876, 'low': 0.003, 'high': 0.8, 'log': True},
 'end_acceptance': {'default': 0.0009747200651884967, 'low': 1e-06, 'high': 0.02, 'log': True},
 'evaluation_limit': {'default': 0, 'low': 0, 'high': 1000000000000}}

# A case to compile the kernels on.
SAMPLE = zlib.decompress(base64.b85decode(
    "c-lpqZIYzQ4nzO53YI{A!~QomI>*&95%0$9p00u<)0QRK%zf_uj=RlqkJGOCJ@?%CZ?wC&_nPPR=kv{c?z!5Vzx8#mKJNK^*IDb{`@8$;_gLdP"
    "@4QcY^80)5e1FY1*UiWGedc?ObvJ&U`IW1Um#f|<-`?MotL=Ng-#x~-d%tqeGqaBQ+@sB_zdLK=di|a)_sV_8d+xKod!OgpJ!|;R{k<$HzvhwN"
    "_ij%<HuGq2yGOp>a+A59t7mCzojgwd{;aD_9{s!9mqot)+U?vew`zI(efIBB*4^`&v-&l7h{M)p@pE1y&)8b-k?ZvKTx*Z4BiDLnmcR3GJmjwJ"
    "9_wP;4qKW1*tuLD%12#iTrFF8vYeCU<;mB2vg~!wEN!fvQ{m@%uk6#9Bab$3R@<}Ex8>Ve6nm1hY3Jhqx%tUr&eyJyvpG41@nm1~AU&IsYvmgG"
    ">H2c8xxmV%_WtC=vSTApFweb5KAfM=AOL2bW?ZXr?zs;SzplB6o9Tnk`CU1ZlSM7hI9r$>o4b%p%^Xlq{I#6fG1mIsbFD-M>(2pZ4+dwG)ntRR"
    "+}+roJB!G|@`PU&nFS_lubD;7Y(Or`tqd)K_G8zxknHw+^3YkzT;DZvsx8qm@|l^dw?qxW&A*RqQa<DMubf27&2t)y{p0d|CHAsSv;O)FV{N}#"
    "K>oR{#CiVo5Ekru)|TDxgbuqkd9Yml<k8o=ublvBSs7_Z%FLa^9K-*3l7!35e>>Zd^XNII*|W|>Rr?<Ayb{5O^G}q2L_&_L5h3q&5>_kcn+tSK"
    "Yms;#$IfnCo!ywEEV+`H&0)=?8CM*Md1AMn;pz8>%jHNGfsw1Wi-gQm_k?B7;WuuUNAEcbB0llq{=dY;$rdM!5;muE{JA-cA_+Z$ocD2&*?tZ@"
    "QO*YC>*Gmmt(nCnd4f+nSk=V??=%TNo^7+~HzDz^iy&+PhnY2<o?T6p<e3v{J=?N?G@vaJu#!M4FaxZd1*`>H2u+?WX_QR3%s;j%E8U55Lo(aM"
    "`R2)ht^9NdspK0cwkiUe*_q=4Q;mW|?n{1T@j0ge%GL8Za$)9yl2#W-JD!ANKW6vHZuicX=2(-Fxm0VxsYLh~@3mPwIF`$|mBoz5NOlJvuq6LZ"
    "=z20a(+<ux(`;-qV+#L^NXZG4u59?76H20r9(kC6`{2qS2S#3G7jxAe#NyzB6BlRA!v*OBG~78~-)89yKCb}r3Lub*L8(ERXh+O_uf)inxg3#x"
    "zSJQ=`vn9O9?6j`B3rV_>g8!R7X`A-%VSGeH$W>}L_IkPVZmyiES%f{FS4^QsFV{p=KmSVUT`9RCOT#UbC3M|a)2MnluAM15yYT*%X4o5w3AJv"
    "<#uGpG^>)y7yFaqnV86JbN;#8`kp%PoS%<M;ABC$+T^*|p(c*y!vsvvr>HU~+ds^!oOX^U*I8gJRU^2>5%lB}{|5B$S6I%r=UASk;QJW}y@8a8"
    "H6ZWgOcFG0?`!0<iv?JbUvuz%&FYbi2IWqUCz0}Q6Od=x1A>rK8M7dmikCnJIrbrN$($_q5F7copm<9Fw2uHd9$TuU``#Yz^qKJ6a@QmiCy6pA"
    "*-ar?rrG4XL91LQ^`*cl5t&C#HQ5|Ww-&H@$tn)>mMaAAb9{N0#B-z68@OE5xJXgUUxx)QH&1BhMm^W#*%S9|9}6gG6BZE6JyjEPxfL|oY!eC0"
    "*Fg`;vun*>BzpT623H<6oF#Q`a`0K#0yC~GjbMfgq$no##4U(U>K257G=d8yxo0~96+oSW=<f?Km^@hkTB5}TN$>#MD^AE!paLx8rQ}X;4F>T0"
    "0-}G^fO<rYNPP+inm)<M_gVs<pniBb>Kg2B`cxd^B>LcS;v~tE;7vW|Gof2KlT^_Ku^^C-54WiFpEWl*l%iU21FS9>8h3qr@eT6u+%FOIdi;YO"
    "2Ub~Q&NNTF-03VSSw-x%PgtOGL7i4&k&VlBlcS%g**K#>2!MSO^)E-5JON#D!eh&N1be9RL)lM647NFGmb<a9lYq+RP_nY$$%JEc0O7$!@7p25"
    "-YQ=vq>0#;FCXd~hcH-D?wuXmon?hJ<p?R~ll$*H{sp<B81T1zH{Z#U7aN@e8L$|Gn{eAA(O{j^C%?$Xo*e;m&$r}M@L%I07a!8=;VJYlC7ZYa"
    "cEQ%|`4i}iFgdSmf08G80`i2rKa>$p35LtnbLIRS1b)FG2~Z$~>auPa!o$BL$tc{p)>jn(v}_+a4VY#dhD8QcgOXnW7VPCYN(m61P~n(EgEkpW"
    "QG@W0?}r9mD3V*8QLBbJ1)4_AJ2$4T9zM<yQB!kdXC{z0wU;Lm^)GN|Zx8^4D;@<TH;PU+hLWAF=b83{YJ%|%OYnf=%`M);WY!aA!;w6zSQ|hK"
    "JBJCg_aRcUq>bodRhBcT2#>U`2Vk)J51Hp981Vm)3F;90zbNCW$)w@|aUfIq{Arwx8Ff=0f*jjKN$t<Yemj;ggz+X^pb2QWWmzU{UfIDw`sD;3"
    "lPE&uf~0|q<aZ(~y9hgR9s8l8llS>J>=WdHaW){Bh&^t>9B+{#bjO3JNm;4rfEz&15lS#JP=kzzop8Ly_(4=AsIuYNJsE$_41foCYV+BdVlv}b"
    "N)w^MJ&QXmZ19|iuT|n99VvR!u6!;v;*yp$ZY{9|cO<!<0mWw*C(iSxTqq!^HcJ4J!c#if)ySjN_(VD|#7U;G`Os!|0=s8FV5g|rAgYvv1kUC*"
    "nPfI;v8;f@KuF}^x-^rr?;?j%@Z$CZrURx?rK(tW3htBJ<{TICn14^O<)N~iL6B7?qR8hEKyV~yQX4|uSTwwYatXvjv2vWSF{{8fJoEX#GQUds"
    "PZFn9*@HqoWXmRrHh4>|C+aZ|&aQIK*VW{Q5=zG2AA+^3jmhqDYT1M}d4b~jSQvE%&6EO4DYK5V<JM|rOv3Y5*~#TZEUYIWl*i;73jxrqA~J(U"
    "g1`*3SrCy|Q1o~x?b+syg6R;RrUw#;zR<G8;1Vl|lXVn7WumNX0+|IY1S+EakkO<h1s)t&IvlGMcH)LVpAtFYo7v;_tHfIufiz!I*gS3!6$1fa"
    ";$wsoEQgA@W%Me2qK#)5?eB=Den{#Hdrn#L<3UKOu=WHR;E?`g1(`G0$kaDX3cw@GZWUvlSS}_v1j=khH*!7;qMEHb`5oGTTY}`DR{lq4Mw9A2"
    ">dxWMaHnbTtc0nS2}ThifkuJPlTpe8HUfC%)F6~p84%kthN2**H+qij&)*hOC&z?n99|y!kdSI-x2g{b{oID<9{MR%b&8%OezJ|qd_xNCU%+Rh"
    "+BX4Q%L%5auoiN=WIbO~s|;}v*CWiev95-uDsP7!RTVV|LzEHOi@vm)<``bfAix#M)QiFNDW5f^7kPwG3t~`uH`QONn|&z;oiq<)PtlqsX(`I+"
    "xx_q@6QTq8U-PGGJ9R<sK;$e!J}cn?I1{x}wgFa3?3k+;90o&bVLcYibt(w*F$I*Z?-O-(?$6&4GH~Zbpv%fMw-B7Jv}ZY4AStf_#|{tDKF`Gi"
    "Q6;B&fb`VQfn|}j5LoyVdToN6vsmR)4PP7-tJY!SL36FwGUPr`k~pQTC+HDc1NaXQ2u*{2hE3{nbxe{+GYxb$Jjh7W9KnC|K#|qtdV=oKmdnqt"
    "$Z(<DVZKf8u^D_AtVp~W{F1z*Bta1bdYu=#C&{LB0dv9*!Jb9W?w@CtT~GX}L%}EPpJl07#t<?b@M+RFOy#XkhQd?AH>By5U4RC8{B}E3eMm(%"
    "3X%R%P;&uHGDV@nS}lRjz-SWI`E5We#Td-i;0u(x3w3xxFbnwW*%a_{M~%T(p`q&nmn7N{_rNx)?5hgAb#nqdN!eXt3oQ3u{5@0!6o84a#Yejc"
    "kuohANN6ZtE=64_pOM1V_>{sQ<)kMvMghWShEb@_OX8*0lh{U2<U^q(1m^X_LkAvqtADH=0vuDF^c-*vE%@GNRSaQLVk#a_3BC)WtyfYwv-jvY"
    "k_noRE7*Ufe?PLN175yWsFBe9r^_w7nhyz5<#Y7`^bpX(7>bXQ9^wW5L;&LKW4<gvu1FuCLr6RqF#HhDxj9J;m?sb^xwGs4LWn7t=z$~Z;d)P<"
    "&q>x0YVLS;Kqs+E*nvS}J#{UxJlG>35%*j(1?8gSfsB%*5|59rZ9}xZ*v-f7KLhV0v}4T5G#D3Jh|LEIA1WwD3~pCf`(Pkr=}%)6lm?c+a{Q9I"
    "S2^{AVx~a_XV3+(%L3{jKMT6UBdGM~YIr*0780#?K7QOb0%2-l`;03r9Jm{PWM?O~Vg|@T^zz?=sr0M{^Ow6rauAJJU%&uqj-iM+g3D@aTyP4g"
    "hC(8V%R(VK^hTnQF3`_(qJl<{P~@Sz^n60lpj=2ox&kQifosM#5uX4il2m(qD}Mxes7%{+uHwY5;-0-#pJL!yV3xsbK<m&x=6+Km<CtRwSEHbp"
    "rJp!@H3tz{@LuV#HlyUA>ztQ52#LnbqtxL2hazDQm4$)d{ZVJKatzoM(8F;kAUl4YJOjOI|0A_s@`;YckdG*Z(j4}E8Kv4%m;*FP5T%5qHYUh9"
    "mr@Yrh#cY6k0n$m8maK;<54_P=`4x|v8=*n+dq9doD3Wf1kwYS$5p*halngK7Gj+G1L*N+rwnqsN*c+~=&muK431d9aA=atgTcYhW8!^Y^m;`O"
    "4Dw-b%AMD_oq7fc8lodhELQ-M-Jp*Ua=EZh@E}$(GC*gM06*+2d-W+93SY9GA{YW1oGiNn<3g&jwY0Xnx6n`Vp_Drb{RU{-+nF#6Vj4rD)#{)q"
    "2MdloMUY7`KDnPD0l7cbOr?WJS^8dCO{7Bhsn~ggQqqA$vxBi{c^(E)#XdEEr7m%7yFp%F>DzgKl`WNtx=+PcpY(D9noexCH(SZi80mmeRzoKM"
    "A*H*kE8gw;$)*CxUD^tXif*~sbe^8G$i`s=AmIR6dar~ry;YcG_gB1Cm@}Hp{vys}DB3m7uXVxF-b;Fb|3Ig?)9xUKy)Sxg8rEOsWMu2iX$?Fw"
    "%^gnkF?eVVCf0Vj(-eZE&DUgOy0x1<uoZ?WsDW+8w|pVyXwgDEslN!MY0vXV7B77)7HViVL7Kh=;Ply71%T=xckzq!R;{6^@BrL<Zdm-Ui;nP1"
    "R723o-Hu5@|7jP^vj+^xC$o09NN8?D?1t^|uorej-}JHO($m{s91jaFJ#-i_Yf)2J&C6OIF<%^H-KJ~Fata|%KDrwxf|%i&2{R7|JA%&CS2}K&"
    "Gh?3wK(nd$cs3hAA@k@F<nL7Wt+d+XM*w#bXM%)f(`aL_vY+5TMYc#j$x}!`(li>nOH&0C@XzSf4DA(xU^2{t%(U4*YSzGJ*tSOp<KXicK$u#<"
    "cMj&I(Fwwg+Cnl9)c?vGTcO$HIBHS<h{hT2uCoojg4E^?e-F)p5CALIsI2r8qIDT20N4aaoGC&Q(#(dx8p0Q~_N$EmXd!S&1on>BVVQL(Jny@h"
    "0^sO-*G8cu`or}P^Y_S@Cce?4BR6ms_OKBJbA#hTbQVZVcmC6TheS+!&`a^D(_DhIir+&oXjpQgk(|yhcN1+&$8Kw|{wgyPp4N~JTjoEy?2Ax&"
    "d@S3Brw;IE9%)r>M3^!KR|Ek@iwm-_s+R*lhf6)ON~rBB4Kaxem}}D#W~B{$$9MYPa+&k@_vd}GYq(f`blBA#2n8y4x4Rl~auLbp43#Op5TJM*"
    "oN<H%ih-a~>2xhoW?4|PA$`@_$(0y6AbSu${0;l?DQ5uUXnCjHe^q~nJpMxF9RXSo(yo9Wu_Fk&w7AO5f_&BBsM0gs@1@c@nuFU(ohjp-)uTEd"
    "&Vm6jr~$@~(((g}wyFt5!X0K7@McaO?!wo~&l<Eg@Jdfn|2IxS>ejKTgfuGSU~43hdo%*5fW4+qsD2k{|2c!O>AWyRKt&^mY^FShF&^K>*8G0f"
    "3TUl!bXxVxM=P}k#1r?&W~t`cSD>+wAmSb8qt#~b0@2jVnH`!KGnaz1b7TC}!H$DhEDYTuYnGTe5p+nWZRQ@kFU>}trEcnDS=Xdd8fx~8;DWZX"
    "Kn<H!xe|(vQ409?D;1#h6Z{xVkf~Rj7}CEfGZ6e<`{gkPwh21%@YUF-b3y2WcAb(if1T7#sT~>~t*F6ANhPYw6xcL*!DmVkp7o*(f`W|K3><5_"
    "9Np)DpZzABZjT8?$a8IBAQFTA1a24S*Lyh#xco#4!)U}9DG7CejKeq(+Bh8BK?xh0gl3Zat7#Rb@v&ux2IC?kl%rn5*4lV}&1&+A6@Jy0vo)8e"
    "p?}2gp_)XqR!qKoXWBzuiXpPL8eIz9>qA|Lm7%Y??G{&WX}iVDm95|S4fKssBQo=Gna(0iO3PEG?yAxPj+d&skbU;RzM2%HIzscOH@SBE5f2#E"
    "Tla3lu<d_AW7|5`3d@f<2w@8@(B&A*i7{MN4FaQMJu+|hjyt7%dTAg_HIuI&RSn<>d|eorwpUy@f$^3X$YoJ4TC&SYjHTp+JPmun&(E-Ur1?|x"
    "kq6ik0)97V!A2(J5clxYWSDisi7TiT{<Hoe+WldmV&`bd5_mIp06wL*eQXb}e7UANp3+tfIUJn1Y7b+Q;RXMI(s3ISn4t!A0<A+Xm#_fHi89c8"
    "AV$zT&3TNyJ>lfGeMlTcR2z=}v|2jILRXB(nt%V6bkUDl7B~2nZlJ=5eiU-$IJ<-NC6UK(qJqz()4GgsT5+6cbRw-J&g=}uwYy^3SsH^4kAt~~"
    "h(Mdp_y~-NP@qP|A>jR2p|qg4<kfCScNUB;RMW)(hd7#MA*e|MLHemCtpPw&h}lzz?-F$?tiXdK7|XxgquN!|I94*6>nygyX(CCtXZ_*jmuZ5f"
    "_&Ggu@!)*JAsCR#shUSOFMDp2f3#wd6KR1c;b#Z|22qDLmpiX_`WXh>{e9&}znr!s3G<*h7YS`npKg_!9eR5jI^qc9@BA9x);#Smdm3y8b_h(J"
    "-mCL44q9C-OJ(4FlAdRmveP~Z(lXcc)c`E*9Qc`Tl(mm)QC-HZreNmGNuZ6uO<>}NL5h*~=aoE4hJpU=!}BW|hIv-_91WRSBegOD{tW|-zSnke"
    "#s=dF<`o>`r#}L_%|$}K=8G!O4tB0<?<PO>Y#Rr<zt$mq^n|(7$4B>*F{feUb>20RU|31`D7AP34lQpdfTF}xqG}HDFzLV`DzLuQQl8{4ipF%{"
    "!H1+HiqCGd^l}uMNyMjYOmr)uV<Qywf2*(7El(FBZujZjGlU;^fzFbAj!GjEfj*A|oj48bCPqbQ*JTZV?RO-tuvme{<tStln#o~ep0O8Tl`{dH"
    "nqvs|CSKVnLLCaoXyUGPhB`WLJ<Gltx}86{+<Wz#-^$M9i}dx>P9qj|4zO8(@tn$AbI0`k=>LP}LTvNmd`iWnUFA$8l49Bx1Hs>N1-1sRA%J|R"
    "Q0}hBhrdT9%me8%4JVjCDW>~f!{z1*bP(*cNnibZho13fnnD%C(+Qm7h{i1x7j^|;&?seW@2wF&_$*6g`V-aLtDV%bN|r3nPR1;vN3Yt3!`8)i"
    "r!YZlgvO4Hz3_`guQL6>^WSmVtD1UOisLQ}Ui7=>Zw|TR_h5Ka*DxnQb6u$45P-uTO)z9Q1VT&KjUfSA_y}~|X8n3<Gtx>%!v6?NVw^@|gM2Vh"
    "&6Tvuy3QIoi!XOn_@$6R0Gno(KRTLUjY#7O^JW4#qD-SN0Kg4pt_eaL$?0r{((~(blNQETvx%tdtH}omf~nA|!HviId~0GG7Z3SHCUj>VUf+R0"
    "RG*rT)FgyRNwR4-YXCVYJ<)BxKXAlH=DqvRe?q2iY+W2IX8^O`PH3@K*g<L{5bfkQHIFVBEjhB4C+Cn(jeF3v+f#R-MmEVf?&P7!TbzP`vthg;"
    "Az(ba850P6JR@8@xYHTgHFfh_y+lA7Dy}r>`iBx=5Ewg|F$6Ba_$H$4{QBwTbe5(tVC<#k1Z|acxqxQmaKHlphiR@^)rUzq`jSnR@Yv&^VR7uO"
    "{i1W%1TEP`&kfDDDoV=*tD#ptR5Ybi6Y_q737Rn_J=(NgFF{cSsKONackDp86r<i0L?)^kmBIOj3z7W{;a)Zo-tt@+51|yOn!0UBy<c;^>}1;U"
    "M&(!b!ss>U^#M~;@5j~$;_K79Zg0T>BNiYv`|60*=O)3xtb!q$8a-eQ)SrH#PAK))j_Gue=qrw{!{XrlZN(nNm<cin+p!Dcdm}t<t45_#qU)oU"
    "-gh{e77VNa^!?!{_GOuG%(GnMXJhNTCtY8yeX%<c&wv3@30Y&_q1l(BxDY4JQTy_=v5qmZ?PGn~QJ2*9DGz)yz)buBY#v*RF?P(*+Ju!~HV3Dz"
    "t;VFut~xS)Q-vDUxHxtRaNE`?hqpT^(25W}_1cYo3ibKa%M)N&{|Py}9I{QO;ol!WTt!;Yh|SsMQ*Sr$dJsY%W-@Dz#1hx)6_XiKWWxOk0hs#n"
    "{Uxf$alp`dc^iuMv*{ueP&vWtH`DQWL=ke2a7nC?=k9(*-eJxIyk{arJ$fxC9DVf&vtV0cHI1D4R06j5E=rfuibqJpiarzXtB{w9fbCmWNNhU+"
    "O}o=Mc9oJ)N}scp^S4^{J$)p22|Z!<5Le!@zM%y+tfyFEpy$#)UcNL|6oXu%dPYhQ$1uBZkfdInVv%-gd*LH(bo*K#?|YStgbhYyI(1T|e9<$f"
    "|H@lWtOXj#cqpcaMEqz>)v#kVCWufQ>O%+catsggi||w(o%^Zbvd_0y00P9-F89>QEk0ha2t21uEL=wg-nL^`7O>^>v$c;3ahPSPPN}y-n17!3"
    "c5x~g6t@i5D>#so#H4i=yy(7OavkRnrc|rJ+qYsy(V4x_19Mp9+rJkpjwPr1?!2l}tq8|yFmxc7wp<p+L$o_jIPJi5x=v4#zi;)W8S0>uZ{NDB"
    "@!>UO{_hnSUO9ZLsf}4~V$%dEPs?@$!zcD1y^aHicAbz%(&@{dAf*b*$?W7)%BuTHPokKK2o8{{#1I(Bw{>B7`OKFfAn?usB`LI~>&?oUeL!U?"
    "sZ7B~KFWyd@kJZnbz8obk<jM-kuIs~=f6XC3QML2XmKGcP?KlPUSk!3e8=Q{(?F^EsNC!^QZ;BzoEqPU>!ai}=zjIkcYYY0w%xgYZj~d>RvBNd"
    "VDt^<M<yi&&6Zx%>j1F2Q%=eYANIYvCIm0x*$|QioO;pXtNh212{u}@C|SP9c`@xjIiUWQ^YYfrH+%~|YQingWYB?dyk0tjtd%Uo7;v7brZ7Ti"
    "2SgzR#tv7#2g$yXTTFm336FOmac(Y!*^<ZcFbY8aR)ey>J$Pzt4!L<u5)|K~t5pNE>%uEqHS4s|#%$!MH)_L5oi%>zO;rYY@U59Z(~-iX2FrNa"
    "6DzGXTZ8BahZ&(1s1VK;6rV*`YN%b&#z5;=!%NM6QInE=+GkD}*geKL2#1F{fXupYT?=pg8MwY@hW|8dHQLd!<%^7PWbgO>)hfIEABpVCGX"
)).decode()


# The problem: how a case is read, what an answer is, what it is worth, how it is written.

CHOSEN = 50
OFFICE = 400
POOL = 400


@njit(cache=True, error_model="numpy")
def score_of_length(length):
    """Return the score of a tour of this length."""
    return np.floor(1e8 / (1000.0 + length) + 0.5)


def read_case(text: str) -> tuple:
    """Return (xs, ys, ids) of the orders in the pool, those whose two ends are nearest to the office first."""
    orders = np.array(text.split(), dtype=np.int64).reshape(-1, 4)
    near = np.argsort(np.abs(orders - OFFICE).sum(axis=1), kind="stable")[:POOL]
    pool = orders[near]
    xs = np.concatenate((pool[:, 0], pool[:, 2]))
    ys = np.concatenate((pool[:, 1], pool[:, 3]))
    return xs, ys, near + 1


def answer_space(case: tuple) -> dict:
    """Return the space: for each of 50 orders, in the order of their insertion, a rank in the pool."""
    return {
        "kind": "integers",
        "low": np.zeros(CHOSEN, dtype=np.int64),
        "high": np.full(CHOSEN, len(case[2]) - 1, dtype=np.int64),
    }


@njit(cache=True, error_model="numpy")
def objective(case, answer):
    """Return the score of the tour that cheapest insertion builds; -inf unless there are 50 ranks in the pool."""
    xs, ys, ids = case
    ranks = free_ranks(answer, len(ids))
    if len(ranks) == 0:
        return -np.inf
    tour = np.empty((2 * CHOSEN + 2, 2), dtype=np.int64)
    return score_of_length(build_tour(xs, ys, ranks, tour))


def write_answer(case: tuple, answer: np.ndarray) -> str:
    """Return the orders and the tour as text; ValueError if the answer is none."""
    xs, ys, ids = case
    ranks = free_ranks(answer, len(ids))
    if len(ranks) == 0:
        raise ValueError(f"an answer holds {CHOSEN} ranks from 0 to {len(ids) - 1}")
    tour = np.empty((2 * CHOSEN + 2, 2), dtype=np.int64)
    build_tour(xs, ys, ranks, tour)
    chosen = " ".join(str(order) for order in ids[ranks])
    points = " ".join(str(value) for value in tour.ravel())
    return f"{CHOSEN} {chosen}\n{len(tour)} {points}\n"


@njit(cache=True, error_model="numpy")
def free_ranks(answer, pool):
    """Return different ranks: of one that is taken, the next free one; none at all if the answer is invalid."""
    if len(answer) != CHOSEN:
        return np.empty(0, dtype=np.int64)
    taken = np.zeros(pool, dtype=np.bool_)
    ranks = np.empty(CHOSEN, dtype=np.int64)
    for k in range(CHOSEN):
        rank = answer[k]
        if rank < 0 or rank >= pool:
            return np.empty(0, dtype=np.int64)
        while taken[rank]:
            rank = rank + 1 if rank + 1 < pool else 0
        taken[rank] = True
        ranks[k] = rank
    return ranks


@njit(cache=True, error_model="numpy")
def build_tour(xs, ys, ranks, tour):
    """Fill the tour by cheapest insertion in the order of the ranks and return its length; O(chosen^2)."""
    pool = len(xs) // 2
    tour[0, 0] = tour[0, 1] = tour[1, 0] = tour[1, 1] = OFFICE
    stops, length = 2, 0
    for k in range(len(ranks)):
        rank = ranks[k]
        px, py, dx, dy = xs[rank], ys[rank], xs[pool + rank], ys[pool + rank]
        added, pickup_at, delivery_at = cheapest_places(tour, stops, px, py, dx, dy)
        for place in range(stops - 1, delivery_at, -1):
            tour[place + 2, 0] = tour[place, 0]
            tour[place + 2, 1] = tour[place, 1]
        tour[delivery_at + 2, 0] = dx
        tour[delivery_at + 2, 1] = dy
        for place in range(delivery_at, pickup_at, -1):
            tour[place + 1, 0] = tour[place, 0]
            tour[place + 1, 1] = tour[place, 1]
        tour[pickup_at + 1, 0] = px
        tour[pickup_at + 1, 1] = py
        stops += 2
        length += added
    return length


@njit(cache=True, error_model="numpy")
def cheapest_places(tour, stops, px, py, dx, dy):
    """Return (added length, i, j): the restaurant goes between stops i and i + 1, the address between j and j + 1.

    Scans from the end and keeps the cheapest place for the address so far, so that one pass finds the best pair.
    """
    direct = abs(px - dx) + abs(py - dy)
    best, pickup_at, delivery_at = 1 << 40, 0, 0
    best_tail, tail_at = 1 << 40, 0
    x1, y1 = tour[stops - 1, 0], tour[stops - 1, 1]
    pickup_1, delivery_1 = abs(x1 - px) + abs(y1 - py), abs(x1 - dx) + abs(y1 - dy)
    for i in range(stops - 2, -1, -1):
        x0, y0 = tour[i, 0], tour[i, 1]
        edge = abs(x0 - x1) + abs(y0 - y1)
        pickup_0, delivery_0 = abs(x0 - px) + abs(y0 - py), abs(x0 - dx) + abs(y0 - dy)
        together = pickup_0 + direct + delivery_1 - edge
        if together < best:
            best, pickup_at, delivery_at = together, i, i
        apart = pickup_0 + pickup_1 - edge + best_tail
        if apart < best:
            best, pickup_at, delivery_at = apart, i, tail_at
        tail = delivery_0 + delivery_1 - edge
        if tail < best_tail:
            best_tail, tail_at = tail, i
        x1, y1, pickup_1, delivery_1 = x0, y0, pickup_0, delivery_0
    return best, pickup_at, delivery_at


def space_of(case):
    """Return the answer space as the search wants it: the bounds, and the positions whose bounds differ."""
    space = answer_space(case)
    low = np.ascontiguousarray(space["low"], dtype=np.int64)
    high = np.ascontiguousarray(space["high"], dtype=np.int64)
    return low, high, np.flatnonzero(low < high)


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
def clip(value, low, high):
    """Return the value, or the bound that it is beyond."""
    return max(low, min(high, value))


@njit(cache=True)
def random_below(rng, count):
    """Return a random integer in 0..count-1; count is at least 1."""
    bits = random_bits(rng)
    if count < 4294967296:
        return np.int64(((bits >> np.uint64(32)) * np.uint64(count)) >> np.uint64(32))
    return np.int64(bits >> np.uint64(1)) % count


@njit(cache=True)
def best_constant(case, low, high, budget, share, rng):
    """Return the best of: all 0 (or the bound nearest to it), all low, middle, high, and a few random vectors."""
    best = low.copy()
    best_value = -np.inf
    answer = low.copy()
    for turn in range(8):
        for i in range(low.size):
            if turn == 0:
                answer[i] = clip(0, low[i], high[i])
            elif turn < 4:
                answer[i] = low[i] + (high[i] - low[i]) // 2 * (turn - 1) if turn < 3 else high[i]
            else:
                answer[i] = low[i] + random_below(rng, high[i] - low[i] + 1)
        value = evaluate_full(case, answer, low.size, budget)
        if turn == 0 or value > best_value:
            copy_range(answer, best, 0, low.size)
            best_value = value
        if spent_share(budget) >= share:
            break
    return best, low.size


@njit(cache=True)
def other_value(value, low, high, rng):
    """Return a random value within the bounds, another than the given one; low < high."""
    drawn = low + random_below(rng, high - low)
    return drawn + 1 if drawn >= value else drawn


@njit(cache=True)
def change(answer, extent, low, high, free, rng):
    """Give one position another value, all equally likely. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    answer[i] = other_value(answer[i], low[i], high[i], rng)
    return i, i + 1, extent


@njit(cache=True)
def random_scale(rng, limit):
    """Return a random integer in 1..limit, small ones more often: every factor of two is equally likely."""
    drawn = np.int64(math.exp(random_unit(rng) * math.log(limit + 1.0)))
    return max(1, min(limit, drawn))


@njit(cache=True)
def stepped_value(value, low, high, step_scale, rng):
    """Return a value near the given one, at a distance whose scale is random; turned round at the bounds."""
    limit = max(1, np.int64(step_scale * (high - low)))
    distance = random_scale(rng, limit)
    stepped = value + distance if random_below(rng, 2) == 0 else value - distance
    if stepped < low or stepped > high:
        stepped = clip(2 * value - stepped, low, high)
    return stepped


@njit(cache=True)
def step(answer, extent, low, high, free, step_scale, rng):
    """Move the value of one position up or down, small steps more often. Cost O(1)."""
    if free.size == 0:
        return 0, 0, extent
    i = free[random_below(rng, free.size)]
    before = answer[i]
    answer[i] = stepped_value(before, low[i], high[i], step_scale, rng)
    return i, i + (answer[i] != before), extent


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
def swap_values(answer, extent, low, high, free, reach, rng):
    """Exchange the values of two positions, each brought into its bounds. Cost O(1)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    i, j = free[k], free[random_partner(rng, k, free.size, reach)]
    first, second = answer[i], answer[j]
    if first == second:
        return 0, 0, extent
    answer[i] = clip(second, low[i], high[i])
    answer[j] = clip(first, low[j], high[j])
    return min(i, j), max(i, j) + 1, extent


@njit(cache=True)
def copy_value(answer, extent, low, high, free, reach, rng):
    """Give one position the value of another, near ones more often. Cost O(1)."""
    if free.size < 2:
        return 0, 0, extent
    k = random_below(rng, free.size)
    i, j = free[k], free[random_partner(rng, k, free.size, reach)]
    value = clip(answer[j], low[i], high[i])
    if value == answer[i]:
        return 0, 0, extent
    answer[i] = value
    return i, i + 1, extent


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
def apply_move(kind, answer, extent, space, step_scale, reach, rng):
    """Change the answer by a random move of that kind; return the range touched and the new extent."""
    low, high, free = space
    if kind == 0:
        return change(answer, extent, low, high, free, rng)
    if kind == 1:
        return step(answer, extent, low, high, free, step_scale, rng)
    if kind == 2:
        return swap_values(answer, extent, low, high, free, reach, rng)
    return copy_value(answer, extent, low, high, free, reach, rng)


@njit(cache=True)
def search(case, space, budget, rng, weights, construction_share, step_scale, reach, start_acceptance, end_acceptance):
    """Return the best answer found within the budget, and its extent.
    current is what the search stands on; neighbour is its twin, on which a move is tried. Acceptance: accept a worsening with a probability that falls with its size and with time.
    """
    low, high, free = space
    current, extent = best_constant(case, low, high, budget, construction_share, rng)
    neighbour = current.copy()
    current_value = evaluate_full(case, current, extent, budget)
    best, best_extent, best_value = current.copy(), extent, current_value
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
            if progress >= next_calibration:
                # The share of worsenings to accept falls from start to end at an even rate.
                acceptance = start_acceptance * (end_acceptance / start_acceptance) ** progress
                temperature = metropolis_temperature(worsenings, min(seen, 256), acceptance)
                next_calibration = progress + 0.004 if seen >= 16 else 0.0
        kind = draw_index(weights, rng)
        bar = current_value + temperature * math.log(random_unit(rng))
        lo, hi, neighbour_extent = apply_move(kind, neighbour, extent, space, step_scale, reach, rng)
        if lo >= hi:
            idle += 1
            continue
        idle = 0
        value = evaluate_full(case, neighbour, neighbour_extent, budget)
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
    weights = np.array([values["weight_change"], values["weight_step"], values["weight_swap"], values["weight_copy"]])
    numbers = (float(values["construction_share"]), float(values["step_scale"]), float(values["reach"]), float(values["start_acceptance"]), float(values["end_acceptance"]), )
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
