"""Drawn policies, calls and answers: what is admitted, asked, judged, recorded and let out is the same in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.admit import Admission, Refusal
from ioconnect_codemode.approval import request_of
from ioconnect_codemode.audit import argument_hash
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.errors import PolicyError
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.outcome import compact
from ioconnect_codemode.rules import _Reader  # pyright: ignore[reportPrivateUsage]
from ioconnect_codemode.validate import Validators
from ioconnect_codemode.values import JsonValue
from page.both import REPOSITORY, WEALTH_DESK, differences, page_answers
from page.drawn import Drawing

CASES: Final = 12  # of each package
KEY: Final = bytes(range(32))
PACKAGES: Final = [
    WEALTH_DESK,
    *(one.parent for one in sorted(REPOSITORY.glob("tests/golden/*/expected/manifest.json"))),
]


def drawn(folder: Path, seed: int) -> dict[str, Any]:
    drawing = Drawing(Manifest.read(folder), f"{folder.parent.name} {seed}")
    calls = [drawing.call() for _ in range(6)]
    values: list[JsonValue] = [[one for _, _, one in calls], calls[0][2], {"of": [str(calls[1][2])]}]
    value = drawing.chance.choice(values)
    return {
        "package": str(folder),
        "policy": drawing.policy(),
        "calls": [
            {"name": name, "arguments": json.dumps(given), "answer": json.dumps(answer)}
            for name, given, answer in calls
        ],
        "value": json.dumps(value),
        "text": f"{value} {compact(value)}",
        "characters": drawing.chance.choice([4_000, 80]),
        "key": KEY.hex(),
    }


def told(case: dict[str, Any]) -> Any:
    try:
        policy = _Reader("policy.json", case["policy"]).policy()
    except PolicyError as error:
        return {"error": "PolicyError", "message": str(error).removeprefix("policy.json: ")}
    manifest = policy.apply(Manifest.read(Path(case["package"])))
    egress = Egress(
        limit_characters=policy.limits.value_characters, masks=Masks(policy.mask, manifest) if policy.mask else None
    )
    made = [told_of(call, policy, manifest, egress) for call in case["calls"]]
    shown, truncated = egress.value(json.loads(case["value"]))
    return {
        "value": {
            "made": made,
            "left": compact(shown),
            "truncated": None if truncated is None else {**truncated.to_json(), "preview": compact(truncated.preview)},
            "text": egress.text(case["text"], limit_characters=case["characters"]),
            "masks": dict(egress.record_masks),
        }
    }


def told_of(call: dict[str, str], policy: Policy, manifest: Manifest, egress: Egress) -> dict[str, object]:
    name, arguments, answer = call["name"], json.loads(call["arguments"]), json.loads(call["answer"])
    admission = Admission(manifest, policy)
    admitted = admission.admit(name, arguments)
    recorded = {"recorded": argument_hash(KEY, admission.given(name, arguments))}
    if isinstance(admitted, Refusal):
        signature, hint = admitted.signature, admitted.hint
        return {**recorded, "kind": admitted.kind, "message": admitted.message, "signature": signature, "hint": hint}
    shown = egress.arguments(admitted.entry["parameters"], admitted.given)
    judged = admission.judge(admitted, answer)
    egress.take_answer(name, answer)
    return {
        **recorded,
        "wire": compact(admitted.arguments),
        "shown": compact(shown),
        "asks": policy.approval.asks(name, admitted.entry["effect"]),
        "question": request_of(name, admitted.entry, admitted.given, expires_s=600, shown=shown).sentence,
        "has_several_faults": has_several_faults(manifest.schemas(name)["output_schema"], name, answer),
        "judged": {"kind": judged.kind, "message": judged.message} if isinstance(judged, Refusal) else judged,
    }


def has_several_faults(schema: JsonValue, name: str, answer: JsonValue) -> bool:
    return isinstance(schema, (dict, bool)) and len(Validators().of(schema, name=name).findings(answer)) > 1


def test_drawn_policies_calls_and_answers_have_the_same_verdicts_and_words() -> None:
    cases = [drawn(folder, seed) for folder in PACKAGES for seed in range(CASES)]
    python = [told(case) for case in cases]
    page = page_answers("governed", cases, needs_library=True)
    told_alike = [alike(*both) for both in zip(python, page, strict=True)]
    assert differences(cases, [one for one, _ in told_alike], [other for _, other in told_alike]) == []
    verdicts = [made.get("kind", made.get("judged")) for one in python for made in one.get("value", {}).get("made", [])]
    for kind in ("argument", "denied", None):
        assert verdicts.count(kind) > 20
    assert sum(isinstance(one, str) and "was passed on" in one for one in verdicts) > 20


def alike(python: Any, page: Any) -> tuple[Any, Any]:
    """Take out which of several faults are named: the two look at a value in another order."""
    for made, other in zip(*(one.get("value", {}).get("made", []) for one in (python, page)), strict=True):
        if made.pop("has_several_faults", False):
            for one in (made, other):
                one["judged"] = one["judged"] is not None
        if "; " in made.get("message", "") and "; " in other.get("message", ""):
            made["message"] = other["message"] = "several"
    return python, page
