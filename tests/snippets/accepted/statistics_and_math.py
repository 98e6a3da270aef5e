# value: [4.0, 2, true, 2, 2, 1.291, 6, true]
import math, statistics as st
[math.sqrt(16), math.ceil(1.2), math.isclose(0.1 + 0.2, 0.3), st.mean([1, 2, 3]), st.median([1, 5, 2]), round(st.stdev([1, 2, 3, 4]), 3), math.prod([2, 3]), math.inf > 1]
