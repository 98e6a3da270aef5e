# value: [["a", 5], ["b", 2]]
from collections import Counter
Counter('abracadabra').most_common(2)
