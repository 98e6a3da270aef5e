# value: ["2024-03-01T12:00:00", 29, "Friday 01 March", 4, 0]
from datetime import datetime, timedelta, date
d = datetime(2024, 2, 28, 12) + timedelta(days=2)
[d.isoformat(), (date(2024, 3, 1) - date(2024, 2, 1)).days, d.strftime('%A %d %B'), d.weekday(), d.replace(hour=0).hour]
