# value: [6, [0, 1, 3, 6], "set inside"]
total = 0
seen = []
def add(n):
    global total
    total += n
    seen.append(total)
for n in range(4):
    add(n)
def deeper():
    def inner():
        global label
        label = "set inside"
    inner()
deeper()
[total, seen, label]
