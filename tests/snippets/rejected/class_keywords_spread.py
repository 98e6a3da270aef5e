# rejected: line 2: `**` in a class statement is not available
class C(**{"metaclass": type}): pass
