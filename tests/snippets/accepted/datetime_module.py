# value: ["02 Mar 2026", "2026-03-02", "10:30", 93600.0, "2026-03-02T12:30:00", 6, "2026-01-01", true, "2026-03-01", true]
from datetime import datetime, timedelta, timezone
import datetime as dt

d = datetime.strptime("2026-03-01 10:30", "%Y-%m-%d %H:%M")
later = d + timedelta(days=1, hours=2)
[later.strftime("%d %b %Y"), f"{later:%Y-%m-%d}", "{:%H:%M}".format(d), (later - d).total_seconds(), later.isoformat(), d.weekday(), dt.date(2026, 1, 31).replace(day=1).isoformat(), datetime.fromisoformat("2026-01-01T00:00:00+00:00").tzinfo == timezone.utc, d.date().isoformat(), later > d]
