# value: ["neg", "zero", "pos"]
f = lambda n: 'neg' if n < 0 else 'zero' if n == 0 else 'pos'
[f(-1), f(0), f(1)]
