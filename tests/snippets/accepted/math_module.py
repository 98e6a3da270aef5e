# value: [2, 3, 4.0, 3.14, 6, true, true]
import math
from math import sqrt, pi as circle

[math.floor(2.7), math.ceil(2.1), sqrt(16), round(circle, 2), math.gcd(12, 18), math.isclose(0.1 + 0.2, 0.3), math.inf > 1]
