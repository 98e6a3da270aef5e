"""Follows what a snippet gets from the catalog through its statements and its own functions.

1. At a place that may be reached in two ways a variable keeps its type only where both ways agree.
2. A variable that a loop binds is not known at the loop's beginning.
3. A parameter has a type only where every use of the function is a call at module level, and they all agree.
4. Inside a `try` that may catch what is looked for here, and under `suppress`, nothing is told.
"""

from __future__ import annotations

import ast
import contextlib
from collections import Counter
from collections.abc import Iterable, Sequence

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.preflight.calls import Calls
from ioconnect_codemode.preflight.expressions import OutOfBudget
from ioconnect_codemode.preflight.facts import catches_slips, is_suppression
from ioconnect_codemode.preflight.names import Callees
from ioconnect_codemode.preflight.value_types import (
    ValueType,
    item_of,
    joined,
    joined_all,
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Known = dict[str, "ValueType | None"]
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.MatchAs, ast.MatchStar, ast.ExceptHandler)
_DEPTH = 8  # calls of the snippet's own functions inside one another that are followed


def follow(tree: ast.Module, callees: Callees) -> list[Problem]:
    """Give what is surely wrong with the use of what calls give.

    Args:
        tree: The snippet.
        callees: Which capability a callee is, with the facts of the snippet.
    """
    flow = _Flow(callees)
    with contextlib.suppress(OutOfBudget):
        flow.module(tree)
    return flow.found


