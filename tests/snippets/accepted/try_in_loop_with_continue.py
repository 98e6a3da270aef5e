# value: [1, 3]
out = []
for x in ['1', 'a', '3']:
    try:
        n = int(x)
    except ValueError:
        continue
    else:
        out.append(n)
out
