"""Record classes: what datamodel-code-generator writes is what the shapes say, and nothing else gets through."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ioconnect_codegen import models
from ioconnect_codegen.errors import UnsafeModelError
from ioconnect_codegen.expressions import expression
from ioconnect_codegen.holed_types import read_source
from ioconnect_codegen.models import AliasModel, RecordModel, build_models, cache_key
from ioconnect_codegen.named_types import NamedType
from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Field,
    Flag,
    List,
    Map,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
)

SHAPES: list[Shape] = [
    Anything(),
    Text(),
    Whole(),
    Number(),
    Flag(),
    Null(),
    Choice(("a", "b\"'\n\\", "\ud800", "'); evil(); ('")),
    Choice((0, 1, -1)),
    Choice((True,)),
    Choice((1, True, "x")),
    List(List(Anything())),
    Tuple((Text(), Number())),
    Map(List(Whole())),
    Union((Text(), Whole(), Null())),
    Union((Reference("Other"), List(Reference("Self")), Null())),
    Reference("Alias"),
]


def named(name: str, shape: Shape) -> NamedType:
    return NamedType(name=name, shape=shape, namespaces=("crm",), description="")


def record(*shapes: Shape, keys: list[str] | None = None) -> Record:
    names = keys or [f"key {number}" for number in range(len(shapes))]
    return Record(fields=tuple(Field(key=k, shape=s, is_required=True) for k, s in zip(names, shapes, strict=True)))


TYPES = [
    named("Self", record(*SHAPES)),
    named("Other", Record(fields=(), is_open=False)),
    named("Alias", Union((Text(), List(Reference("Other"))))),
]


def test_every_shape_comes_out_as_its_type_expression() -> None:
    built = build_models(TYPES)["Self"]

    assert isinstance(built, RecordModel)
    assert [one.type for one in built.fields] == [expression(shape) for shape in SHAPES]
    assert built.uses == ("Alias", "Other")


def test_alias_and_empty_record_come_out_too() -> None:
    built = build_models(TYPES)

    assert built["Alias"] == AliasModel(name="Alias", module="crm", type="str | list[Other]", uses=("Other",))
    assert isinstance(built["Other"], RecordModel) and built["Other"].fields == ()


def test_attribute_is_the_key_unless_python_or_a_type_forbids_it() -> None:
    keys = ["clientId", "class", "list", "T", "a-b"]
    built = build_models([named("T", record(*[Text()] * 5, keys=keys))])["T"]

    assert isinstance(built, RecordModel)
    assert [(one.name, one.key) for one in built.fields] == [
        ("clientId", "clientId"),
        ("class_", "class"),
        ("list_", "list"),
        ("T_", "T"),
        ("a_b", "a-b"),
    ]


def test_cached_types_are_not_written_again_and_come_out_the_same() -> None:
    cache: models.Shapes = {}
    cold = build_models(TYPES, shapes=cache)
    changed = [*TYPES, named("New", record(Reference("Self")))]

    assert set(cache) == {cache_key(shape) for shape in [*SHAPES, TYPES[2].shape]}
    assert build_models(TYPES, shapes=cache) == cold
    assert build_models(changed, shapes=cache) == build_models(changed)


def test_warm_cache_does_not_start_the_generator() -> None:
    script = (
        "import sys\n"
        "from ioconnect_codegen.models import build_models, cache_key\n"
        "from ioconnect_codegen.named_types import NamedType\n"
        "from ioconnect_codegen.shapes import Field, Record, Text\n"
        "shape = Record(fields=(Field(key='a', shape=Text(), is_required=True),))\n"
        "one = NamedType(name='A', shape=shape, namespaces=('x',), description='')\n"
        "build_models([one], shapes={cache_key(Text()): ('str',)})\n"
        "print('datamodel_code_generator' in sys.modules)\n"
        "build_models([one])\n"
        "print('datamodel_code_generator' in sys.modules)\n"
    )

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert started.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "from os import system",
        "from typing import Any\nx = 1",
        "class T0(PathLike):\n    pass",
        "@evil\nclass T0(Record):\n    pass",
        "class T0(Record, metaclass=M):\n    pass",
        "class T0(Record):\n    f0: str = evil()",
        "class T0(Record):\n    def f0(self): ...",
        "class T0(Record):\n    f0: evil()",
        "class T0(Record):\n    f0: os.system",
        "class T0(Record):\n    f0: Unknown",
        "class T0(Record):\n    f0: 'Any'",
        "T0: TypeAlias = evil()",
    ],
)
def test_source_of_any_other_form_is_refused(source: str) -> None:
    with pytest.raises(UnsafeModelError):
        read_source(source)


def test_source_of_our_form_is_read() -> None:
    source = (
        "from typing import Any, Literal\nclass Shapes(Record):\n    f0: list[R1] | None\n    f1: Literal['a', -1]\n"
    )

    assert read_source(source) == {"f0": ("list[", 1, "] | None"), "f1": ("Literal['a', -1]",)}


def test_shape_is_generated_once_whatever_its_types_are_called() -> None:
    cache: models.Shapes = {}
    build_models([named("A", record(List(Reference("B")))), named("B", record(Text()))], shapes=cache)
    renamed = [named("C", record(List(Reference("D")))), named("D", record(Text()))]

    assert cache_key(List(Reference("D"))) in cache and len(cache) == 2
    assert build_models(renamed, shapes=cache) == build_models(renamed)
