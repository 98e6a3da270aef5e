# value: [{"1": [1, 2, 3, 4], "2": [5, 6, 7, 8, 9, 10]}, 59, "2026-03-01T12:00:00+00:00", 14, "2026-01-02", "01 Mar 2026", "2026-01-03"]
from datetime import date, timedelta, datetime, timezone
start = date(2026, 1, 1)
days = [start + timedelta(days=n) for n in range(10)]
weeks = {}
for d in days:
    weeks.setdefault(d.isocalendar().week, []).append(d.day)
moment = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
[weeks, (date(2026, 3, 1) - start).days, moment.isoformat(), moment.astimezone(timezone(timedelta(hours=2))).hour,
 datetime.strptime("02/01/2026", "%d/%m/%Y").date().isoformat(), f"{moment:%d %b %Y}", [d for d in days if d.weekday() >= 5][0].isoformat()]
