# value: ["2024-03-05T14:30:00", 2024]
from datetime import datetime
[datetime.strptime('2024-03-05 14:30', '%Y-%m-%d %H:%M').isoformat(), datetime.fromisoformat('2024-03-05').year]
