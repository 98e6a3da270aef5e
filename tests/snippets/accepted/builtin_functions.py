# value: [6, 1, 3, [3, 2, 1], [[3, "a"], [1, "b"], [2, "c"]], [[1, 3], [2, 1], [3, 2]], true, true, [2, 1, 3], 2.6, [3, 1], 3, ["3", "1", "2"], [1], 3, "A", 97, "0b101", "0xff", 2]
xs = [3, 1, 2]
[sum(xs), min(xs), max(xs, default=0), sorted(xs, reverse=True), list(zip(xs, "abc")), list(enumerate(xs, 1)), any(xs), all(xs), list(reversed(xs)), round(2.567, 1), divmod(7, 2), abs(-3), list(map(str, xs)), list(filter(None, [0, 1])), next(iter(xs)), chr(65), ord("a"), bin(5), hex(255), pow(2, 10, 7)]
