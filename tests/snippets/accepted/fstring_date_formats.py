# value: ["05.03.2024", "2024-03-05", "datetime.date(2024, 3, 5)"]
from datetime import date
d = date(2024, 3, 5)
[f'{d:%d.%m.%Y}', f'{d}', f'{d!r}']
