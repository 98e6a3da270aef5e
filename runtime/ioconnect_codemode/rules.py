"""The administrator's policy: what an agent may see, call and take away.

One policy filters list, search, definitions, pre-flight, type check and bridge alike: `Policy.apply` gives the one
manifest that all of them read. Read from TOML (`codemode.toml`) or made in code. A key that this version does not
enforce is refused, never ignored: a policy that silently doesn't hold is worse than none.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal, cast

from ioconnect_codemode import masking
from ioconnect_codemode.approval import EXPIRY, ApprovalRules, are_texts, is_expiry, is_name, is_rule, neither
from ioconnect_codemode.errors import PolicyError, UsageError
from ioconnect_codemode.language import SAFE_MODULES
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import EFFECTS, CapabilityData, Effect

ResultCheck = Literal["strict", "warn", "off"]
_CHECKS = ("strict", "warn", "off")
_ARGUMENTS = ("hash", "names", "full")
_ON_FAILURE = ("stop", "go_on")
_AUDIT_RANGES = {"rotate_bytes": (65_536, 2**40), "keep": (1, 1_000)}  # one record with long arguments has some kB


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRules:
    """What is written down of runs and calls, and where.

    Attributes:
        file: The file of JSON lines; in a policy file, relative to that file's folder.
        arguments: What is kept of a call's arguments: a keyed hash, their names, or all of them without masked values.
        on_failure: What follows where a line can't be written: the run stops, or goes on.
        rotate_bytes: Size at which the file is moved on to `.1`.
        keep: How many of those are kept.
    """

    file: str | Path
    arguments: Literal["hash", "names", "full"] = "hash"
    on_failure: Literal["stop", "go_on"] = "stop"
    rotate_bytes: int = 64 * 1024 * 1024
    keep: int = 10

    def __post_init__(self) -> None:
        for name, allowed in (("arguments", _ARGUMENTS), ("on_failure", _ON_FAILURE)):
            if getattr(self, name) not in allowed:
                raise UsageError(f"{name} must be one of {', '.join(allowed)}")
        for name, (lowest, highest) in _AUDIT_RANGES.items():
            value: object = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
                raise UsageError(f"{name} must be a whole number from {lowest:,} to {highest:,}")
        if not self.file or not _is_path(self.file):
            raise UsageError("file must be the path of the audit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What an agent may do. The default allows everything in the catalog and checks results with `warn`.

    Attributes:
        allow: Globs over full Python names; a capability must match one. `*` crosses the dot.
        deny: Globs that win over `allow`.
        hide_system: Whether what the platform itself does (start apps, open workspaces, write shared contexts) is out of
            the catalog, whatever `allow` says.
        effects: Reviewed effects by full Python name.
        results: What happens when an app's answer doesn't fit its declaration: `strict` raises `ResultError` in the
            snippet, `warn` adds a note to the outcome, `off` does not look.
        results_by_name: The same by glob; the longest matching glob wins.
        approval: Which calls a person is asked about, and which capabilities are kept out by their effect.
        limits: Limits of a run.
        facades: Safe modules that a snippet may import.
        mask: Fields that a snippet may use and nobody outside may see, `Client.taxId` or `*.iban`.
        audit: What is written down of runs and calls; None for nothing.

    Raises:
        UsageError: A part can't be enforced; every problem is named.
    """

    allow: Sequence[str] = ("*",)
    deny: Sequence[str] = ()
    hide_system: bool = False
    effects: Mapping[str, Effect] = field(default_factory=dict[str, Effect])
    results: ResultCheck = "warn"
    results_by_name: Mapping[str, ResultCheck] = field(default_factory=dict[str, ResultCheck])
    approval: ApprovalRules = field(default_factory=ApprovalRules)
    limits: Limits = field(default_factory=Limits)
    facades: Sequence[str] = SAFE_MODULES
    mask: Sequence[str] = ()
    audit: AuditRules | None = None

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise UsageError("; ".join(problems))

    @classmethod
    def read(cls, path: str | Path) -> Policy:
        """Read a policy file.

        Raises:
            PolicyError: The file can't be read, is not TOML, or has a key or value that can't be enforced; every
                problem is named.
        """
        path = Path(path)
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
        except OSError as error:
            raise PolicyError(f"{path} can't be read: {error.strerror or error}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PolicyError(f"{path} is not TOML: {error}") from error
        except RecursionError as error:
            raise PolicyError(f"{path} is nested too deeply: a policy has tables of texts and numbers") from error
        return _Reader(str(path), document).policy()

    @classmethod
    def of_package(cls, folder: str | Path) -> Policy:
        """Read `codemode.toml` of a generated package; the default policy where it has none.

        Raises:
            PolicyError: The file is there and can't be enforced.
        """
        path = Path(folder) / "codemode.toml"
        return cls.read(path) if path.exists() else cls()

    @property
    def has_rules(self) -> bool:
        """Whether it refuses any capability or asks about one; reviewed effects and limits alone do neither."""
        return not self._allows_everything() or bool(self.approval.ask or self.approval.deny)

    def apply(self, manifest: Manifest) -> Manifest:
        """Give the catalog as this policy leaves it: denied capabilities are not in it, reviewed effects are."""
        kept = manifest if self._allows_everything() else manifest.only(self._leaves)
        kept = kept.with_effects(self.effects)
        if not self.approval.deny:
            return kept
        return kept.only(lambda name, entry: not self.approval.denies(name, entry["effect"]))

    def allows(self, name: str) -> bool:
        """Say whether a capability may be seen and called."""
        return _matches(name, self.allow) and not _matches(name, self.deny)

    def _leaves(self, name: str, entry: CapabilityData) -> bool:
        return self.allows(name) and not (self.hide_system and is_system(entry))

    def unmatched(self, manifest: Manifest) -> list[str]:
        """Give what the policy names and the catalog doesn't have: a slip there would allow what was to be denied."""
        approval = (rule for rule in (*self.approval.ask, *self.approval.deny) if rule not in EFFECTS)
        globs = [*(glob for glob in self.allow if glob != "*"), *self.deny, *self.results_by_name, *approval]
        names = list(manifest.capabilities)
        return [
            *(glob for glob in dict.fromkeys(globs) if not any(fnmatch.fnmatchcase(name, glob) for name in names)),
            *(name for name in self.effects if name not in manifest.capabilities),
            *masking.unmatched(self.mask, manifest),
        ]

    def result_check(self, name: str) -> ResultCheck:
        """Say how strictly the answers of a capability are held to its declaration."""
        matching = [glob for glob in self.results_by_name if fnmatch.fnmatchcase(name, glob)]
        return self.results_by_name[max(matching, key=len)] if matching else self.results

    def _allows_everything(self) -> bool:
        return not self.deny and "*" in self.allow and not self.hide_system


def _problems(policy: Policy) -> Iterator[str]:
    """Say what of a policy that was made in code would silently not hold."""
    for name in ("allow", "deny", "facades", "mask"):
        if not are_texts(getattr(policy, name)):
            yield f"{name} must be a list of text"
            return
    for name, kind in (("approval", ApprovalRules), ("limits", Limits), ("audit", AuditRules)):
        value: object = getattr(policy, name)
        if not isinstance(value, kind) and not (name == "audit" and value is None):
            yield f"{name} must be {kind.__name__}, not {type(value).__name__}"
            return
    yield from _unknown_facades(policy.facades)
    yield from _wrong_masks(policy.mask)
    checks = {"results": policy.results, **policy.results_by_name}
    yield from (f"{key} must be one of {', '.join(_CHECKS)}" for key, one in checks.items() if one not in _CHECKS)
    yield from _wrong_results(policy.results_by_name)
    yield from _wrong_effects(policy.effects)
    for name, effect in policy.effects.items():
        if effect not in EFFECTS:
            yield f"the effect of {name} must be one of {', '.join(EFFECTS)}"


def _unknown_facades(names: Sequence[str]) -> Iterator[str]:
    unknown = [name for name in names if name not in SAFE_MODULES]
    if unknown:
        yield f"facades: there is no facade for {', '.join(unknown)}; there are {', '.join(SAFE_MODULES)}"


def _wrong_masks(patterns: Sequence[str]) -> Iterator[str]:
    for pattern in patterns:
        if not masking.is_pattern(pattern):
            yield f"mask: {pattern!r} must be a record and a field, Client.taxId or *.iban"


def _wrong_results(globs: Iterable[str]) -> Iterator[str]:
    yield from (f"results: {neither(glob, 'check')}" for glob in globs if not is_name(glob))


def _wrong_effects(names: Iterable[str]) -> Iterator[str]:
    """Of a glob: an effect is reviewed one by one, and what comes to match it later nobody has reviewed."""
    yield from (f'effects: "{name}" must be one full name, "crm.add_note"' for name in names if set(name) & set("*?["))


def is_system(entry: CapabilityData) -> bool:
    """Say whether a capability is the platform's own and no app's."""
    return entry["origin"] == "platform"


def _is_path(value: object) -> bool:
    return isinstance(value, (str, Path)) and "\0" not in str(value)


def _matches(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs)


class _Reader:
    """Reads the sections of a policy document and collects every problem."""

    def __init__(self, path: str, document: Mapping[str, object]) -> None:
        self._path = path
        self._document = document
        self._problems: list[str] = []

    def policy(self) -> Policy:
        self._refuse_sections()
        capabilities = self._section("capabilities", {"allow", "deny", "hide_system"})
        checks = self._choices(self._section("results", None), "results", _CHECKS)
        check = cast("ResultCheck", checks.pop("check", "warn"))
        checks = self._without(checks, _wrong_results(checks))
        effects = self._choices(self._section("effects", None), "effects", EFFECTS)
        effects = self._without(effects, _wrong_effects(effects))
        egress = self._section("egress", {"limit_characters", "mask"})
        limits = self._limits(self._section("limits", {item.name for item in fields(Limits)}), egress)
        language = self._section("language", {"facades"})
        policy = Policy(
            allow=self._texts(capabilities, "capabilities", "allow", ("*",)),
            deny=self._texts(capabilities, "capabilities", "deny", ()),
            hide_system=self._truth(capabilities, "capabilities", "hide_system"),
            effects=cast("dict[str, Effect]", effects),
            results=check,
            results_by_name=cast("dict[str, ResultCheck]", checks),
            approval=self._approval(self._section("approval", {"ask", "deny", "expires_s"})),
            limits=limits,
            facades=self._facades(self._texts(language, "language", "facades", SAFE_MODULES)),
            mask=self._mask(self._texts(egress, "egress", "mask", ())),
            audit=self._audit(self._section("audit", set(_AUDIT_KEYS))),
        )
        if self._problems:
            raise PolicyError(f"{self._path}: " + "; ".join(self._problems))
        return policy

    def _refuse_sections(self) -> None:
        known = {"approval", "audit", "capabilities", "effects", "results", "egress", "limits", "language"}
        for name, value in self._document.items():
            if name in known:
                continue
            where = f"[{name}]" if isinstance(value, dict) else f"{name}, which stands in no section,"
            self._problems.append(f"{where} is unknown; known sections are {', '.join(sorted(known))}")

    def _section(self, name: str, keys: set[str] | None) -> dict[str, object]:
        section = self._document.get(name, {})
        if not isinstance(section, dict):
            self._problems.append(f"{name} must be a table")
            return {}
        section = cast("dict[str, object]", section)
        if keys is not None:
            unknown = [key for key in section if key not in keys]
            self._problems += [f"{name}.{key} is unknown; known are {', '.join(sorted(keys))}" for key in unknown]
        return section

    def _texts(self, section: Mapping[str, object], name: str, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = section.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
            self._problems.append(f"{name}.{key} must be a list of text, as in {_LISTS[key]}")
            return default
        return tuple(cast("list[str]", value))

    def _truth(self, section: Mapping[str, object], name: str, key: str) -> bool:
        value = section.get(key, False)
        if not isinstance(value, bool):
            self._problems.append(f"{name}.{key} must be true or false")
        return value is True

    def _choices(self, section: Mapping[str, object], name: str, allowed: tuple[str, ...]) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for key, value in section.items():
            if isinstance(value, str) and value in allowed:
                chosen[key] = value
            elif isinstance(value, dict):
                self._problems.append(f'{name}.{key} is a table: write names with a dot in quotes, "{key}.name" = ...')
            else:
                self._problems.append(f'{name}."{key}" must be one of {", ".join(allowed)}')
        return chosen

    def _without(self, chosen: dict[str, str], problems: Iterable[str]) -> dict[str, str]:
        before = len(self._problems)
        self._problems += problems
        return chosen if len(self._problems) == before else {}

    def _approval(self, section: Mapping[str, object]) -> ApprovalRules:
        ask = self._texts(section, "approval", "ask", ())
        deny = self._texts(section, "approval", "deny", ())
        meaningless = [rule for rule in (*ask, *deny) if not is_rule(rule)]
        self._problems += [f"approval: {neither(rule)}" for rule in meaningless]
        expires_s = section.get("expires_s", ApprovalRules().expires_s)
        if not is_expiry(expires_s):
            self._problems.append(f"approval.{EXPIRY}")
        if meaningless or not is_expiry(expires_s):
            return ApprovalRules()
        return ApprovalRules(ask=ask, deny=deny, expires_s=cast("float", expires_s))

    def _facades(self, names: tuple[str, ...]) -> tuple[str, ...]:
        problems = list(_unknown_facades(names))
        self._problems += [f"language.{problem}" for problem in problems]
        return SAFE_MODULES if problems else names

    def _mask(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        problems = list(_wrong_masks(patterns))
        self._problems += [f"egress.{problem}" for problem in problems]
        return () if problems else patterns

    def _audit(self, section: Mapping[str, object]) -> AuditRules | None:
        if "audit" not in self._document:
            return None
        given = {key: value for key, value in section.items() if key in _AUDIT_KEYS}
        try:
            rules = AuditRules(**{"file": "", **given})  # type: ignore[arg-type]  # checked by AuditRules itself
        except UsageError as error:
            self._problems.append(f"audit.{error}")
            return None
        return replace(rules, file=Path(self._path).parent / rules.file)

    def _limits(self, section: Mapping[str, object], egress: Mapping[str, object]) -> Limits:
        limits = Limits()
        known = {item.name for item in fields(Limits)}
        given = {f"limits.{key}": (key, value) for key, value in section.items() if key in known}
        if "limit_characters" in egress:
            given["egress.limit_characters"] = ("value_characters", egress["limit_characters"])
            if section.get("value_characters", egress["limit_characters"]) != egress["limit_characters"]:
                self._problems.append("egress.limit_characters and limits.value_characters are one limit: give it once")
        for place, (key, value) in given.items():
            try:
                limits = replace(limits, **{key: value})  # type: ignore[arg-type]  # checked by Limits itself
            except UsageError as error:
                self._problems.append(f"{place}{str(error).removeprefix(key)}")
        return limits


_LISTS = {
    "allow": '["crm.*"]',
    "deny": '["*.delete_*"]',
    "ask": '["write", "destructive"]',
    "mask": '["Client.taxId"]',
    "facades": '["json", "math"]',
}
_AUDIT_KEYS = frozenset(item.name for item in fields(AuditRules))
