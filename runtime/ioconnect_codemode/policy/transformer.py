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

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.formatting import is_bounded, is_bounded_percent
from ioconnect_codemode.policy.members import catches, is_type_checking
from ioconnect_codemode.policy.syntax.definitions import ASYNC_HINT, Definitions
from ioconnect_codemode.policy.syntax.imports import ImportStatements
from ioconnect_codemode.policy.syntax.patterns import Patterns
from ioconnect_codemode.policy.syntax.visitor import Visitor, through
from ioconnect_codemode.policy.trees import (
    FIRST_PLACE,
    call,
    function_without_parameters,
    leaving,
    load,
    placed,
    put_place,
    special_form,
)
from ioconnect_codemode.policy.twins import is_twins


class SnippetTransformer(ImportStatements, Definitions, Patterns):
    """Turns a snippet's tree into the tree that is compiled."""

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
        made = function_without_parameters(names.MAIN, [*declared, *body, ending])
        for one in (made, *declared, ending, ending.value):
            if one is not None:
                put_place(one, FIRST_PLACE)
        node.body = [made]
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        """A bare top-level return ends the program without a value."""
        node = self.node_contents_visit(node)
        if self._scopes[-1] == "module" and node.value is None:
            node.value = placed(load(names.NOTHING), node)
        return node

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> ast.AST:
        """A program is no generator; a function of it can be one."""
        if is_twins(node) and isinstance(node.value, ast.Call):
            node.value = through(names.STEPS, self._visited_call(node.value))
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
            name = names.mangled(node.target.id, self._classes[-1].name)
            form = special_form(node.annotation)
            self._fields[-1].append(ast.Tuple([ast.Constant(name), ast.Constant(form)], ast.Load()))
        if node.value is None:
            self.visit(node.target)
            return placed(ast.Pass(), node)
        return self.visit(placed(ast.Assign([node.target], node.value), node))  # type: ignore[no-any-return]

    # Text

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        """A spec that is only text with bounded widths stays native: the special method that it leads to is of a host type,
        which lays out no more than the text says, or the snippet's own. Any other spec goes to host code."""
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

    visit_TemplateStr = visit_Interpolation = Visitor.generic_visit

    # Blocks

    def guard_iter(self, node: ast.For | ast.comprehension) -> ast.AST:
        """Iteration is native; asynchronous iteration belongs into an async function."""
        if isinstance(node, ast.comprehension) and node.is_async and self._scopes[-1] != "async":
            self._refuse(node.iter, "`async for` outside an async function is not available", ASYNC_HINT)
        return self.node_contents_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        """What stands under `TYPE_CHECKING` never runs: an import there is left to the guard, which would raise."""
        outside = self._import_may_fail
        self._import_may_fail = outside or is_type_checking(node.test)
        node.body = self._statements(node.body)
        self._import_may_fail = outside
        node.test, node.orelse = self.visit(node.test), self._statements(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """It fails where its condition stands, as every Python has it but 3.12, which points at the whole statement."""
        return self.node_contents_visit(ast.copy_location(node, node.test))

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """A limit passes by every handler, and is noted before a finally block can put anything in its place."""
        for jump in leaving(node.finalbody):
            word = type(jump).__name__.lower()
            self._refuse(jump, f"`{word}` out of a finally block is not available", "put it after the try statement")
        outside = self._import_may_fail
        self._import_may_fail = outside or any(catches(handler.type, (ImportError,)) for handler in node.handlers)
        node.body = self._statements(node.body)
        self._import_may_fail = outside
        node.handlers = [self.visit(handler) for handler in node.handlers]
        node.orelse, node.finalbody = self._statements(node.orelse), self._statements(node.finalbody)
        passing = ast.ExceptHandler(call(names.LIMIT), None, [ast.Raise()])
        node.handlers.insert(0, ast.fix_missing_locations(placed(passing, node)))
        return node

    visit_TryStar = Visitor.generic_visit


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
