# value: [0, 2, 4, 6]
def numbers():
    n = 0
    while True:
        yield n
        n += 1
def even(xs):
    for x in xs:
        if x % 2 == 0:
            yield x
from itertools import islice
list(islice(even(numbers()), 4))
