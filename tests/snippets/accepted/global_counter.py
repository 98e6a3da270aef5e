# value: [1, 2, 2]
n = 0
def inc():
    global n
    n += 1
    return n
[inc(), inc(), n]
