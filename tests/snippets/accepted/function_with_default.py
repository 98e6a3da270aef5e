# value: [125.0, 150.0]
def price(amount, rate=0.25):
    return amount * (1 + rate)

[price(100), price(100, rate=0.5)]
