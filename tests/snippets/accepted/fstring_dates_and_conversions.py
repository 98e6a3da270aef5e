# value: null
# printed: "2024-07-04|04.07.24 09:05|July 04|09:05 AM|datetime.date(2024, 7, 4)|      2024-07-04 09:05:03|Thursday, Jul 04|09\n"

import datetime
d = datetime.datetime(2024, 7, 4, 9, 5, 3)
print(f"{d:%Y-%m-%d}|{d:%d.%m.%y %H:%M}|{d:%B %d}|{d:%I:%M %p}|{d.date()!r}|{d!s:>25}|{d:%A, %b %d}|{d.time():%H}")
