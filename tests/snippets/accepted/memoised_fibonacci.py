# value: [12586269025, 51]
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
[fib(50), fib.cache_info().misses]
