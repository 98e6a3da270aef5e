# value: [[1], true]
xs = []
xs.append(1) if True else None
try:
    import json
except ImportError:
    json = None
[xs, json is not None]
