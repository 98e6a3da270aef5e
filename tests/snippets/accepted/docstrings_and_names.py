# value: ["f", "Doc.", "C", "Class doc.", "int"]
def f():
    '''Doc.'''
class C:
    '''Class doc.'''
[f.__name__, f.__doc__, C.__name__, C.__doc__, type(3).__name__]
