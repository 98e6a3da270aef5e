"""The snippet language: which syntax is taken, which is lowered to guards, which is refused.

The base is RestrictedPython's transformer, which refuses every node that it has no visitor for. Here is only what
differs from it, and it differs in three ways:

- What it refuses for want of a safe form is lowered to one (annotated and augmented assignment, match, async, with).
- Guards have names that source text can't spell, see `names.py`.
- Iteration, item access, unpacking and calls stay native: all that a snippet can hold is plain data, its own objects
  and callables picked by hand, so guards there would cost time and decide nothing.

The program becomes the body of one function whose module-level names are declared global. A top-level `return` is
then Python's own: it passes through `finally`, and no handler sees it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from typing import Final, Literal, cast

from RestrictedPython.transformer import INSPECT_ATTRIBUTES, RestrictingNodeTransformer

from ioconnect_codemode.policy import modules, names
from ioconnect_codemode.policy.concurrency import is_deferred, is_parallel
from ioconnect_codemode.policy.formatting import is_bounded, is_bounded_percent
from ioconnect_codemode.policy.native import GUARDED, is_native
from ioconnect_codemode.policy.scopes import Bindings
from ioconnect_codemode.policy.trees import call, is_super_call, leaving, load, placed, special_form
from ioconnect_codemode.policy.twins import is_twins, twin_of_function, twin_of_lambda
from ioconnect_codemode.policy.violations import Violation

_Scope = Literal["module", "function", "async", "class"]
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

NODE_ADVICE: Final = {
    "TryStar": ("except*", "use except and loop over the results of gather(..., return_exceptions=True)"),
    "TypeAlias": ("the type statement", "leave it out: annotations are not evaluated"),
    "TemplateStr": ("a t-string", "use an f-string"),
    "Interpolation": ("a t-string", "use an f-string"),
}
"""Refused nodes: what a snippet's author calls them, and what to write instead."""

_ASYNC_HINT: Final = "put it into `async def main():` and end with `await main()`"


