# value: [[2, 3, 5, 7], 3]
out = []
for n in range(2, 10):
    for d in range(2, n):
        if n % d == 0:
            break
    else:
        out.append(n)
i = 0
while True:
    i += 1
    if i < 3:
        continue
    break
[out, i]
