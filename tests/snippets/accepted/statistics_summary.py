# value: {"mean": 3.8, "median": 3.5, "sd": 2.6125, "q": [1.75, 3.5, 6.0], "geo": 3.0863}
import statistics as st, math
xs = [2.5, 3.5, 8, 1, 4]
{"mean": round(st.mean(xs), 3), "median": st.median(xs), "sd": round(st.stdev(xs), 4), "q": [round(q, 2) for q in st.quantiles(xs, n=4)], "geo": round(math.exp(sum(map(math.log, xs)) / len(xs)), 4)}
