"""Names: which of them the snippet, Python or the catalog has, and which capability a callee is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.language import YIELDING_MODULES
from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.names import MODULE_ADVICE
from ioconnect_codemode.preflight.facts import Facts
from ioconnect_codemode.preflight.homes import home_hint
from ioconnect_codemode.preflight.scope import FunctionScope, Scope, list_hint, problem_at
from ioconnect_codemode.records import nearest

_WORD = re.compile(r"\w+")


class Callees:
    """Which namespace or capability an expression is.

    A name that the snippet binds itself anywhere is the snippet's own.

    Attributes:
        scope: What the names of the catalog mean.
        facts: What the snippet says of itself.
    """

    def __init__(self, scope: Scope, facts: Facts) -> None:
        self.scope = scope
        self.facts = facts

    def namespace(self, node: ast.expr) -> str | None:
        """Give the namespace that an expression surely is."""
        if not isinstance(node, ast.Name) or node.id in self.facts.bound:
            return None
        name = self.facts.imported.get(node.id, (node.id, None))
        return name[0] if name[1] is None and name[0] in self.scope.namespaces else None

    def capability(self, node: ast.expr) -> tuple[str, FunctionScope] | None:
        """Give the full name and the function of the capability that an expression surely is."""
        namespace: str | None = None
        function: str | None = None
        if isinstance(node, ast.Attribute):
            namespace, function = self.namespace(node.value), node.attr
        elif isinstance(node, ast.Name) and node.id not in self.facts.bound:
            namespace, function = self.facts.imported.get(node.id) or self.scope.functions.get(node.id) or (None, None)
        found = self.scope.namespaces.get(namespace or "", {}).get(function or "")
        return None if found is None else (f"{namespace}.{function}", found)


class Names:
    """Finds names that mean nothing, and capabilities that are named where they should be called."""

    def __init__(self, callees: Callees) -> None:
        self._callees = callees
        self._scope = callees.scope
        self._facts = callees.facts

    def of(self, node: ast.AST) -> Iterator[Problem]:
        """Give what is wrong with one node, its parts apart."""
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                if not self._is_known(name):
                    yield self._unknown_name(node)
            case ast.Attribute(ctx=ast.Load()):
                yield from self._attribute(node)
            case ast.Import(names=names):
                for alias in names:
                    yield from self._module(alias, alias.name)
            case ast.ImportFrom():
                yield from self._module(node, node.module or "")
                yield from self._import_from(node)
            case ast.Expr(value=ast.Name() | ast.Attribute() as value):
                yield from self._never_called(value)
            case _:
                pass

    def _is_known(self, name: str) -> bool:
        return (
            name in self._facts.bound
            or name in self._facts.imported
            or name in self._facts.asked
            or name in self._scope.known
            or name in self._scope.namespaces
            or name in self._scope.functions
            or name.startswith("__")  # the policy has its own word on these
        )

    def _never_called(self, node: ast.expr) -> Iterator[Problem]:
        found = self._callees.capability(node)
        if found is not None:
            name, function = found
            message = say("type_error", "never_called", function=name)
            hint = say("type_error", "never_called_hint", function=name)
            yield problem_at(node, "type_error", message, hint=hint, signature=function.signature)

    def _unknown_name(self, node: ast.Name) -> Problem:
        near = self._scope.near.get(node.id, ())
        if len(near) > 1 and all(one.partition(".")[2] == node.id for one in near):
            hint = say("unknown_name", "ambiguous_hint", names=", ".join(near))
            return problem_at(node, "unknown_name", say("unknown_name", "ambiguous", name=node.id), hint=hint)
        if node.id in self._scope.types:
            hint = say("unknown_name", "type_hint", names=self._home_of_type(node.id))
            return problem_at(node, "unknown_name", say("unknown_name", "name", name=node.id), hint=hint)
        slips = [*nearest(node.id, self._facts.bound), *(one for one in near if "." not in one)]
        home = home_hint(node.id, self._scope.known, slips)
        if home is not None and (not near or near[0].partition(".")[2] != node.id):
            return problem_at(node, "unknown_name", say("unknown_name", "name", name=node.id), hint=home)
        # Short names are near to too many of Python's own: `crm` is no slip of `chr`.
        near = near or nearest(node.id, [*self._facts.bound, *(name for name in self._scope.known if len(name) > 4)])
        hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near)) if near else list_hint(node.id)
        return problem_at(node, "unknown_name", say("unknown_name", "name", name=node.id), hint=hint)

    def _home_of_type(self, name: str) -> str:
        """Give a type's name with the first namespace that says it; with the first of all where it stands deeper."""
        says = (
            namespace
            for namespace, functions in self._scope.namespaces.items()
            if any(name in _WORD.findall(function.signature) for function in functions.values())
        )
        return f"{next(says, next(iter(self._scope.namespaces)))}.{name}"

    def _attribute(self, node: ast.Attribute) -> Iterator[Problem]:
        namespace = self._callees.namespace(node.value)
        if namespace is None or node.attr in self._scope.namespaces[namespace] or node.attr in self._scope.types:
            return
        if node.attr.startswith("_"):  # the policy has its own word on these
            return
        functions = self._scope.namespaces[namespace]
        near = nearest(node.attr, functions, most=3)
        hint = (
            say("unknown_name", "did_you_mean_hint", names=", ".join(f"{namespace}.{one}" for one in near))
            if near
            else list_hint(node.attr)
        )
        message = say("unknown_name", "function", namespace=namespace, name=node.attr)
        signature = functions[near[0]].signature if len(near) == 1 else None
        yield problem_at(node, "unknown_name", message, hint=hint, tail=node.attr, signature=signature)

    def _module(self, place: ast.alias | ast.ImportFrom, module: str) -> Iterator[Problem]:
        """Tell an import that is near a namespace; of all others, and of well-known modules, the policy speaks."""
        if module.partition(".")[0] in MODULE_ADVICE:  # `os` is no slip of `oms`
            return
        near = [one for one in self._scope.near.get(module, ()) if "." not in one]
        if near and module not in self._scope.known and module not in YIELDING_MODULES:
            hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near))
            yield problem_at(place, "unknown_name", say("unknown_name", "namespace", name=module[:60]), hint=hint)

    def _import_from(self, node: ast.ImportFrom) -> Iterator[Problem]:
        functions = self._scope.namespaces.get(node.module or "")
        if functions is None:
            return
        for alias in node.names:
            if alias.name != "*" and alias.name not in functions and alias.name not in self._scope.types:
                near = nearest(alias.name, functions, most=3)
                hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near)) if near else None
                message = say("unknown_name", "function", namespace=node.module, name=alias.name)
                yield problem_at(alias, "unknown_name", message, hint=hint)
