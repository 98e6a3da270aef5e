# value: [24, 32, 5]
from functools import reduce, partial
[reduce(lambda a, b: a * b, [1, 2, 3, 4]), partial(pow, 2)(5), partial(int, base=2)('101')]
