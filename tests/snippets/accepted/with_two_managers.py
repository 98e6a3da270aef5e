# value: ["+a", "+b", "a", "-b", "-a"]
class M:
    def __init__(self, name, log):
        self.name, self.log = name, log

    def __enter__(self):
        self.log.append("+" + self.name)
        return self.name, 1

    def __exit__(self, *rest):
        self.log.append("-" + self.name)

log = []
with M("a", log) as (a, one), M("b", log):
    log.append(a)
log
