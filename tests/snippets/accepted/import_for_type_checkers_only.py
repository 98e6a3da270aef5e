# value: 3.5

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from somewhere.else_ import Thing


def total(frame: pd.DataFrame, thing: Thing | None = None) -> float:
    return sum(frame)


total([1, 2.5])
