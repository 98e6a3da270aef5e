# rejected: line 2: a class can't derive from `type` here
class Meta(type):
    pass
