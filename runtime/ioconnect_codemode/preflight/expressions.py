"""What is known of an expression's value, and what is surely wrong inside it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.messages import say
from ioconnect_codemode.preflight import reading
from ioconnect_codemode.preflight.facts import Facts, field_name
from ioconnect_codemode.preflight.reading import Slip
from ioconnect_codemode.preflight.scope import Scope, problem_at
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
    TypeReader,
    ValueType,
    item_of,
    joined,
    joined_all,
    present,
    type_text,
    widened,
)
from ioconnect_codemode.records import nearest
from ioconnect_codemode.values import with_article

BUDGET = 20_000
"""Expressions looked at in one check: a snippet of 64 KiB has some 15,000; helper functions are looked at again a call."""

_SYMBOLS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_ORDERS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_NUMBERS = (WHOLE, NUMBER, TRUTH)
_SCALARS = (str, int, float, bool, type(None))


class OutOfBudget(Exception):
    """The snippet takes too long to follow: what has been found so far is all."""


class Expressions:
    """Looks at expressions, with what is known of the names in them.

    Args:
        scope: What the names of the catalog mean.
        facts: What the snippet says of itself.
    """

    def __init__(self, scope: Scope, facts: Facts) -> None:
        self.scope = scope
        self.facts = facts
        self.types = TypeReader(scope.types)
        self.found: list[Problem] = []
        self.known: dict[str, ValueType | None] = {}
        self.mutes: int = 0
        self.added = frozenset(facts.added)
        self._left = BUDGET
        self._looks: dict[type[ast.AST], Callable[..., ValueType | None]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.BinOp: self._operation,
            ast.Compare: self._comparison,
            ast.BoolOp: self._boolean,
            ast.IfExp: self._conditional,
            ast.NamedExpr: self._walrus,
            ast.Await: self._await,
            ast.UnaryOp: self._negation,
            ast.List: self._list,
            ast.Tuple: self._tuple,
            ast.Set: self._set,
            ast.Starred: self._starred,
            ast.Dict: self._dict,
            ast.JoinedStr: self._joined_text,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._dict_comprehension,
            ast.Lambda: self._lambda,
            ast.Call: self._call,
        }

    def value_of(self, node: ast.expr | None) -> ValueType | None:
        """Look at an expression and give its type.

        Raises:
            OutOfBudget: Too much has been looked at.
        """
        if node is None:
            return None
        self._left -= 1
        if self._left < 0:
            raise OutOfBudget
        look = self._looks.get(type(node))
        if look is not None:
            return look(node)
        self.parts(node)
        return None

    def tell(self, node: ast.expr, slip: Slip | None, *, tail: str | None = None, signature: str | None = None) -> None:
        """Note a slip, unless the snippet is prepared for it."""
        if slip is not None and not self.mutes:
            problem = problem_at(node, slip.kind, slip.message, hint=slip.hint, tail=tail, signature=signature)
            self.found.append(problem)

    def there(self, node: ast.expr, known: ValueType | None) -> ValueType | None:
        """Give the type of a value that is used as if it were there; tells where it may be None and nothing asks."""
        if isinstance(known, Maybe):
            if known.origin:
                self.tell(node, _may_be_none(known, node))
            return known.inner
        return known

    def call_of(self, node: ast.Call) -> ValueType | None:
        """Give the type of a call's result; what is known of callees is in `calls.py`."""
        raise NotImplementedError

    def apply(self, function: ast.expr, item: ValueType | None) -> ValueType | None:
        """Give the result of a function, a lambda for instance, that is called with one such item."""
        raise NotImplementedError

    def assign(self, target: ast.expr, known: ValueType | None) -> None:
        """Note what a target is bound to."""
        match target:
            case ast.Name(id=name):
                self.known[name] = self.held_by(name, known)
            case ast.Starred(value=inner):
                self.assign(inner, ListOf(known))
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, present(known))
            case ast.Attribute(value=base):
                self._attribute_store(target, present(self.value_of(base)))
            case ast.Subscript(value=base, slice=index):
                self.value_of(base)
                self.value_of(index)
            case _:
                pass

    def held_by(self, name: str, known: ValueType | None) -> ValueType | None:
        """Give what is known of a variable that a value of this type is bound to."""
        if name in self.facts.dynamic:
            return None
        if name in self.facts.grown and isinstance(known, (ListOf, DictOf)):
            return ListOf(None) if isinstance(known, ListOf) else DictOf(None)
        return known

    def _unpack(self, targets: list[ast.expr], known: ValueType | None) -> None:
        if isinstance(known, TupleOf):
            has_star = any(isinstance(one, ast.Starred) for one in targets)
            if len(known.members) == len(targets) and not has_star:
                for target, member in zip(targets, known.members, strict=True):
                    self.assign(target, member)
                return
        for target in targets:
            self.assign(target, item_of(known))

    def _attribute_store(self, target: ast.expr, known: ValueType | None) -> None:
        if isinstance(known, RecordOf) and isinstance(target, ast.Attribute):
            message = say("not_allowed", "attribute_write", what=with_article(known.name))
            hint = say("not_allowed", "item_write_hint", name=target.attr[:40])
            self.tell(target, Slip(kind="not_allowed", message=message, hint=hint), tail=target.attr)

    # -- one method a kind of expression ----------------------------------------------------------------------

    def parts(self, node: ast.AST) -> None:
        """Look at the expressions inside a node of which nothing more is known."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value_of(child)
            else:
                self.parts(child)

    def _constant(self, node: ast.Constant) -> ValueType | None:
        if node.value is None:
            return NOTHING
        return Choice((node.value,)) if isinstance(node.value, _SCALARS) else None

    def _name(self, node: ast.Name) -> ValueType | None:
        found = self.known.get(node.id)
        return present(found) if node.id in self.facts.tested else found

    def _attribute(self, node: ast.Attribute) -> ValueType | None:
        base = self.there(node.value, self.value_of(node.value))
        if base is None:
            return None
        found, slip = reading.attribute(base, node.attr, self.types, added=self.added)
        return self._read(node, node.attr, found, slip, tail=node.attr)

    def _subscript(self, node: ast.Subscript) -> ValueType | None:
        base = self.there(node.value, self.value_of(node.value))
        if isinstance(node.slice, ast.Slice):
            self.parts(node.slice)
            return widened(base) if isinstance(base, (ListOf, Plain, Choice)) else None
        key = _literal(node.slice)
        if key is None:
            self.value_of(node.slice)
            return base.item if isinstance(base, ListOf) else base.value if isinstance(base, DictOf) else None
        if base is None:
            return None
        found, slip = reading.item(base, key, self.types, added=self.added)
        return self._read(node.slice, key, found, slip)

    def _read(
        self, node: ast.expr, name: object, found: ValueType | None, slip: Slip | None, *, tail: str | None = None
    ) -> ValueType | None:
        if slip is not None and not (self.facts.adds_unknown_keys and slip.kind == "unknown_name"):
            self.tell(node, slip, tail=tail)
        return present(found) if name in self.facts.tested else found

    def get_of(self, node: ast.Call, base: RecordOf) -> ValueType | None:
        """Look at `record.get(key)` with a literal key."""
        key = _literal(node.args[0])
        if not isinstance(key, str):
            return None
        found, slip = reading.got(base.name, key, self.types, added=self.added, has_default=len(node.args) > 1)
        return self._read(node.args[0], key, found, slip)

    def _operation(self, node: ast.BinOp) -> ValueType | None:
        left, right = self.value_of(node.left), self.value_of(node.right)
        symbol = _SYMBOLS.get(type(node.op))
        if symbol is None or (symbol == "*" and TEXT in (widened(left), widened(right))):
            return widened(left) if symbol is None and isinstance(node.op, ast.Mod) and widened(left) == TEXT else None
        first, second = widened(self.there(node.left, left)), widened(self.there(node.right, right))
        if {first, second} <= {TEXT, *_NUMBERS} and (first == TEXT) != (second == TEXT):
            self.tell(node, _bad_operands(symbol, first, second))
            return None
        if first in _NUMBERS and second in _NUMBERS:
            return WHOLE if first == second == WHOLE and symbol != "/" else NUMBER
        return first if symbol == "+" and first == second else None

    def _comparison(self, node: ast.Compare) -> ValueType | None:
        values = [self.value_of(one) for one in (node.left, *node.comparators)]
        operands = [node.left, *node.comparators]
        for place, operator in enumerate(node.ops):
            if isinstance(operator, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
                first = widened(self.there(operands[place], values[place]))
                second = widened(self.there(operands[place + 1], values[place + 1]))
                if {first, second} <= {TEXT, *_NUMBERS} and (first == TEXT) != (second == TEXT):
                    self.tell(node, _bad_operands(_ORDERS[type(operator)], first, second))
            elif isinstance(operator, (ast.Eq, ast.NotEq)):
                self._impossible(operands[place + 1], values[place], values[place + 1])
                self._impossible(operands[place], values[place + 1], values[place])
            elif isinstance(operator, (ast.In, ast.NotIn)):
                self.there(operands[place + 1], values[place + 1])
        return TRUTH

    def _impossible(self, node: ast.expr, declared: ValueType | None, written: ValueType | None) -> None:
        """Tell a literal that a choice of the catalog can never be equal to."""
        declared = present(declared)
        if not (isinstance(declared, Choice) and declared.is_declared and isinstance(node, ast.Constant)):
            return
        if isinstance(written, Choice) and isinstance(node.value, str) and node.value not in declared.values:
            names = [repr(value) for value in declared.values]
            near = nearest(node.value, [value for value in declared.values if isinstance(value, str)])
            message = say("type_error", "not_a_choice", got=repr(node.value)[:60], expected=", ".join(names)[:200])
            hint = say("type_error", "did_you_mean_hint", names=repr(near[0])) if near else None
            self.tell(node, Slip(kind="type_error", message=message, hint=hint))

    def _boolean(self, node: ast.BoolOp) -> ValueType | None:
        values = [self.value_of(one) for one in node.values]
        return joined_all([*map(present, values[:-1]), values[-1]])

    def _conditional(self, node: ast.IfExp) -> ValueType | None:
        self.value_of(node.test)
        return joined(self.value_of(node.body), self.value_of(node.orelse))

    def _walrus(self, node: ast.NamedExpr) -> ValueType | None:
        known = self.value_of(node.value)
        self.assign(node.target, known)
        return known

    def _await(self, node: ast.Await) -> ValueType | None:
        return self.value_of(node.value)

    def _negation(self, node: ast.UnaryOp) -> ValueType | None:
        known = self.value_of(node.operand)
        if isinstance(node.op, ast.Not):
            return TRUTH
        return widened(self.there(node.operand, known)) if isinstance(node.op, ast.USub) else None

    def _list(self, node: ast.List) -> ValueType | None:
        return ListOf(self._joined_items(node.elts) if node.elts else None)

    def _tuple(self, node: ast.Tuple) -> ValueType | None:
        values = [self.value_of(one) for one in node.elts]
        has_star = any(isinstance(one, ast.Starred) for one in node.elts)
        return Items(None) if has_star else TupleOf(tuple(values))

    def _set(self, node: ast.Set) -> ValueType | None:
        return Items(self._joined_items(node.elts))

    def _joined_items(self, nodes: Iterable[ast.expr]) -> ValueType | None:
        values: list[ValueType | None] = []
        for one in nodes:
            values.append(item_of(self.value_of(one.value)) if isinstance(one, ast.Starred) else self.value_of(one))
        return widened(joined_all(values))

    def _starred(self, node: ast.Starred) -> ValueType | None:
        self.there(node.value, self.value_of(node.value))
        return None

    def _dict(self, node: ast.Dict) -> ValueType | None:
        for one in (*node.keys, *node.values):
            self.value_of(one)
        return DictOf(None)

    def _joined_text(self, node: ast.JoinedStr) -> ValueType | None:
        for one in node.values:
            if isinstance(one, ast.FormattedValue):
                self.value_of(one.value)
                if one.format_spec is not None:
                    self.value_of(one.format_spec)
        return TEXT

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> ValueType | None:
        kept = self._enter(node.generators)
        found = self.value_of(node.elt)
        self._leave(kept)
        return ListOf(widened(found)) if isinstance(node, ast.ListComp) else Items(widened(found))

    def _dict_comprehension(self, node: ast.DictComp) -> ValueType | None:
        kept = self._enter(node.generators)
        self.value_of(node.key)
        found = self.value_of(node.value)
        self._leave(kept)
        return None if found is None else DictOf(found)

    def _enter(self, generators: list[ast.comprehension]) -> dict[str, ValueType | None]:
        """Bind the variables of a comprehension; gives what was known before."""
        kept = dict(self.known)
        for one in generators:
            self.assign(one.target, item_of(self.iterated(one.iter)))
            for condition in one.ifs:
                self.value_of(condition)
        return kept

    def _leave(self, kept: dict[str, ValueType | None]) -> None:
        self.known = kept

    def iterated(self, node: ast.expr) -> ValueType | None:
        """Look at what is iterated, and give its type."""
        return self.there(node, self.value_of(node))

    def _lambda(self, node: ast.Lambda) -> ValueType | None:
        kept = dict(self.known)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.known[argument.arg] = None
        for extra in (node.args.vararg, node.args.kwarg):
            if extra is not None:
                self.known[extra.arg] = None
        self.value_of(node.body)
        self.known = kept
        return None

    def _call(self, node: ast.Call) -> ValueType | None:
        return self.call_of(node)


def _literal(node: ast.expr) -> object:
    """Give a text or a whole number that is written as such, None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _literal(node.operand)
        return -inner if type(inner) is int else None
    return node.value if isinstance(node, ast.Constant) and type(node.value) in (str, int) else None


def _may_be_none(known: Maybe, node: ast.expr) -> Slip:
    name = ast.unparse(node)
    hint = say("type_error", "none_hint", name=name) if len(name) <= 50 and field_name(node) else None
    return Slip(
        kind="type_error",
        message=say("type_error", "may_be_none", name=known.origin),
        hint=hint or say("type_error", "none_first_hint"),
    )


def _bad_operands(symbol: str, first: ValueType | None, second: ValueType | None) -> Slip:
    message = say("type_error", "operands", operator=symbol, expected=type_text(first), got=type_text(second))
    return Slip(
        kind="type_error", message=message, hint=say("type_error", "format_hint" if symbol == "+" else "number_hint")
    )
