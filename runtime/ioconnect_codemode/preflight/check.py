"""The check itself: what names mean, what calls are given, what is done with what they give.

Pure Python over the tree, the same in the worker and in the browser. It speaks only of what it is sure of: a false
alarm costs a model's turn, a miss only costs the check at the call.

1. A name that the snippet binds itself anywhere is the snippet's own, and nothing is said about it.
2. Arguments are looked at where the callee is written as `namespace.function` or as a global function.
3. Annotations are not looked at: the language of snippets never evaluates them.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.preflight.arguments import Arguments
from ioconnect_codemode.preflight.facts import gather
from ioconnect_codemode.preflight.flow import follow
from ioconnect_codemode.preflight.names import Callees, Names
from ioconnect_codemode.preflight.scope import Scope

MOST = 5  # errors told at once; a sixth would not fit the 800 characters of an error's text


def check(tree: ast.Module, scope: Scope) -> list[Problem]:
    """Give what is surely wrong, in the order of the source, at most `MOST` problems.

    Args:
        tree: The snippet as `policy.parse` gave it, its columns in characters, before the policy changes it.
        scope: What its names may mean.
    """
    callees = Callees(scope, gather(tree, scope))
    found = _once(_of_the_text(callees))
    if scope.namespaces:
        with contextlib.suppress(RecursionError):  # nested beyond reason: the check at the call says what is wrong
            found += _elsewhere(follow(tree, callees), found)
    found.sort(key=_place)
    return found[:MOST]


def _of_the_text(callees: Callees) -> Iterator[Problem]:
    names, arguments = Names(callees), Arguments(callees)
    for node in callees.facts.nodes:
        yield from names.of(node)
        if isinstance(node, ast.Call):
            yield from arguments.of(node)


def _once(problems: Iterator[Problem]) -> list[Problem]:
    """Give the problems, an unknown name once."""
    told: set[str] = set()
    found: list[Problem] = []
    with contextlib.suppress(RecursionError):  # literals nested beyond reason
        for problem in problems:
            if problem["kind"] != "unknown_name" or problem["message"] not in told:
                told.add(problem["message"])
                found.append(problem)
    return found


def _elsewhere(problems: list[Problem], found: list[Problem]) -> list[Problem]:
    """Give the problems at places of which nothing has been said yet, each once."""
    places = {_place(one) for one in found}
    kept: list[Problem] = []
    for problem in problems:
        if _place(problem) not in places:
            places.add(_place(problem))
            kept.append(problem)
    return kept


def _place(problem: Problem) -> tuple[int, int]:
    return problem.get("line") or 0, problem.get("column") or 0
