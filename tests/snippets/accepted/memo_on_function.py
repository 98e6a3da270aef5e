# value: [102334155, 41]
def fib(n):
    if n not in fib.cache:
        fib.cache[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return fib.cache[n]
fib.cache = {}
[fib(40), len(fib.cache)]
