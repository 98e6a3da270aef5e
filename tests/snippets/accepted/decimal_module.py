# value: ["0.333333", "0.333", "2.68", "1,234.50"]
from decimal import Decimal, ROUND_HALF_UP, getcontext, localcontext

getcontext().prec = 6
third = Decimal(1) / 3
with localcontext() as ctx:
    ctx.prec = 3
    short = Decimal(1) / 3
[str(third), str(short), str(Decimal("2.675").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)), f"{Decimal('1234.5'):,.2f}"]
