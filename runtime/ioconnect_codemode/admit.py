"""Admission: whether a bridge call may reach io.Connect, and whether an answer may reach the snippet.

Everything the worker says is checked here. A call is refused where its name is not in the catalog that policy leaves,
its arguments do not fit the definition, or break the schema; then nothing has been sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypedDict, cast

from ioconnect_codemode.check import ArgumentCheck, kind_of
from ioconnect_codemode.frames import is_deep
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.messages import say
from ioconnect_codemode.mismatches import hint_of, message_of, wrong_type_text
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.validate import LEVELS, Finding, Validators
from ioconnect_codemode.values import JsonValue

_MOST_EVENTS = 1_000  # of a stream, in one answer
_MOST_TARGETS = 100  # of one call


class Admitted(NamedTuple):
    """A call that may be sent; a tuple, because one is made a call and a frozen dataclass takes twice the time.

    Attributes:
        arguments: By wire key, as the app gets them.
        given: By parameter name; what is not sent is not in it.
    """

    name: str
    entry: CapabilityData
    route: Route
    arguments: dict[str, JsonValue]
    given: Mapping[str, JsonValue]


class Refusal(NamedTuple):
    """A call that is not sent, or an answer that is not passed on.

    Attributes:
        kind: Kind of the error that the snippet gets.
        signature: The function concerned, None where there is none.
        hint: What to do.
    """

    kind: str
    message: str
    signature: str | None = None
    hint: str | None = None


class _Plain(NamedTuple):
    """What it takes to admit a call whose arguments are all text, numbers, truth values and None.

    It says what the long way says (`tests/runtime/test_admit.py`), for the same reason as rule 5 of `check.py`; what it
    can't admit goes the long way, which also says why.

    Attributes:
        types: Parameter to the exact types that fit.
        keys: Parameter to its wire key.
        required: The parameters without which no call is sent.
        left_out: The parameters that are not sent where they are None.
        route: Where the capability lives.
        fits: Whether the schema takes the argument object.
    """

    types: Mapping[str, frozenset[type]]
    keys: Mapping[str, str]
    required: frozenset[str]
    left_out: frozenset[str]
    route: Route
    fits: Callable[[JsonValue], bool]

    def given(self, arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue] | None:
        """Give the arguments that are sent, by parameter name; None where the long way has to look at them."""
        given: dict[str, JsonValue] = {}
        types, left_out = self.types, self.left_out
        for name, value in arguments.items():
            if value is None and name in left_out:
                continue
            if name not in types or type(value) not in types[name]:
                return None
            given[name] = value
        return given if self.required <= given.keys() else None


class Admission:
    """Admits the calls of one catalog under one policy."""

    def __init__(self, manifest: Manifest, policy: Policy) -> None:
        self._manifest = manifest
        self._policy = policy
        self._types = ArgumentCheck(manifest.types)
        self._validators = Validators()
        self._capabilities = manifest.capabilities
        self._routes: dict[str, Route] = {}
        self._plain: dict[str, _Plain | None] = {}
        self._judges: dict[str, Callable[[JsonValue], bool] | None] = {}

    def admit(self, name: str, arguments: Mapping[str, JsonValue]) -> Admitted | Refusal:
        """Decide whether a call may be sent.

        Args:
            name: Full Python name, as the worker says it.
            arguments: By parameter name.

        Raises:
            PackageError: The capability's schema can't be used.
        """
        entry = self._capabilities.get(name)
        if entry is None:
            return Refusal(
                kind="denied",
                message=say("denied", "policy", function=name[:80]),
                hint=say("denied", "final_hint"),
            )
        plain = self._plain[name] if name in self._plain else self._plainly(name, entry)
        if plain is not None and (given := plain.given(arguments)) is not None:
            keys = plain.keys
            wire = {keys[parameter]: value for parameter, value in given.items()}
            if plain.fits(wire):
                return Admitted(name, entry, plain.route, wire, given)
        given = self._types.given(entry, arguments)
        mismatches = self._types.mismatches(entry, given)
        if mismatches:
            return _refused(entry, message_of(name, mismatches), hint_of(entry["parameters"], mismatches))
        given = _without_usual_options(entry, given)
        sent = _on_the_wire(entry, given)
        if not isinstance(sent, dict):
            return _refused(entry, wrong_type_text(name, entry["parameters"][0]["name"], "dict", kind_of(sent)))
        wire = _placed(sent, entry.get("fixed", {}), entry.get("under", ()))
        findings = self._validators.of(self._manifest.schemas(name)["input_schema"], name=name).findings(wire)
        if findings:
            return _refused(entry, "; ".join(_finding_text(name, finding) for finding in findings))
        route = self._route(name, entry)
        if options := _options(entry, given):
            route = route._replace(**options)
            if refused := self._out_of_range(name, entry, route):
                return refused
        return Admitted(name=name, entry=entry, route=route, arguments=wire, given=given)

    def given(self, name: str, arguments: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
        """Give the arguments of a call, by parameter name, without those that would not be sent."""
        entry = self._capabilities.get(name)
        return arguments if entry is None else _without_usual_options(entry, self._types.given(entry, arguments))

    def prepare(self, name: str) -> None:
        """Make ready what admits calls of a capability and judges their answers.

        Raises:
            PackageError: Its schema can't be used.
        """
        if name not in self._plain:
            self._plainly(name, self._capabilities[name])
            self._judge_of(name)

    def judge(
        self, admitted: Admitted, answer: JsonValue, *, is_shallow: bool = False, app: str | None = None
    ) -> Refusal | str | None:
        """Hold an answer to its declaration.

        Args:
            admitted: The call.
            answer: The app's answer, unwrapped.
            is_shallow: It is known to have no more than `validate.LEVELS` levels.
            app: Which of several apps has given it, as it may be shown; None where one was called.

        Returns:
            None where it fits or isn't looked at; a note where policy says `warn`; a refusal where it says `strict`.
        """
        name = admitted.name
        fits = self._judges[name] if name in self._judges else self._judge_of(name)
        if fits is None or ((is_shallow or not is_deep(answer, levels=LEVELS)) and fits(answer)):
            return None
        return self._judged(admitted, answer, app or _apps(admitted.entry))

    def _judge_of(self, name: str) -> Callable[[JsonValue], bool] | None:
        """Give whether an answer fits, None where nothing is declared or policy doesn't want to know."""
        schema = self._manifest.schemas(name)["output_schema"]
        is_looked_at = schema is not None and self._policy.result_check(name) != "off"
        fits = self._validators.of(schema, name=name).fits if schema is not None and is_looked_at else None
        self._judges[name] = fits
        return fits

    def _judged(self, admitted: Admitted, answer: JsonValue, app: str) -> Refusal | str | None:
        """Say what is wrong with an answer that doesn't fit."""
        check = self._policy.result_check(admitted.name)
        schema = self._manifest.schemas(admitted.name)["output_schema"]
        if check == "off" or schema is None:
            return None
        findings = self._validators.of(schema, name=admitted.name).findings(answer)
        if not findings:
            return None
        finding = findings[0]
        text = say(
            "result_shape",
            "passed_on_note" if check == "warn" else "wrong_type",
            app=app,
            function=admitted.name,
            path=finding.path,
            expected=finding.expected,
            got=finding.got,
        )
        if check == "warn":
            return text
        return Refusal(
            kind="result_shape",
            message=text,
            signature=admitted.entry["signature"],
            hint=say("result_shape", "app_fault_hint"),
        )

    def stand_in(self, admitted: Admitted) -> JsonValue:
        """Give what a dry run answers in the app's place: a value of the declared result.

        Where no result is declared it is an object without fields, which is what most apps answer.
        """
        schema = self._manifest.schemas(admitted.name)["output_schema"]
        if schema is None:
            return None if admitted.entry["returns"] == "None" else {}
        validator = self._validators.of(schema, name=admitted.name)
        from ioconnect_codemode.stand_ins import stand_in  # for dry runs only

        return stand_in(schema, lambda value: not validator.findings(value))

    def _plainly(self, name: str, entry: CapabilityData) -> _Plain | None:
        """Make ready what admits plain arguments; None where the call has a form of its own."""
        has_own_form = entry.get("spread", False) or "fixed" in entry or "under" in entry or entry["kind"] == "stream"
        made = None
        if not has_own_form:
            parameters = [one for one in entry["parameters"] if "option" not in one]
            made = _Plain(
                types=self._types.plain(parameters),
                keys={one["name"]: one["key"] for one in parameters},
                required=frozenset(one["name"] for one in parameters if one["required"]),
                left_out=frozenset(
                    one["name"] for one in parameters if not one["required"] and not one.get("nullable", False)
                ),
                route=self._route(name, entry),
                fits=self._validators.of(self._manifest.schemas(name)["input_schema"], name=name).fits,
            )
        self._plain[name] = made
        return made

    def targets(self, admitted: Admitted) -> tuple[str, ...]:
        """Give the names by which a dry run answers for several apps."""
        target = admitted.route.target
        return target if not isinstance(target, str) else tuple(admitted.entry["apps"][:3]) or ("app",)

    def _out_of_range(self, name: str, entry: CapabilityData, route: Route) -> Refusal | None:
        longest_s = self._policy.limits.call_timeout_s
        if not 1 <= route.take <= _MOST_EVENTS:
            path, expected = "take", f"1..{_MOST_EVENTS}"
        elif not 0 < route.take_for_s <= longest_s:
            path, expected = "timeout_s", f"0..{longest_s:g}"
        elif not 0 <= route.wait_for_s <= longest_s:
            path, expected = "wait_for_s", f"0..{longest_s:g}"
        elif isinstance(route.target, tuple) and not 1 <= len(route.target) <= _MOST_TARGETS:
            path, expected = "the number of targets", f"1..{_MOST_TARGETS}"
        else:
            return None
        return _refused(entry, say("argument", "out_of_range", function=name, path=path, expected=expected))

    def _route(self, name: str, entry: CapabilityData) -> Route:
        route = self._routes.get(name)
        if route is None:
            route = self._routes[name] = Route(
                kind=entry["kind"],
                name=entry["wire"],
                accepts=entry.get("accepts"),
                returns=entry.get("returns_text"),
            )
        return route


