# value: [4, 6, 2, "double", true, false]
def counted(function):
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)
    wrapper.calls = 0
    wrapper.__name__ = function.__name__
    return wrapper
@counted
def double(x):
    return x * 2
[double(2), double(3), double.calls, double.__name__, hasattr(double, "calls"), hasattr(double, "other")]
