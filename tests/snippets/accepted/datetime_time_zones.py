# value: ["2024-01-01T14:00:00+02:00", 1704110400.0]
from datetime import datetime, timezone, timedelta
d = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
[d.astimezone(timezone(timedelta(hours=2))).isoformat(), d.timestamp()]
