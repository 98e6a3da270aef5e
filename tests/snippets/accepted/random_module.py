# value: [true, 7, [0, 1, 2], 0]
import random

random.seed(3)
a = [random.random(), random.randint(1, 6)]
random.seed(3)
b = [random.random(), random.randint(1, 6)]
rng = random.Random(1)
[a == b, random.choice([7]), sorted(random.sample(range(3), 3)), rng.randint(0, 0)]
