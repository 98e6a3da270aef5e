# value: 2
# printed: "ACME     10.00   12.50   +25.0%\nBETA      8.00    6.00   -25.0%\n"
prices = {"ACME": [10.0, 12.5], "BETA": [8.0, 6.0]}
lines = [f"{name:<6}{old:>8.2f}{new:>8.2f}{(new - old) / old:>+9.1%}" for name, (old, new) in prices.items()]
print("\n".join(lines))
len(lines)
