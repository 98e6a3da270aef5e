# value: [[9, 7, 5, 0, 0], [7, 8, 9], "ell", [1, 0]]
xs = list(range(10))
xs[2:4] = [0]
[xs[::-2], xs[-3:], "hello"[1:-1], xs[slice(1, 3)]]
