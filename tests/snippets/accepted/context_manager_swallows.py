# value: "after"
class S:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return t is KeyError
with S():
    {}['x']
'after'