class SnippetTransformer(RestrictingNodeTransformer):
    """Turns a snippet's tree into the tree that is compiled, and notes every violation on the way."""

    def __init__(self, bindings: Bindings, facades: Collection[str], known: Collection[str] | None) -> None:
        super().__init__()
        self.violations: list[Violation] = []
        self.uses_await = False
        self._bindings = bindings
        self._facades = facades
        self._known = known
        self._scopes: list[_Scope] = ["module"]
        self._classes: list[ast.ClassDef] = []
        self._fields: list[list[ast.expr]] = []
        self._is_in_twin = False

    # Violations

    def error(self, node: ast.AST, info: str) -> None:
        """Note what the base class refuses by itself."""
        self._refuse(node, info)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Refuse a node that no visitor knows; it stays in the tree so that the review can go on."""
        self.not_allowed(node)
        return node

    def not_allowed(self, node: ast.AST) -> None:
        """Refuse a node by the name that a snippet's author knows it under."""
        kind = type(node).__name__
        what, hint = NODE_ADVICE.get(kind, (f"{kind} syntax", None))
        self._refuse(node, f"{what} is not available", hint)

    def _refuse(self, node: ast.AST, message: str, hint: str | None = None) -> None:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        end = getattr(node, "end_col_offset", None)
        if end is None or getattr(node, "end_lineno", line) != line:
            end = column
        self.violations.append(
            Violation(
                kind="not_allowed",
                message=message,
                line=line,
                column=column,
                end_column=max(end + 1, column + 1),
                hint=hint,
            )
        )

    # The program

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Make the program one function; its last expression becomes its value, also inside a closing main block."""
        ends_in_main_block = bool(node.body) and _is_main_block(node.body[-1])
        node = self.node_contents_visit(node)
        body = node.body
        last = body[-1].body if ends_in_main_block and isinstance(body[-1], ast.If) else body
        if last and isinstance(last[-1], ast.Expr):
            last[-1] = placed(ast.Return(last[-1].value), last[-1])
        declared: list[ast.stmt] = [ast.Global(sorted(self._bindings.bound))] if self._bindings.bound else []
        ending = ast.Return(load(names.NOTHING))
        main = ast.parse("def main(): pass").body[0]
        assert isinstance(main, ast.FunctionDef)
        main.name = names.MAIN
        main.body = [*declared, *body, ending]
        node.body = [main]
        return ast.fix_missing_locations(node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """A bare top-level return ends the program without a value."""
        node = self.node_contents_visit(node)
        if self._scopes[-1] == "module" and node.value is None:
            node.value = placed(load(names.NOTHING), node)
        return node

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> ast.AST:
        """A program is no generator; a function of it can be one."""
        if is_twins(node) and isinstance(node.value, ast.Call):
            node.value = _through(names.STEPS, self._visited_call(node.value))
            return node
        if self._scopes[-1] in ("module", "class"):
            self._refuse(node, "yield outside a function is not available", "use a function, or collect into a list")
        return self.node_contents_visit(node)

    visit_YieldFrom = visit_Yield

    # Names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Special names and `super` are refused, `__name__` is `"__main__"`, other names stay as they are."""
        name = node.id
        if name == "__name__" and isinstance(node.ctx, ast.Load):
            return placed(ast.Constant("__main__"), node)
        if names.is_special(name):
            if not self._is_method_alias(node):
                self._refuse_special(node, name)
        elif name == "super":
            self._refuse(node, "`super` is only available as super()", "write super().method(...)")
        elif isinstance(node.ctx, ast.Load) and name in self._bindings.free:
            self._check_free(node, name)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """The annotation is dropped."""
        self._check_plain(node, node.arg)
        node.annotation = None
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """A keyword is checked like a name: a class or function may make an attribute of it."""
        self._check_plain(node, node.arg)
        return self.node_contents_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """A bare `except:` catches what `except Exception:` does; limits pass through both."""
        self._check_plain(node, node.name)
        node = self.node_contents_visit(node)
        if node.type is None:
            node.type = placed(ast.Attribute(load(names.HOLD), "exception", ast.Load()), node)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        """At module level it says nothing: the function that the module becomes has declared the name already."""
        for name in node.names:
            self._check_plain(node, name)
        return placed(ast.Pass(), node) if self._scopes[-1] == "module" else node

    def visit_Nonlocal(self, node: ast.Nonlocal) -> ast.AST:
        """Safe because no guard has a name that can be written here."""
        for name in node.names:
            self._check_plain(node, name)
        return node

    def _check_plain(self, node: ast.AST, name: str | None) -> None:
        if name is None:
            return
        if names.is_special(name):
            self._refuse_special(node, name)
        elif name == "super":
            self._refuse(node, "the name `super` can't be given to something else", "choose another name")

    def _refuse_special(self, node: ast.AST, name: str) -> None:
        self._refuse(node, f"the name `{name}` is not available", names.ATTRIBUTE_ADVICE.get(name))

    def _check_free(self, node: ast.AST, name: str) -> None:
        if self._known is not None and name in self._known:
            return
        if name in names.BUILTIN_ADVICE:
            self._refuse(node, f"`{name}` is not available", names.BUILTIN_ADVICE[name])
        elif name not in self._facades and name in names.MODULE_ADVICE:
            self._refuse(node, f"`{name}` is not available", names.MODULE_ADVICE[name])

    def _is_method_alias(self, node: ast.Name) -> bool:
        """Whether this is `__radd__ = __add__`, `__hash__ = None` or `__slots__ = ...` in a class body."""
        if self._scopes[-1] != "class":
            return False
        return node.id in names.METHODS or (node.id == "__slots__" and isinstance(node.ctx, ast.Store))

    # Imports: each becomes an assignment from a guard, so that no import machinery runs for a snippet

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.AST]:
        """`import a.b` binds a, `import a.b as c` the inner module."""
        assignments: list[ast.AST] = []
        for alias in node.names:
            self._check_module(node, alias, alias.name)
            target = alias.asname or alias.name.partition(".")[0]
            module = alias.name if alias.asname else target
            assignments.append(self._assigned(alias, target, names.IMPORT, [module]))
        return assignments

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.AST]:
        """One assignment for each name; imports from `__future__` say nothing here."""
        if node.level:
            self._refuse(node, "relative imports are not available", "import a namespace by its name")
            return node
        module = node.module or ""
        if module == "__future__":
            return placed(ast.Pass(), node)
        self._check_module(node, node, module)
        assignments: list[ast.AST] = []
        for alias in node.names:
            if alias.name == "*":
                self._refuse(node, "`import *` is not available", f"write `import {module}` or name what you need")
            assignments.append(
                self._assigned(alias, alias.asname or alias.name, names.IMPORT_FROM, [module, alias.name])
            )
        return assignments

    def _check_module(self, node: ast.Import | ast.ImportFrom, place: ast.AST, module: str) -> None:
        if getattr(node, "is_lazy", 0):
            self._refuse(node, "lazy imports are not available", "write a plain import")
        advice = modules.advice(module, self._facades, self._known)
        if advice is not None:
            self._refuse(place, f"`{module}` is not available", advice)

    def _assigned(self, alias: ast.alias, target: str, guard: str, arguments: list[str]) -> ast.AST:
        for name in (target, *arguments):
            self._check_plain(alias, name)
        value = call(guard, *(ast.Constant(argument) for argument in arguments))
        return placed(ast.Assign([ast.Name(target, ast.Store())], value), alias)

    # Attributes and calls

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A read goes through the read guard, a write through the write guard."""
        return self._attribute(node, is_called=False)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A called attribute is always the method, on records as well; `super()` is taken in this form only."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            if node.args or node.keywords or not self._classes:
                self._refuse(node, "`super` is only available as super() in a method", "write super().method(...)")
            return node
        if is_parallel(node) and "parallel" in self._bindings.free and isinstance(node.args[0], ast.Lambda):
            node.args[0] = self._with_twin(node.args[0])
        guard = names.LATER if is_deferred(node) else None
        node = self._visited_call(node)
        return node if guard is None else _through(guard, node)

    def _visited_call(self, node: ast.Call) -> ast.Call:
        if not isinstance(node.func, ast.Attribute):
            return self.node_contents_visit(node)
        func = self._attribute(node.func, is_called=True)
        node.func = placed(ast.Constant(None), node.func)
        node = self.node_contents_visit(node)
        node.func = func
        return node

    def _attribute(self, node: ast.Attribute, *, is_called: bool) -> ast.expr:
        name = names.mangled(node.attr, self._classes[-1].name if self._classes else None)
        self._check_attribute(node, name)
        node = self.node_contents_visit(node)
        if isinstance(node.ctx, ast.Load):
            guard = _guard_of_read(name, is_called=is_called or is_super_call(node.value))
            if guard is None:
                node.attr = name
                return node
            return placed(ast.Call(load(guard), [node.value, ast.Constant(name)], []), node)
        node.attr = name
        node.value = placed(call(names.WRITE, node.value, ast.Constant(name)), node.value)
        return node

    def _check_attribute(self, node: ast.Attribute, name: str) -> None:
        if name in INSPECT_ATTRIBUTES:
            self._refuse(node, f"the attribute `{name}` is not available")
        if not names.is_special(name):
            return
        if isinstance(node.ctx, ast.Load):
            if name in names.READABLE_SPECIAL or name == "__init__":
                return
            if name in names.METHODS and is_super_call(node.value):
                return
            if name == "__setattr__" and isinstance(node.value, ast.Name) and node.value.id == "object":
                return  # how a frozen dataclass sets its own fields; the guard gives a function that asks the write guard
        elif name in names.WRITABLE_SPECIAL:
            return
        self._refuse(node, f"the attribute `{name}` is not available", names.ATTRIBUTE_ADVICE.get(name))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Native: items belong to the data."""
        return self.node_contents_visit(node)

    # Assignment

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Native: unpacking only iterates."""
        return self.node_contents_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Native: the write guard around the owner decides for the read as well."""
        return self.node_contents_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """The annotation is dropped, except for what a dataclass needs: which names have one."""
        if self._scopes[-1] == "class" and isinstance(node.target, ast.Name):
            self._fields[-1].append(
                ast.Tuple([ast.Constant(node.target.id), ast.Constant(special_form(node.annotation))], ast.Load())
            )
        if node.value is None:
            self.visit(node.target)
            return placed(ast.Pass(), node)
        return self.visit(placed(ast.Assign([node.target], node.value), node))  # type: ignore[no-any-return]

    # Text

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        """A spec that is only text with bounded widths stays native: the special methods that it leads to are of host
        types or of none, since a snippet's class can't define `__format__`. Any other spec goes to host code."""
        node = self.node_contents_visit(node)
        if node.format_spec is not None and not _is_plain_spec(node.format_spec):
            arguments = [node.value, ast.Constant(node.conversion), node.format_spec]
            node.value = placed(call(names.FORMAT, *arguments), node.value)
            node.conversion, node.format_spec = -1, None
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Native. A width in the text of a `%` beyond what a table needs is refused; the memory limit holds for others."""
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        if isinstance(node.op, ast.Mod) and isinstance(text, (str, bytes)) and not is_bounded_percent(text):
            self._refuse(node.left, "a width of more than four digits is not available", "use a smaller one")
        return self.node_contents_visit(node)

    visit_TemplateStr = visit_Interpolation = generic_visit

    # Blocks

    def guard_iter(self, node: ast.For | ast.comprehension) -> ast.AST:
        """Iteration is native; asynchronous iteration belongs into an async function."""
        if isinstance(node, ast.comprehension) and node.is_async and self._scopes[-1] != "async":
            self._refuse(node.iter, "`async for` outside an async function is not available", _ASYNC_HINT)
        return self.node_contents_visit(node)

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """A limit passes by every handler, and is noted before a finally block can put anything in its place."""
        for jump in leaving(node.finalbody):
            word = type(jump).__name__.lower()
            self._refuse(jump, f"`{word}` out of a finally block is not available", "put it after the try statement")
        node = self.node_contents_visit(node)
        passing = ast.ExceptHandler(call(names.LIMIT), None, [ast.Raise()])
        node.handlers.insert(0, ast.fix_missing_locations(placed(passing, node)))
        return node

    visit_TryStar = generic_visit

    def visit_With(self, node: ast.With | ast.AsyncWith) -> ast.AST:
        """Managers of the snippet's own are entered and left by host code, which hands them no traceback or limit."""
        node = self.node_contents_visit(node)
        for item in node.items:
            item.context_expr = placed(call(names.MANAGE, item.context_expr), item.context_expr)
        return node

    # Functions and classes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | list[ast.AST]:
        """Annotations are dropped, special methods are those of the list."""
        twin = None
        if "parallel" in self._bindings.free and self._scopes[-1] != "class" and not self._is_in_twin:
            twin = twin_of_function(node)
        function = self._function(node, "function")
        if twin is None:
            return function
        self._is_in_twin = True
        made = self._function(twin, "async")
        self._is_in_twin = False
        note = placed(ast.Expr(call(names.TWIN, load(node.name), load(twin.name))), node)
        return [function, made, note]

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """As `visit_FunctionDef`; awaits inside stay awaits."""
        return self._function(node, "async")

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """A function of one expression."""
        node.args = self.visit(node.args)
        with self._inside("function"):
            node.body = self.visit(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """The class is made by a guard, which also learns the annotated names."""
        self._check_plain(node, node.name)
        self._refuse_type_parameters(node)
        for keyword in node.keywords:
            if keyword.arg != "total":
                what = f"{keyword.arg}=" if keyword.arg else "**"
                self._refuse(keyword, f"`{what}` in a class statement is not available", "use a plain class")
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.bases = [self.visit(base) for base in node.bases]
        self._classes.append(node)
        self._fields.append([])
        with self._inside("class"):
            node.body = self._statements(node.body)
        self._classes.pop()
        fields = ast.Tuple(self._fields.pop(), ast.Load())
        node.keywords = [ast.keyword("metaclass", load(names.CREATE_CLASS)), ast.keyword("fields", fields)]
        return ast.fix_missing_locations(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, kind: _Scope) -> ast.AST:
        if not (self._scopes[-1] == "class" and node.name in names.METHODS):
            self._check_plain(node, node.name)
        self._refuse_type_parameters(node)
        node.returns = None
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.args = self.visit(node.args)
        with self._inside(kind):
            node.body = self._statements(node.body)
        return node

    def _with_twin(self, node: ast.Lambda) -> ast.expr:
        twin = None if isinstance(node.body, ast.Call) and is_deferred(node.body) else twin_of_lambda(node)
        return node if twin is None else _Pair(node, twin)

    def visit__Pair(self, node: _Pair) -> ast.AST:
        """A lambda and its twin: the scheduler is told of both, the snippet gets the lambda."""
        return placed(call(names.TWIN, self.visit(node.function), self.visit(node.twin)), node.function)

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return self.node_contents_visit(ast.Module(body, [])).body

    def _refuse_type_parameters(self, node: _Definition) -> None:
        if getattr(node, "type_params", None):
            self._refuse(node, "type parameters are not available", "leave them out: annotations are not evaluated")

    @contextmanager
    def _inside(self, kind: _Scope) -> Generator[None, None, None]:
        self._scopes.append(kind)
        yield
        self._scopes.pop()

    # Async

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """In an async function any value can be awaited; elsewhere the value is driven to completion on the spot."""
        self.uses_await = True
        if is_twins(node) and isinstance(node.value, ast.Call):
            node.value = _through(names.CALLED, self._visited_call(node.value))
            return node
        is_call = isinstance(node.value, ast.Call) and not is_super_call(node.value) and not is_deferred(node.value)
        node = self.node_contents_visit(node)
        if self._scopes[-1] == "async":
            value = _through(names.LATER, cast(ast.Call, node.value)) if is_call else node.value
            node.value = placed(call(names.AWAITABLE, value), node.value)
            return node
        return placed(call(names.WAIT, node.value), node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        """Native inside an async function."""
        if self._scopes[-1] != "async":
            self._refuse(node, "`async for` outside an async function is not available", _ASYNC_HINT)
        return self.node_contents_visit(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        """As `visit_With`, inside an async function."""
        if self._scopes[-1] != "async":
            self._refuse(node, "`async with` outside an async function is not available", _ASYNC_HINT)
        return self.visit_With(node)

    # Match

    def visit_Match(self, node: ast.Match) -> ast.AST | list[ast.AST]:
        """Dotted names whose reading needs the guard are read first and held; the patterns then compare with that."""
        holder = self._fresh_name()
        values: list[ast.expr] = []

        def held(dotted: ast.expr) -> ast.expr:
            if not isinstance(dotted, ast.Attribute) or _is_native_path(dotted):
                return dotted
            values.append(self.visit(dotted))
            return placed(ast.Attribute(load(holder), f"value_{len(values) - 1}", ast.Load()), dotted)

        for case in node.cases:
            for part in ast.walk(case.pattern):
                if isinstance(part, ast.MatchValue):
                    part.value = held(part.value)
                elif isinstance(part, ast.MatchClass):
                    part.cls = held(part.cls)
                elif isinstance(part, ast.MatchMapping):
                    part.keys = [held(key) for key in part.keys]
        node = self.node_contents_visit(node)
        if not values:
            return node
        held_values = ast.Call(ast.Attribute(load(names.HOLD), "values", ast.Load()), values, [])
        return [placed(ast.Assign([ast.Name(holder, ast.Store())], held_values), node), node]

    def _fresh_name(self) -> str:
        self._tmp_idx += 1
        return f"<held {self._tmp_idx}>"

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Attributes whose reading needs the guard are read in the `if` of the case."""
        self._name_objects(node)
        tests = [test for part in ast.walk(node.pattern) for test in self._attribute_tests(part)]
        node = self.node_contents_visit(node)
        if tests:
            node.guard = ast.BoolOp(ast.And(), [*tests, node.guard] if node.guard else [*tests, ast.Constant(True)])
            placed(node.guard, node.pattern)
        return node

    def _name_objects(self, case: ast.match_case) -> None:
        """Give a name to what a class pattern matches whose attributes the guard must read; not among alternatives."""
        name_objects = _ObjectNames(self._fresh_name)
        case.pattern = name_objects.visit(case.pattern)

    def _attribute_tests(self, node: ast.AST) -> list[ast.expr]:
        """Take the attribute patterns out of a class pattern that the interpreter must not read, and give their tests.

        The whole object is held by a name of its own: `case Page(items=x)` becomes
        `case Page() as <held> if <field>(<held>, "items", ...)`.
        """
        if not isinstance(node, ast.MatchAs) or not isinstance(node.pattern, ast.MatchClass) or node.name is None:
            return []
        tests: list[ast.expr] = []
        inner = node.pattern
        for name, pattern in list(zip(inner.kwd_attrs, inner.kwd_patterns, strict=True)):
            if _is_native_pattern(name) or not _is_simple(pattern):
                continue
            self._check_attribute(ast.copy_location(ast.Attribute(load(node.name), name, ast.Load()), pattern), name)
            inner.kwd_attrs.remove(name)
            inner.kwd_patterns.remove(pattern)
            found = self._fresh_name()
            read = call(names.MATCH_FIELD, load(node.name), ast.Constant(name))
            tests.append(
                ast.Compare(ast.NamedExpr(ast.Name(found, ast.Store()), read), [ast.IsNot()], [load(names.NOTHING)])
            )
            tests += self._simple_test(pattern, found)
        return [placed(test, node) for test in tests]

    def _simple_test(self, pattern: ast.pattern, found: str) -> list[ast.expr]:
        if isinstance(pattern, ast.MatchSingleton):
            return [ast.Compare(load(found), [ast.Is()], [ast.Constant(pattern.value)])]
        if isinstance(pattern, ast.MatchValue):
            return [ast.Compare(load(found), [ast.Eq()], [pattern.value])]
        name = pattern.name if isinstance(pattern, ast.MatchAs) else None
        if name is None:
            return []
        self._check_plain(pattern, name)
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), load(found))
        return [ast.BoolOp(ast.Or(), [ast.Compare(bound, [ast.Is()], [load(found)]), ast.Constant(True)])]

    def visit_MatchOr(self, node: ast.MatchOr) -> ast.AST:
        """Every alternative is visited."""
        return self.node_contents_visit(node)

    def visit_MatchSequence(self, node: ast.MatchSequence) -> ast.AST:
        """Every item is visited."""
        return self.node_contents_visit(node)

    def visit_MatchSingleton(self, node: ast.MatchSingleton) -> ast.AST:
        """None, True or False."""
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        """A literal, or a held value: visiting either would only rewrite what the compiler takes as it is."""
        return node

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> ast.AST:
        """A capture binds a name."""
        self._check_plain(node, node.name)
        return self.node_contents_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        """Keys are literals, or dotted names that are native or held."""
        self._check_plain(node, node.rest)
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        """Attribute patterns are read by the interpreter, so only names that are native anywhere can stay. Positions read
        the fields that host code declared for the class, and nothing where it declared none."""
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            self._check_attribute(ast.copy_location(ast.Attribute(node.cls, name, ast.Load()), pattern), name)
            if not _is_native_pattern(name):
                self._refuse(
                    pattern,
                    f"the attribute `{name}` is not available in this pattern",
                    f"use if: case ... if x.{name} == ...",
                )
        if isinstance(node.cls, ast.Name):
            node.cls = self.visit(node.cls)
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        node.kwd_patterns = [self.visit(pattern) for pattern in node.kwd_patterns]
        return node


class _Pair(ast.expr):
    """A lambda that has a twin; never left in a translated tree."""

    _fields = ()

    def __init__(self, function: ast.Lambda, twin: ast.Lambda) -> None:
        super().__init__()
        self.function = function
        self.twin = twin


def _through(guard: str, node: ast.Call) -> ast.Call:
    """Have a translated call made by a guard: `f(a)` becomes `guard(f, a)`."""
    return placed(ast.Call(load(guard), [node.func, *node.args], node.keywords), node)


def _is_native_path(node: ast.expr) -> bool:
    """Whether a dotted name can be left to the interpreter: `Color.RED`."""
    if isinstance(node, ast.Attribute):
        return _guard_of_read(node.attr, is_called=False) is None and _is_native_path(node.value)
    return isinstance(node, ast.Name) and not names.is_special(node.id) and node.id != "super"


def _is_native_pattern(name: str) -> bool:
    return _guard_of_read(name, is_called=False) is None


def _is_simple(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None
    return isinstance(pattern, ast.MatchSingleton) or (
        isinstance(pattern, ast.MatchValue) and not isinstance(pattern.value, ast.Attribute)
    )


class _ObjectNames(ast.NodeTransformer):
    def __init__(self, fresh_name: Callable[[], str]) -> None:
        self._fresh_name = fresh_name

    def visit_MatchOr(self, node: ast.MatchOr) -> ast.AST:
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        self.generic_visit(node)
        pairs = zip(node.kwd_attrs, node.kwd_patterns, strict=True)
        if any(not _is_native_pattern(name) and _is_simple(pattern) for name, pattern in pairs):
            return placed(ast.MatchAs(node, self._fresh_name()), node)
        return node


def _guard_of_read(name: str, *, is_called: bool) -> str | None:
    """Name the guard that reads the attribute, or None where the read is native; see `native.py`."""
    if name in names.DICT_METHODS and not is_called:
        return names.READ_FIELD
    if is_native(name):
        return None
    return names.READ if names.is_special(name) or name in GUARDED else names.READ_OWN


def _is_main_block(node: ast.stmt) -> bool:
    """Whether this is `if __name__ == "__main__":`, which models close a program with."""
    match node:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
        case _:
            return False


def _is_plain_spec(spec: ast.expr) -> bool:
    parts = spec.values if isinstance(spec, ast.JoinedStr) else [spec]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return len(texts) == len(parts) and is_bounded("".join(texts))
