# value: 3
# own: a top-level return
for n in range(10):
    if n == 3:
        return n
"never"
