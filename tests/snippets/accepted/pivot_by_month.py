# value: {"ACME": {"Jan": 100.5}, "BETA": {"Feb": 300.0}}
from collections import defaultdict
from datetime import date
trades = [("2026-01-03", "ACME", 120.5), ("2026-01-17", "ACME", -20.0), ("2026-02-02", "BETA", 300.0)]
pivot = defaultdict(lambda: defaultdict(float))
for day, symbol, amount in trades:
    pivot[symbol][date.fromisoformat(day).strftime("%b")] += amount
{symbol: dict(months) for symbol, months in pivot.items()}
