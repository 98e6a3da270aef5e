# value: 5
for n in range(10):
    if n * n > 20:
        break
n
