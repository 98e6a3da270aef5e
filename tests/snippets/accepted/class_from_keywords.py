# value: ["Options(limit=3, sort='name')", "unknown options: size"]
class Options:
    defaults = {"limit": 10, "sort": "name"}
    def __init__(self, **options):
        unknown = options.keys() - self.defaults.keys()
        if unknown:
            raise TypeError(f"unknown options: {', '.join(sorted(unknown))}")
        self.__dict__.update({**self.defaults, **options})
    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in sorted(vars(self).items()))})"
try:
    Options(size=1)
except TypeError as e:
    message = str(e)
[repr(Options(limit=3)), message]
