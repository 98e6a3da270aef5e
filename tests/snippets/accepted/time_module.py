# value: [true, true]
import time

start = time.perf_counter()
[time.time() > 1e9, time.perf_counter() >= start]
