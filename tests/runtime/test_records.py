from __future__ import annotations

import copy
import json
import operator
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.records import UNSET, FieldError, Record, field, nearest

if TYPE_CHECKING:
    from collections.abc import Callable


class Client(Record):
    id: str
    adviser: str
    phone: str | None = None
    class_: str | None = field(key="class", default=None)
    _private: str | None = None


class Page(Record):
    items: list[str]
    get: str
    keys: str
    copy: str


def dict_of(record: object) -> dict[str, object]:
    """A record as the dict that it is at run time."""
    return cast("dict[str, object]", record)


def client(**fields: object) -> dict[str, object]:
    return cast("type[dict[str, object]]", Client)({"id": "CL-1", "adviser": "Ann", **fields})


def page() -> dict[str, object]:
    return cast("type[dict[str, object]]", Page)({"items": ["a"], "get": "b", "keys": "c", "copy": "d"})


def read(value: object, name: str) -> object:
    return getattr(value, name)


def dict_get(value: dict[str, object], name: str) -> object:
    return value.get(name)


def method_copy(value: dict[str, object]) -> dict[str, object]:
    return value.copy()


def shallow(value: dict[str, object]) -> dict[str, object]:
    return copy.copy(value)


def deep(value: dict[str, object]) -> dict[str, object]:
    return copy.deepcopy(value)


def test_a_field_reads_as_key_and_as_attribute() -> None:
    one = client()
    assert (one["adviser"], read(one, "adviser"), one.get("adviser")) == ("Ann", "Ann", "Ann")


def test_an_absent_declared_field_reads_as_none_and_is_not_in_the_record() -> None:
    one = client()
    assert (one["phone"], read(one, "phone"), one.get("phone")) == (None, None, None)
    assert ("phone" in one, len(one), list(one)) == (False, 2, ["id", "adviser"])


def test_get_gives_the_default_for_an_absent_declared_field() -> None:
    assert client().get("phone", "none known") == "none known"


def test_get_gives_what_came_where_that_is_none() -> None:
    assert client(phone=None).get("phone", "none known") is None


def test_a_field_with_another_key_reads_by_both_names() -> None:
    one = client(**{"class": "gold"})
    assert (one["class"], read(one, "class_")) == ("gold", "gold")


def test_the_attribute_name_of_such_a_field_is_no_key() -> None:
    with pytest.raises(FieldError, match='Client has no field "class_"; did you mean "class"'):
        client()["class_"]


def test_a_record_made_by_field_names_has_the_keys_of_the_wire() -> None:
    made = dict_of(Client(id="CL-1", adviser="Ann", class_="gold"))
    assert made == {"id": "CL-1", "adviser": "Ann", "class": "gold"}


def test_a_private_field_reads_as_attribute() -> None:
    assert read(client(_private="x"), "_private") == "x"


def test_an_undeclared_key_that_came_reads_like_a_field() -> None:
    one = client(extra=1)
    assert (one["extra"], read(one, "extra"), one.get("extra")) == (1, 1, 1)


@pytest.mark.parametrize("slip", [read, operator.getitem, dict_get])
def test_a_misspelt_field_raises_with_the_nearest_name(slip: Callable[[dict[str, object], str], object]) -> None:
    with pytest.raises(FieldError) as raised:
        slip(client(), "advisor")
    assert str(raised.value) == 'Client has no field "advisor"; did you mean "adviser"?'


def test_a_name_far_from_all_fields_raises_with_all_fields() -> None:
    with pytest.raises(FieldError) as raised:
        client()["zzz"]
    assert str(raised.value) == 'Client has no field "zzz"; it has id, adviser, phone, class, _private'


def test_get_of_a_name_far_from_all_fields_gives_the_default() -> None:
    assert (client().get("zzz"), client().get("zzz", 7)) == (None, 7)


def test_a_field_error_shows_no_value() -> None:
    with pytest.raises(FieldError) as raised:
        client(adviser="secret")["advisor"]
    assert "secret" not in str(raised.value)


def test_the_fields_of_a_long_record_are_listed_up_to_twelve() -> None:
    loose = cast("type[dict[str, object]]", Record)({f"column{number}": 0 for number in range(20)})
    with pytest.raises(FieldError) as raised:
        loose["zzz"]
    names = ", ".join(f"column{number}" for number in range(12))
    assert str(raised.value) == f'this record has no field "zzz"; it has {names}, ...'


