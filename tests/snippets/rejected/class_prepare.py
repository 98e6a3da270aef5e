# rejected: line 3: the name `__prepare__` is not available
class C:
    def __prepare__(name, bases): return {}
