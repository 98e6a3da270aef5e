"""`dataclass` as the standard library has it, for rooms that a start waits for.

The standard library writes a class's methods as source and compiles them: 0.4 ms a class, and a host and its worker start
with ninety, of which a run uses a third. Here that is put off: a class is filled in by the standard library when one of
its objects is compared or shown, or when some have been made; until then fields are set one by one. To a type checker it
is the standard library's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["dataclass", "fill_in"]

if TYPE_CHECKING:
    from dataclasses import dataclass

    def fill_in() -> None:
        """Fill in every class now."""

else:
    import dataclasses
    from types import SimpleNamespace

    _MADE_SLOWLY = 4
    _forms = []  # of classes that are not filled in
    _FILLED_IN = ("__init__", "__repr__", "__eq__", "__hash__")
    _set = object.__setattr__

    def dataclass(*, frozen: bool = False, slots: bool = False, kw_only: bool = False):
        """Make a class a dataclass; the options are the standard library's."""

        def make(cls: type) -> type:
            fields = {name: one for base in cls.__mro__[:0:-1] for name, one in _fields_of(base).items()}
            own = _own_fields(cls, kw_only=kw_only)
            fields |= own
            if slots:
                cls = _with_slots(cls, own, {name for base in cls.__mro__[1:] for name in _fields_of(base)})
            for name, one in own.items():
                if not slots and one.default is dataclasses.MISSING and name in cls.__dict__:
                    delattr(cls, name)
                elif not slots and one.default is not dataclasses.MISSING:
                    setattr(cls, name, one.default)
            cls.__dataclass_fields__ = fields
            cls.__dataclass_params__ = SimpleNamespace(
                init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=frozen
            )
            cls.__match_args__ = tuple(name for name, one in fields.items() if one.init and not one.kw_only)
            _Form(cls, fields, frozen=frozen).give_methods()
            return cls

        return make

    def fill_in() -> None:
        """Fill in every class now: a process does so that has the time, so that those which it forks need not."""
        for form in list(_forms):
            form.fill_in()

    class _Form:
        """What a class needs until the standard library has filled it in."""

        def __init__(self, cls: type, fields: dict[str, dataclasses.Field], *, frozen: bool) -> None:
            self.cls = cls
            self.fields = fields
            self.frozen = frozen
            self.made = 0
            _forms.append(self)
            self.missing = {name for name in _FILLED_IN if name not in cls.__dict__ or name == "__hash__"}
            if cls.__dict__.get("__hash__") is not None:
                self.missing.discard("__hash__")

        def give_methods(self) -> None:
            """Give the class methods that fill it in when they are called."""
            cls, form = self.cls, self

            def init(self: object, *args: object, **given: object) -> None:
                form.made += 1
                if form.made > _MADE_SLOWLY:
                    form.fill_in()
                    self.__init__(*args, **given)
                else:
                    form.set_fields(self, args, given)

            def show(self: object) -> str:
                form.fill_in()
                return repr(self)

            def equals(self: object, other: object) -> object:
                form.fill_in()
                return cls.__eq__(self, other)

            def hashed(self: object) -> int:
                form.fill_in()
                return hash(self)

            for name, method in zip(_FILLED_IN, (init, show, equals, hashed), strict=True):
                if name in self.missing:
                    setattr(cls, name, method)
            if not self.frozen:
                cls.__hash__ = None
                self.missing.discard("__hash__")
            else:
                cls.__setattr__, cls.__delattr__ = _refuse("assign to"), _refuse("delete")
                cls.__getstate__, cls.__setstate__ = _state, _set_state

        def set_fields(self, made: object, args: tuple[object, ...], given: dict[str, object]) -> None:
            """Set the fields of an object from the arguments of its class."""
            if args:
                if len(args) > len(self.cls.__match_args__) or any(
                    one in given for one in self.cls.__match_args__[: len(args)]
                ):
                    self._raise_as_usual(args, given)
                given |= zip(self.cls.__match_args__, args, strict=False)
            taken = 0
            for name, one in self.fields.items():
                if not one.init:
                    if one.default is not dataclasses.MISSING:
                        _set(made, name, one.default)
                    elif one.default_factory is not dataclasses.MISSING:
                        _set(made, name, one.default_factory())
                elif name in given:
                    taken += 1
                    _set(made, name, given[name])
                elif one.default is not dataclasses.MISSING:
                    _set(made, name, one.default)
                elif one.default_factory is not dataclasses.MISSING:
                    _set(made, name, one.default_factory())
                else:
                    self._raise_as_usual(args, given)
            if taken != len(given):
                self._raise_as_usual(args, given)
            if hasattr(self.cls, "__post_init__"):
                made.__post_init__()

        def _raise_as_usual(self, args: tuple[object, ...], given: dict[str, object]) -> None:
            """Have the standard library's own `__init__` say what is wrong with arguments."""
            self.fill_in()
            self.cls(*args, **given)
            raise AssertionError(f"{self.cls.__name__} takes these arguments after all")

        def fill_in(self) -> None:
            """Take the missing methods from a class of the same fields that the standard library has made."""
            if self in _forms:
                _forms.remove(self)
            missing, self.missing = self.missing, set()
            namespace = {"__module__": self.cls.__module__, "__doc__": ""}
            namespace["__annotations__"] = {name: one.type for name, one in self.fields.items()}
            namespace |= self.fields
            if hasattr(self.cls, "__post_init__"):
                namespace["__post_init__"] = None
            twin = type(self.cls.__name__, (), namespace)
            twin.__qualname__ = self.cls.__qualname__
            twin = dataclasses.dataclass(frozen=self.frozen)(twin)
            for name in missing:
                method = twin.__dict__[name]
                method.__qualname__ = f"{self.cls.__qualname__}.{name}"
                setattr(self.cls, name, method)

    def _fields_of(cls: type) -> dict[str, dataclasses.Field]:
        return cls.__dict__.get("__dataclass_fields__", {})

    def _own_fields(cls: type, *, kw_only: bool) -> dict[str, dataclasses.Field]:
        own: dict[str, dataclasses.Field] = {}
        for name, annotation in cls.__annotations__.items():
            if annotation.startswith("ClassVar"):
                continue
            default = cls.__dict__.get(name, dataclasses.MISSING)
            one = default if isinstance(default, dataclasses.Field) else dataclasses.field(default=default)
            one.name, one.type, one._field_type = name, annotation, dataclasses._FIELD
            if one.kw_only is dataclasses.MISSING:
                one.kw_only = kw_only
            own[name] = one
        return own

    def _with_slots(cls: type, own: dict[str, dataclasses.Field], inherited: set[str]) -> type:
        namespace = {name: value for name, value in cls.__dict__.items() if name not in own}
        namespace["__slots__"] = tuple(name for name in own if name not in inherited)
        namespace.pop("__dict__", None)
        namespace.pop("__weakref__", None)
        made = type(cls)(cls.__name__, cls.__bases__, namespace)
        made.__qualname__ = cls.__qualname__
        return made

    def _refuse(what: str):
        def refuse(self: object, name: str, *_: object) -> None:
            raise dataclasses.FrozenInstanceError(f"cannot {what} field {name!r}")

        return refuse

    def _state(self: object) -> list[object]:
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def _set_state(self: object, state: list[object]) -> None:
        for name, value in zip(self.__dataclass_fields__, state, strict=True):
            _set(self, name, value)