def test_a_key_that_is_no_text_is_refused_by_type() -> None:
    with pytest.raises(FieldError) as raised:
        cast("dict[object, object]", client())[0]
    assert str(raised.value) == "the fields of Client have names, not int keys"


@pytest.mark.parametrize("kind", [KeyError, AttributeError, LookupError])
def test_a_field_error_is_caught_as_what_a_dict_or_an_object_would_raise(kind: type[Exception]) -> None:
    with pytest.raises(kind):
        client()["zzz"]


def test_hasattr_and_getattr_with_a_default_work_as_on_any_object() -> None:
    one = client()
    assert (hasattr(one, "adviser"), hasattr(one, "zzz"), getattr(one, "zzz", 3)) == (True, False, 3)


def test_a_field_named_as_a_dict_method_is_read_by_key_and_the_method_stays() -> None:
    one = page()
    assert [one[name] for name in ("items", "get", "keys", "copy")] == [["a"], "b", "c", "d"]
    assert list(one.keys()) == ["items", "get", "keys", "copy"]
    assert one.get("get") == "b"
    assert dict(one.items()) == {"items": ["a"], "get": "b", "keys": "c", "copy": "d"}


def test_the_guards_find_such_a_field_in_the_keys() -> None:
    assert Page.__record_keys__ == {"items": "items", "get": "get", "keys": "keys", "copy": "copy"}


def test_json_and_unpacking_give_what_came() -> None:
    assert json.dumps(page()) == '{"items": ["a"], "get": "b", "keys": "c", "copy": "d"}'
    assert {**client(), "more": 1} == {"id": "CL-1", "adviser": "Ann", "more": 1}


def test_a_record_equals_the_dict_of_its_items() -> None:
    assert client() == {"id": "CL-1", "adviser": "Ann"}
    assert client() != {"id": "CL-2", "adviser": "Ann"}


@pytest.mark.parametrize("copied", [shallow, deep, method_copy])
def test_a_copy_has_the_same_items_and_leaves_the_record_alone(
    copied: Callable[[dict[str, object]], dict[str, object]],
) -> None:
    one = client()
    other = copied(one)
    other["id"] = "CL-2"
    assert (one["id"], other) == ("CL-1", {"id": "CL-2", "adviser": "Ann"})


def test_a_copy_is_a_record_of_the_same_class() -> None:
    one = client()
    assert [type(each).__name__ for each in (one.copy(), shallow(one), deep(one))] == ["Client"] * 3


def test_a_record_shows_as_a_dict() -> None:
    assert repr(client()) == "{'id': 'CL-1', 'adviser': 'Ann'}"


def test_a_record_without_fields_is_a_dict_with_attributes() -> None:
    class Empty(Record):
        pass

    assert Empty.__record_keys__ == {}
    assert read(cast("type[dict[str, object]]", Empty)({"a": 1}), "a") == 1


def test_nearest_gives_names_as_they_are_known() -> None:
    assert nearest("ADVISOR", ["id", "Adviser"]) == ["Adviser"]
    assert nearest("zzz", ["id", "adviser"]) == []


def test_unset_shows_its_name() -> None:
    assert repr(UNSET) == "UNSET"


loose_records = st.dictionaries(st.text(min_size=1), st.integers() | st.text() | st.none())


@given(loose_records)
def test_a_loose_record_is_a_dict_in_every_respect(items: dict[str, object]) -> None:
    one = dict_of(cast("type[dict[str, object]]", Record)(items))
    assert one == items
    assert list(one.items()) == list(items.items())
    assert {**one} == items
    assert json.loads(json.dumps(one)) == items
    assert all(one.get(key) == items[key] and one[key] == items[key] for key in items)


@given(loose_records, st.text(min_size=1))
def test_a_loose_record_raises_for_what_did_not_come(items: dict[str, object], name: str) -> None:
    one = dict_of(cast("type[dict[str, object]]", Record)({key: items[key] for key in items if key != name}))
    assert one.get(name, 5) == 5
    with pytest.raises(FieldError):
        one[name]
