# value: ["2,500.00 USD|2500 US", "357.0 EUR and 357.00 EUR", "357.00 EUR", "3.570000e+02 EUR", 357.0, "EUR"]
class Money:
    def __init__(self, amount, currency="USD"):
        self.amount, self.currency = amount, currency
    def __format__(self, spec):
        return f"{self.amount:{spec or ',.2f'}} {self.currency}"
    def __itruediv__(self, k):
        self.amount /= k
        return self
    def __ifloordiv__(self, k):
        self.amount //= k
        return self
    def __ior__(self, other):
        self.currency = other
        return self
    def __complex__(self):
        return complex(self.amount)
    def __bytes__(self):
        return self.currency.encode()
m = Money(10000)
m /= 4
shown = f"{m}|{m:.0f}|{m!s:.6}|{m:>{10}}"
m //= 7
m |= "EUR"
[shown[:20], "{:.1f} and {}".format(m, m), format(m), format(m, "e"), complex(m).real, bytes(m).decode()]