class _Options(TypedDict, total=False):
    take: int
    take_for_s: float
    target: str | tuple[str, ...]
    wait_for_s: float


def _without_usual_options(entry: CapabilityData, given: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Give what was given without options that say what holds anyway: nobody who is asked or reads of it needs them."""
    usual = [
        one["name"]
        for one in entry["parameters"]
        if "option" in one and one["name"] in given and given[one["name"]] == one.get("default")
    ]
    return {name: value for name, value in given.items() if name not in usual} if usual else given


def _options(entry: CapabilityData, given: Mapping[str, JsonValue]) -> _Options:
    """Give what this call tells the host; what it leaves out is as the route has it."""
    said = {
        one["option"]: given[one["name"]] for one in entry["parameters"] if "option" in one and one["name"] in given
    }
    options: _Options = {}
    if "take" in said:
        options["take"] = cast("int", said["take"])
    if "timeout_s" in said:
        options["take_for_s"] = cast("float", said["timeout_s"])
    if "wait_for_s" in said:
        options["wait_for_s"] = cast("float", said["wait_for_s"])
    match said.get("target"):
        case str(target):
            options["target"] = target
        case list(targets):
            options["target"] = tuple(dict.fromkeys(map(str, targets)))
        case _:
            pass
    return options


def _refused(entry: CapabilityData, message: str, hint: str | None = None) -> Refusal:
    return Refusal(
        kind="argument",
        message=message,
        signature=entry["signature"],
        hint=hint or say("argument", "not_sent_hint"),
    )


def _on_the_wire(entry: CapabilityData, given: Mapping[str, JsonValue]) -> JsonValue:
    """Give the arguments by wire key; where the one parameter is the argument object, give that, whatever it is."""
    if entry.get("spread", False):
        return given.get(entry["parameters"][0]["name"], {})
    return {
        parameter["key"]: given[parameter["name"]]
        for parameter in entry["parameters"]
        if parameter["name"] in given and "option" not in parameter
    }


def _placed(sent: dict[str, JsonValue], fixed: Mapping[str, JsonValue], under: Sequence[str]) -> dict[str, JsonValue]:
    """Give the argument object: what is sent under its keys, what is fixed around it; that can't be overwritten."""
    if not under:
        return {**sent, **fixed}
    inner = fixed.get(under[0])
    return {**fixed, under[0]: _placed(sent, inner if isinstance(inner, dict) else {}, under[1:])}


def _finding_text(name: str, finding: Finding) -> str:
    path = finding.path.removeprefix("$").removeprefix(".") or "the arguments"
    return wrong_type_text(name, path, finding.expected, finding.got)


def _apps(entry: CapabilityData) -> str:
    return ", ".join(entry["apps"][:3]) or "the app"
