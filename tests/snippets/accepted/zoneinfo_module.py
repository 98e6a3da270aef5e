# value: ["2024-07-01T04:00:00-04:00", "Europe/London", 3600.0]
from zoneinfo import ZoneInfo
from datetime import datetime
d = datetime(2024, 7, 1, 9, tzinfo=ZoneInfo('Europe/London'))
[d.astimezone(ZoneInfo('America/New_York')).isoformat(), d.tzinfo.key, d.utcoffset().total_seconds()]
