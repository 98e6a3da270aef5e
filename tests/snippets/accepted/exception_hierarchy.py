# value: ["no x", "x", "Missing", true]
class AppErr(Exception): pass
class Missing(AppErr):
    def __init__(self, key):
        super().__init__(f'no {key}')
        self.key = key
try:
    raise Missing('x')
except AppErr as e:
    r = [str(e), e.key, type(e).__name__, isinstance(e, Missing)]
r
