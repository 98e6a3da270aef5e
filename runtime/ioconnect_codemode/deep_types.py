"""Whether a JSON value fits a Python type at every depth: the only room that imports typeguard."""

from __future__ import annotations

import typeguard


def fits(value: object, annotation: object, *, every_item: bool) -> bool:
    """Say whether a value fits.

    Args:
        value: The value.
        annotation: The type.
        every_item: Look at every item of a collection, not at the first one only.
    """
    strategies = typeguard.CollectionCheckStrategy
    try:
        typeguard.check_type(
            value,
            annotation,
            collection_check_strategy=strategies.ALL_ITEMS if every_item else strategies.FIRST_ITEM,
            forward_ref_policy=typeguard.ForwardRefPolicy.ERROR,
        )
    except (typeguard.TypeCheckError, RecursionError):
        return False
    return True


def _check_number(value: object, origin_type: object, args: object, memo: object) -> None:
    """A bool is no int and no float; an int is a float."""
    del args, memo
    allowed = (int,) if origin_type is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed):
        raise typeguard.TypeCheckError(f"is not {'an int' if origin_type is int else 'a float'}")


def _lookup(origin_type: object, args: object, extras: object) -> typeguard.TypeCheckerCallable | None:
    del args, extras
    return _check_number if origin_type is int or origin_type is float else None


typeguard.checker_lookup_functions.insert(0, _lookup)
