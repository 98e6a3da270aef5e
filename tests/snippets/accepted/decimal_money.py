# value: ["10.01", "0.3", true]
from decimal import Decimal, ROUND_HALF_UP
x = Decimal('10.005')
[str(x.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)), str(sum([Decimal('0.1')] * 3)), Decimal('1') / 4 == Decimal('0.25')]
