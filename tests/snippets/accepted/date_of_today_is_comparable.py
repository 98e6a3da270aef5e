# value: [true, true]
from datetime import date, datetime

[date.today() >= date(2020, 1, 1), datetime.now().year >= 2020]
