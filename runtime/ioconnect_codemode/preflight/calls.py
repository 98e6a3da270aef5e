"""What is known of a call: capabilities, builtins, methods, and functions of the snippet."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ioconnect_codemode.language import ALL_TARGETS
from ioconnect_codemode.messages import say
from ioconnect_codemode.preflight import reading
from ioconnect_codemode.preflight.expressions import Expressions
from ioconnect_codemode.preflight.names import Callees
from ioconnect_codemode.preflight.reading import Slip
from ioconnect_codemode.preflight.scope import FunctionScope
from ioconnect_codemode.preflight.value_types import (
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Choice,
    DictOf,
    Items,
    ListOf,
    Maybe,
    Plain,
    RecordOf,
    TupleOf,
    ValueType,
    fits,
    item_of,
    joined,
    present,
    type_text,
    widened,
)
from ioconnect_codemode.values import with_article

_RESULTS = {"str": TEXT, "repr": TEXT, "int": WHOLE, "float": NUMBER, "bool": TRUTH, "any": TRUTH, "all": TRUTH}
_IN_ORDER = frozenset({"sorted", "min", "max"})
_NEEDS_VALUE = frozenset({"len", "int", "float", "round", "abs", "sum", "list", "tuple", "set", "enumerate", "iter"})
_KEEPS_ITEMS = frozenset({"list", "tuple", "set", "frozenset", "reversed", "iter", "deque"})


class Calls(Expressions):
    """Looks at calls.

    Args:
        scope: What the names of the catalog mean.
        facts: What the snippet says of itself.
        callees: Which capability a callee is.
    """

    def __init__(self, callees: Callees) -> None:
        super().__init__(callees.scope, callees.facts)
        self._callees = callees

    def call_of(self, node: ast.Call) -> ValueType | None:
        """Give the type of a call's result."""
        capability = self._callees.capability(node.func)
        if capability is not None:
            return self._capability_call(node, *capability)
        match node.func:
            case ast.Name(id=name) if name in self.facts.functions and self.facts.stores[name] == 1:
                return self.own_call(node, self.facts.functions[name])
            case ast.Name(id=name) if name not in self.facts.bound:
                return self._builtin_call(node, name)
            case ast.Attribute(value=ast.Name(id="asyncio"), attr=name):
                return self._asyncio_call(node, name)
            case ast.Attribute():
                return self._method_call(node, node.func)
            case _:
                self.value_of(node.func)
                self._arguments(node)
                return None

    def own_call(self, node: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ValueType | None:
        """Give the type of a call of a function of the snippet."""
        raise NotImplementedError

    def own_result(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, given: Sequence[ValueType | None], *, site: ast.expr
    ) -> ValueType | None:
        """Give the result of a function of the snippet that is called with these arguments from a place."""
        raise NotImplementedError

    def apply(self, function: ast.expr, item: ValueType | None) -> ValueType | None:
        """Give the result of a function that is called with one such item."""
        if isinstance(function, ast.Lambda):
            return self._apply_lambda(function, item)
        if isinstance(function, ast.Name) and self.facts.stores[function.id] == 1:
            own = self.facts.functions.get(function.id)
            if own is not None:
                return self.own_result(own, [item], site=function)
        capability = self._callees.capability(function)
        if capability is not None:
            return self._result(*capability)
        self.value_of(function)
        return None

    def _apply_lambda(self, function: ast.Lambda, item: ValueType | None) -> ValueType | None:
        parameters = [*function.args.posonlyargs, *function.args.args]
        if len(parameters) != 1 or function.args.vararg or function.args.kwonlyargs or function.args.kwarg:
            self.value_of(function)
            return None
        kept = dict(self.known)
        self.assign(ast.Name(parameters[0].arg, ast.Store()), item)
        found = self.value_of(function.body)
        self.known = kept
        return found

    def _arguments(self, node: ast.Call) -> list[ValueType | None]:
        """Look at the arguments; gives the types of the positional ones."""
        found = [self.value_of(one) for one in node.args]
        for keyword in node.keywords:
            self.value_of(keyword.value)
        return found

    # -- capabilities -------------------------------------------------------------------------------------------

    def _result(self, name: str, function: FunctionScope) -> ValueType | None:
        found = self.types.read(function.returns)
        return found._replace(origin=f"{name}(...)") if isinstance(found, Maybe) else found

    def _capability_call(self, node: ast.Call, name: str, function: FunctionScope) -> ValueType | None:
        for place, argument in enumerate(node.args):
            known = self.value_of(argument)
            if place < len(function.parameters) and not any(isinstance(one, ast.Starred) for one in node.args):
                self._argument(argument, known, place, function)
        places = {parameter["name"]: place for place, parameter in enumerate(function.parameters)}
        for keyword in node.keywords:
            known = self.value_of(keyword.value)
            if keyword.arg in places:
                self._argument(keyword.value, known, places[keyword.arg], function)
        return self._targeted(node, name, function)

    def _targeted(self, node: ast.Call, name: str, function: FunctionScope) -> ValueType | None:
        """Give the type of a call that may say which apps it goes to: with several, their results by name."""
        option = next((one["name"] for one in function.parameters if one.get("option") == "target"), None)
        target = next((one.value for one in node.keywords if option is not None and one.arg == option), None)
        if option is not None and any(one.arg is None for one in node.keywords):
            return None
        match target:
            case None | ast.Constant(value=None):
                return self._result(name, function)
            case ast.Constant(value=str(said)) if said not in ALL_TARGETS:
                return self._result(name, function)
            case ast.Constant() | ast.List() | ast.ListComp() | ast.Tuple():
                return DictOf(self.types.read(function.returns))
            case _:
                return None

    def _argument(self, node: ast.expr, known: ValueType | None, place: int, function: FunctionScope) -> None:
        """Tell an argument that surely isn't of its parameter's type; literals are looked at elsewhere."""
        parameter = function.parameters[place]
        if known is None or isinstance(node, (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.JoinedStr, ast.UnaryOp)):
            return
        expected = self.types.read(parameter["type"])
        if known == NOTHING and not parameter["required"]:
            return
        if not fits(known, expected):
            self.tell(node, self._wrong_type(node, known, parameter["type"], expected), signature=function.signature)
        elif isinstance(known, Maybe) and parameter["required"] and not fits(NOTHING, expected):
            self.there(node, known)

    def _wrong_type(self, node: ast.expr, known: ValueType, expression: str, expected: ValueType | None) -> Slip:
        if isinstance(known, Choice) and isinstance(present(expected), Choice):
            got = ", ".join(map(repr, known.values))[:60]
            choices = present(expected)
            names = ", ".join(map(repr, choices.values)) if isinstance(choices, Choice) else expression
            return Slip(kind="type_error", message=say("type_error", "not_a_choice", got=got, expected=names[:200]))
        message = say("type_error", "wrong_type", expected=expression[:160], got=type_text(known))
        return Slip(kind="type_error", message=message, hint=self._instead(node, known, expected))

    def _instead(self, node: ast.expr, known: ValueType, expected: ValueType | None) -> str | None:
        """Say what to pass in the place of a list or a record, where that is plain."""
        if isinstance(known, ListOf):
            return say("type_error", "items_hint")
        if isinstance(known, RecordOf) and isinstance(node, ast.Name):
            for one in self.types.fields(known.name):
                if one["name"] == "id" and fits(self.types.read(one["type"]), expected):
                    return say("type_error", "pass_hint", name=f"{node.id}.id")
        return None

    # -- what Python has ----------------------------------------------------------------------------------------

    def _builtin_call(self, node: ast.Call, name: str) -> ValueType | None:
        if name in _IN_ORDER:
            return self._ordering_call(node, name)
        if name in ("map", "filter", "parallel") and len(node.args) == 2 and not node.keywords:
            item = item_of(self.iterated(node.args[1]))
            found = self.apply(node.args[0], item)
            if name == "filter":
                return Items(present(item))
            return ListOf(found) if name == "parallel" else Items(found)
        values = self._arguments(node)
        if name in _NEEDS_VALUE and values:
            values[0] = self.there(node.args[0], values[0])
        if name == "len" and len(values) == 1:
            self._wrapper(node.args[0], values[0])
        return self._builtin_result(name, values)

    def _wrapper(self, node: ast.expr, known: ValueType | None) -> None:
        """Tell a record that is counted or joined where its one list is meant: the keys would be the answer."""
        if isinstance(known, RecordOf):
            names = [one["name"] for one in self.types.fields(known.name) if _is_list(self.types.read(one["type"]))]
            if len(names) == 1 and not self.facts.added.intersection(names):
                message = say("type_error", "not_a_list", type=known.name)
                hint = say("type_error", "keys_hint", type=known.name, names=f".{names[0]}")
                self.tell(node, Slip(kind="type_error", message=message, hint=hint))

    def _builtin_result(self, name: str, values: Sequence[ValueType | None]) -> ValueType | None:
        first = values[0] if values else None
        match name:
            case "len":
                return WHOLE
            case "range":
                return Items(WHOLE)
            case "round":
                return WHOLE if len(values) == 1 else NUMBER
            case "next":
                return item_of(first) if len(values) == 1 else joined(item_of(first), values[1]) if values else None
            case "enumerate":
                return Items(TupleOf((WHOLE, item_of(first))))
            case "zip":
                return Items(TupleOf(tuple(item_of(value) for value in values)))
            case "abs" if widened(first) in (WHOLE, NUMBER):
                return widened(first)
            case "list" | "sorted":
                return ListOf(item_of(first))
            case "dict" if isinstance(first, (RecordOf, DictOf)):
                return None
            case _ if name in _KEEPS_ITEMS:
                return Items(item_of(first))
            case _:
                return _RESULTS.get(name)

    def _ordering_call(self, node: ast.Call, name: str) -> ValueType | None:
        """Look at `sorted(items, key=...)`, `min` and `max`: what is compared must be there."""
        values = [self.value_of(one) for one in node.args]
        item = item_of(self.there(node.args[0], values[0])) if len(values) == 1 else None
        has_key = False
        for keyword in node.keywords:
            if keyword.arg == "key":
                has_key = True
                self._compared(keyword.value, item)
            else:
                self.value_of(keyword.value)
        if len(values) != 1:
            for one, value in zip(node.args, values, strict=True):
                if not isinstance(one, ast.Starred):
                    self.there(one, value)
            return None
        if not has_key:
            item = self.there(node.args[0], item)
        if name == "sorted":
            return ListOf(item)
        return item if not any(keyword.arg == "default" for keyword in node.keywords) else None

    def _compared(self, key: ast.expr, item: ValueType | None) -> None:
        found = self.apply(key, item)
        if isinstance(key, ast.Lambda):
            self.there(key.body, found)

    def _asyncio_call(self, node: ast.Call, name: str) -> ValueType | None:
        values = self._arguments(node)
        if name == "run" and len(values) == 1:
            return values[0]
        if name == "gather" and not node.keywords:
            if len(node.args) == 1 and isinstance(node.args[0], ast.Starred):
                self.mutes += 1
                item = item_of(self.value_of(node.args[0].value))
                self.mutes -= 1
                return ListOf(item)
            return None if any(isinstance(one, ast.Starred) for one in node.args) else TupleOf(tuple(values))
        return None

    def _method_call(self, node: ast.Call, function: ast.Attribute) -> ValueType | None:
        base = self.there(function.value, self.value_of(function.value))
        if isinstance(base, RecordOf) and function.attr == "get" and node.args:
            self._arguments(node)
            return self.get_of(node, base)
        if isinstance(base, ListOf) and function.attr == "sort":
            for keyword in node.keywords:
                if keyword.arg == "key":
                    self._compared(keyword.value, base.item)
                else:
                    self.value_of(keyword.value)
            return None
        values = self._arguments(node)
        if base is None:
            return None
        if function.attr == "join" and widened(base) == TEXT and len(values) == 1:
            self._wrapper(node.args[0], values[0])
        is_method = isinstance(base, (RecordOf, DictOf, ListOf)) and hasattr(dict, function.attr)
        if not is_method:
            value, slip = reading.attribute(base, function.attr, self.types, added=self.added)
            slip = slip or self._called_field(base, function.attr, value)
            if slip is not None and not (self.facts.adds_unknown_keys and slip.kind == "unknown_name"):
                self.tell(function, slip, tail=function.attr)
                return None
        if isinstance(base, DictOf) and function.attr in ("get", "pop") and len(node.args) > 1:
            return None
        return reading.method(base, function.attr)

    def _called_field(self, base: ValueType, name: str, value: ValueType | None) -> Slip | None:
        """Tell a field that is called as if it were a method."""
        value = present(value)
        if not isinstance(base, RecordOf) or not isinstance(value, (Plain, Choice, ListOf, DictOf, RecordOf, TupleOf)):
            return None
        message = say("type_error", "called", type=base.name, name=name, got=with_article(type_text(value)))
        return Slip(kind="type_error", message=message, hint=say("type_error", "called_hint", name=name))


def _is_list(known: ValueType | None) -> bool:
    return isinstance(present(known), ListOf)
