# value: ["2024-12-30", "2024-01-04", ["2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29"], 33, "2024-03-24", 36.0]

import datetime as dt
def business_days(start, n, holidays=frozenset()):
    d = start; step = 1 if n >= 0 else -1; left = abs(n)
    while left:
        d += dt.timedelta(days=step)
        if d.weekday() < 5 and d not in holidays: left -= 1
    return d
def month_ends(a, b):
    y, m = a.year, a.month
    while (y, m) <= (b.year, b.month):
        nx = dt.date(y + m // 12, m % 12 + 1, 1)
        yield nx - dt.timedelta(1)
        y, m = nx.year, nx.month
def age(b, t): return t.year - b.year - ((t.month, t.day) < (b.month, b.day))
[business_days(dt.date(2024,12,24), 3, {dt.date(2024,12,25)}), business_days(dt.date(2024,1,8), -2), list(month_ends(dt.date(2023,11,5), dt.date(2024,2,1))), age(dt.date(1990,6,15), dt.date(2024,6,14)), dt.date(2024,3,31) - dt.timedelta(weeks=1), (dt.datetime(2024,1,1,12) - dt.datetime(2023,12,31)).total_seconds()/3600]
