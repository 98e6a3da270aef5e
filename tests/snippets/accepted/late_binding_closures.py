# value: [[2, 2, 2], [0, 1, 2]]
fs = [lambda: n for n in range(3)]
gs = [lambda n=n: n for n in range(3)]
[[f() for f in fs], [g() for g in gs]]
