# value: {"cum": 0.007661, "vol": 0.245585, "dd": -0.02, "sharpe": 0.1293, "q": [-0.00275, 0.006500000000000001, 0.01125]}

import statistics as S, math
r = [0.01, -0.02, 0.015, 0.003]
cum = math.prod(1 + x for x in r) - 1
vol = S.stdev(r) * math.sqrt(252)
peak = 0; dd = 0; v = 1
for x in r: v *= 1 + x; peak = max(peak, v); dd = min(dd, v / peak - 1)
{"cum": round(cum, 6), "vol": round(vol, 6), "dd": round(dd, 6), "sharpe": round(S.mean(r) / S.stdev(r), 4), "q": S.quantiles(r, n=4, method="inclusive")}
