# value: [2, 3]
from collections import deque
d = deque(maxlen=2)
for n in range(4):
    d.append(n)
list(d)
