# value: ["60.075", "12.02", "72.10", "60.1", -3]
from decimal import Decimal, ROUND_HALF_UP
lines = [("a", 3, Decimal("19.99")), ("b", 1, Decimal("0.105"))]
net = sum((q * p for _, q, p in lines), Decimal(0))
tax = (net * Decimal("0.2")).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
[str(net), str(tax), f"{net + tax:.2f}", f"{float(net):,.1f}", (net + tax).as_tuple().exponent]
