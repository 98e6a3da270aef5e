# value: [3, 2]
data = iter([3, 2, 0])
out = []
while (n := next(data)):
    out.append(n)
out
