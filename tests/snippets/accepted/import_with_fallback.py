# value: [null, "fallback", 3.0, "ImportError"]
# own: no such module is here, and Python may have it
try:
    import numpy as np
except ImportError:
    np = None
try:
    from pandas import DataFrame
except (ImportError, AttributeError):
    DataFrame = "fallback"
def mean(xs):
    try:
        import numpy
        return float(numpy.mean(xs))
    except Exception:
        import statistics
        return float(statistics.mean(xs))
try:
    import os
    name = "os"
except Exception as e:
    name = type(e).__name__
[np, DataFrame, mean([2, 4]), name]
