"""Arguments as functions of the library are given them.

A library function that is written in Python calls methods of the texts it is given, and hands them tables that it keeps. A
snippet's class may derive from `str` and have methods of its own, so such functions get plain texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def plain(value: object) -> object:
    """Give a text of a snippet's class as the text that it is, anything else as it is."""
    return str.__str__(value) if isinstance(value, str) and type(value) is not str else value


def plain_call(function: Callable[..., object], args: tuple[object, ...], kwargs: Mapping[str, object]) -> object:
    """Call a library function with plain texts."""
    if not kwargs:  # as nearly always, and without one text of a snippet's class among them
        for value in args:
            if type(value) is not str and isinstance(value, str):
                break
        else:
            return function(*args)
    return function(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})


def called(function: Callable[..., object]) -> Callable[..., object]:
    """Have a library function called by a frame of the host's, with plain texts.

    C code that imports looks for `__import__` in the builtins of the frame that calls it.
    """

    def call(*args: object, **kwargs: object) -> object:
        return plain_call(function, args, kwargs)

    return call
