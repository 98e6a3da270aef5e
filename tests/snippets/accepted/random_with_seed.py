# value: [true, true]
import random
random.seed(7)
a = [random.randint(1, 6) for _ in range(5)]
random.seed(7)
[a == [random.randint(1, 6) for _ in range(5)], random.Random(3).random() == random.Random(3).random()]
