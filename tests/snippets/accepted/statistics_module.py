# value: [3.6, 2, 2, 3.647, [1.5, 2.0, 6.5]]
import statistics as st

xs = [1, 2, 2, 3, 10]
[st.mean(xs), st.median(xs), st.mode(xs), round(st.stdev(xs), 3), st.quantiles(xs, n=4)]