class _Flow(Calls):
    def __init__(self, callees: Callees) -> None:
        super().__init__(callees)
        self._returned: list[ValueType | None] = []
        self._given: dict[str, list[_Known | None]] = {}
        self._sites: dict[str, set[int]] = {}
        self._under_way: list[str] = []
        self._results: dict[tuple[str, tuple[ValueType | None, ...]], ValueType | None] = {}
        self._nested: list[_Function] = []

    def module(self, tree: ast.Module) -> None:
        """Follow the module, then the bodies of its functions."""
        self._body(tree.body)
        if self.facts.guards_functions:
            return
        at_the_end = {name: known for name, known in self.known.items() if self.facts.stores[name] == 1}
        for function in self._nested:
            self.known = {**at_the_end, **self._parameters(function)}
            self._under_way = [function.name]
            self._body(function.body)

    # -- statements ---------------------------------------------------------------------------------------------

    def _body(self, body: Sequence[ast.stmt]) -> bool:
        """Follow statements; says whether control leaves them early, by return, raise, break or continue."""
        return any(self._statement(statement) for statement in body)

    def _statement(self, node: ast.stmt) -> bool:
        match node:
            case ast.Expr(value=value):
                self.value_of(value)
            case ast.Assign(targets=targets, value=value):
                known = self.value_of(value)
                for target in targets:
                    self.assign(target, known)
            case ast.AnnAssign(target=target, value=value):
                self.assign(target, self.value_of(value))
            case ast.AugAssign(target=target, value=value):
                self._augmented(node)
            case ast.Return(value=value):
                self._returned.append(self.value_of(value))
                return True
            case ast.Raise() | ast.Break() | ast.Continue():
                self.parts(node)
                return True
            case ast.If():
                return self._either([node.body, node.orelse], before=[node.test])
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(node)
            case ast.Try() | ast.TryStar():
                return self._attempt(node)
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Match():
                return self._match(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._definition(node)
            case ast.ClassDef(body=body):
                kept = dict(self.known)
                self._body(body)
                self.known = kept
            case ast.Delete(targets=targets):
                for target in targets:
                    self.assign(target, None)
            case _:
                self.parts(node)
        return False

    def _augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            left = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
            known = self.value_of(ast.copy_location(ast.BinOp(left, node.op, node.value), node))
            self.assign(node.target, known)
        else:
            self.value_of(node.value)
            self.assign(node.target, None)

    def _either(self, branches: Iterable[Sequence[ast.stmt]], *, before: Sequence[ast.expr] = ()) -> bool:
        """Follow branches of which one is taken; afterwards a variable is known where all that go on agree."""
        for one in before:
            self.value_of(one)
        start = self.known
        ends: list[_Known] = []
        for branch in branches:
            self.known = dict(start)
            if not self._body(branch):
                ends.append(self.known)
        self.known = _agreed(ends) if ends else dict(start)
        return not ends

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        bound = _bound_in(node.body)
        target: ValueType | None = None
        if isinstance(node, ast.While):
            self._forget(bound)
            self.value_of(node.test)
        else:
            target = item_of(self.iterated(node.iter))
        before = dict(self.known)
        self._forget(bound)
        if not isinstance(node, ast.While):
            self.assign(node.target, target)
        left_early = self._body(node.body)
        after = self.known
        self.known = {**after, **{name: joined(after.get(name), known) for name, known in before.items()}}
        if left_early:
            self.known = before
        jumps = any(isinstance(one, (ast.Break, ast.Continue)) for part in node.body for one in ast.walk(part))
        self._forget(name for name, count in bound.items() if left_early or (jumps and count > 1))
        if not isinstance(node, ast.While):
            for name in _target_names(node.target):
                self.known[name] = after.get(name)
        self._body(node.orelse)

    def _attempt(self, node: ast.Try | ast.TryStar) -> bool:
        bound = _bound_in(node.body)
        start = dict(self.known)
        is_muted = isinstance(node, ast.TryStar) or catches_slips(node)
        self.mutes += is_muted
        ends: list[_Known] = []
        if not self._body(node.body) and not self._body(node.orelse):
            ends.append(self.known)
        self.mutes -= is_muted
        for handler in node.handlers:
            self.known = dict(start)
            self._forget([*bound, *([handler.name] if handler.name else [])])
            if not self._body(handler.body):
                ends.append(self.known)
        self.known = _agreed(ends) if ends else start
        if node.finalbody:
            kept = dict(self.known)
            self._forget(bound)
            leaves = self._body(node.finalbody)
            self.known = {**kept, **{name: self.known.get(name) for name in _bound_in(node.finalbody)}}
            return leaves or not ends
        return not ends

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        is_muted = any(is_suppression(one.context_expr) for one in node.items)
        for one in node.items:
            self.value_of(one.context_expr)
            if one.optional_vars is not None:
                self.assign(one.optional_vars, None)
        self.mutes += is_muted
        leaves = self._body(node.body)
        self.mutes -= is_muted
        if is_muted:
            self._forget(_bound_in(node.body))
        return leaves and not is_muted

    def _match(self, node: ast.Match) -> bool:
        self.value_of(node.subject)
        start = dict(self.known)
        ends: list[_Known] = [start]
        for case in node.cases:
            self.known = dict(start)
            self._forget(
                one.name for one in ast.walk(case.pattern) if isinstance(one, (ast.MatchAs, ast.MatchStar)) and one.name
            )
            self._forget(one.rest for one in ast.walk(case.pattern) if isinstance(one, ast.MatchMapping) and one.rest)
            self.value_of(case.guard)
            if not self._body(case.body):
                ends.append(self.known)
        self.known = _agreed(ends)
        return False

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            self.known[name] = None

    # -- functions of the snippet -------------------------------------------------------------------------------

    def _definition(self, node: _Function) -> None:
        for one in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            self.value_of(one)
        self._nested.append(node)

    def own_call(self, node: ast.Call, function: _Function) -> ValueType | None:
        """Give the type of a call of a function of the snippet."""
        positional = [self.value_of(one) for one in node.args]
        named = {keyword.arg: self.value_of(keyword.value) for keyword in node.keywords}
        if None in named or any(isinstance(one, ast.Starred) for one in node.args):
            self._note(function, None, node)
            return None
        given = dict(zip(_parameter_names(function), positional, strict=False))
        given.update({name: known for name, known in named.items() if name is not None})
        self._note(function, given, node)
        return self._result_of(function, given)

    def own_result(self, function: _Function, given: Sequence[ValueType | None], *, site: ast.expr) -> ValueType | None:
        """Give the result of a function of the snippet that is called with these arguments from a place."""
        named = dict(zip(_parameter_names(function), given, strict=False))
        self._note(function, named, site)
        return self._result_of(function, named)

    def _note(self, function: _Function, given: _Known | None, site: ast.expr) -> None:
        sites = self._sites.setdefault(function.name, set())
        if not self._under_way and id(site) not in sites:
            sites.add(id(site))
            self._given.setdefault(function.name, []).append(given)

    def _parameters(self, function: _Function) -> _Known:
        """Give the parameters with the types that all calls agree on."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        names += [one.arg for one in (function.args.vararg, function.args.kwarg) if one is not None]
        unknown: _Known = dict.fromkeys(names)
        calls = self._given.get(function.name, [])
        if (
            len(calls) != self.facts.loads[function.name]
            or self.facts.stores[function.name] != 1
            or function.decorator_list
        ):
            return unknown
        for name in names:
            known = [call[name] if call is not None and name in call else None for call in calls]
            if calls and name not in self.facts.dynamic and all(one == known[0] for one in known):
                unknown[name] = self.held_by(name, known[0])
        return unknown

    def _result_of(self, function: _Function, given: _Known) -> ValueType | None:
        key = (function.name, tuple(given.get(name) for name in _parameter_names(function)))
        if key in self._results:
            return self._results[key]
        if function.name in self._under_way or len(self._under_way) >= _DEPTH or function.decorator_list:
            return None
        self._results[key] = None
        kept, returned, self._returned = self.known, self._returned, []
        at_call = (
            {name: known for name, known in kept.items() if self.facts.stores[name] == 1} if not self._under_way else {}
        )
        self.known = {**at_call, **dict.fromkeys(_parameter_names(function)), **given}
        self._under_way.append(function.name)
        self.mutes += 1
        nested = len(self._nested)
        self._body(function.body)
        del self._nested[nested:]
        self.mutes -= 1
        self._under_way.pop()
        found = joined_all(self._returned)
        self.known, self._returned = kept, returned
        if any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(function)):
            found = None
        self._results[key] = found
        return found


def _agreed(ends: Sequence[_Known]) -> _Known:
    first, *others = ends
    agreed = dict(first)
    for other in others:
        for name in agreed.keys() | other.keys():
            agreed[name] = joined(agreed.get(name), other.get(name))
    return agreed


def _parameter_names(function: _Function) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args)]


def _target_names(target: ast.expr) -> list[str]:
    return [one.id for one in ast.walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]


def _bound_in(body: Sequence[ast.stmt]) -> Counter[str]:
    """Count how often statements bind each name, those of functions inside them too."""
    found: Counter[str] = Counter()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                found[node.id] += 1
            elif isinstance(node, _NAMED) and node.name is not None:
                found[node.name] += 1
    return found
