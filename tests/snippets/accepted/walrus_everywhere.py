# value: [[4, 12], ["ab", "cd"], [10, 24, 6], 9]
data = [1, 5, 12, 3]
if (n := len(data)) > 3 and any((big := x) > 10 for x in data):
    found = (n, big)
chunks = iter(["ab", "cd", ""])
read = []
while (chunk := next(chunks)):
    read.append(chunk)
[found, read, [y for x in data if (y := x * 2) > 5], (lambda v: (w := v + 1) * w)(2)]
