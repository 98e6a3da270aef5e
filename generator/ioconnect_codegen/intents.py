"""Intents -> drafts of capabilities in the namespace `intents`.

An intent is declared in up to three places, and its handlers are gathered from all of them: the Intents API's list,
the app definitions, and running interop methods named `Tick42.FDC3.Intents.<Name>` with `flags.intent`.

FDC3 intents take their context flat, `{type, id, name, ...}`, and are typed with the contexts of the standard; an
intent of a standard name whose handlers declare no context takes those that the standard gives it. Other intents take
`{type, data: {...}}`: no source has a schema for the data, what is known is the names of the context types.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codegen.drafts import Described, Draft, Drafts
from ioconnect_codegen.environment import Environment
from ioconnect_codegen.fdc3 import are_contexts, describe_contexts, is_channel, standard_intents
from ioconnect_codegen.naming import snake
from ioconnect_codegen.options import TARGET
from ioconnect_codegen.platform_names import intent_of_method
from ioconnect_codegen.prose import first_sentence
from ioconnect_codegen.shapes import Anything, Field, Map, Record, choice, to_schema
from ioconnect_codemode.values import JsonValue

NAMESPACE = "intents"
"""Where every intent lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handler:
    application: str
    texts: tuple[str, ...]  # display name, description
    contexts: tuple[str, ...]
    result_type: str


def draft_intents(environment: Environment) -> Drafts:
    """Give a draft for every intent that some app handles."""
    handlers = _gather(environment)
    drafts = tuple(_draft(name, handlers[name]) for name in sorted(handlers))
    return Drafts(drafts=drafts, omissions=(), diagnostics=())


def _gather(environment: Environment) -> dict[str, list[_Handler]]:
    found: dict[str, set[_Handler]] = defaultdict(set)
    for intent in environment.intents:
        for listed in intent.handlers:
            texts: tuple[str, ...] = (listed.display_name,)
            found[intent.name].add(_handler(listed.application, texts, listed.contexts, listed.result_type))
    for app in environment.applications:
        for declared in app.intents:
            one = _handler(app.name, (declared.display_name,), declared.contexts, declared.result_type)
            found[declared.name].add(one)
    for method in environment.methods:
        if name := intent_of_method(method.name):
            flag = method.flags.get("intent")
            said: Mapping[str, JsonValue] = flag if isinstance(flag, dict) else {}
            texts = (_text(said, "displayName"), _text(said, "description") or method.description)
            for application in [server.application for server in method.servers] or [""]:
                found[name].add(_handler(application, texts, _texts(said, "contextTypes"), _text(said, "resultType")))
    return {
        name: sorted(handlers, key=lambda one: (one.application, one.texts, one.contexts, one.result_type))
        for name, handlers in found.items()
    }


def _handler(application: str, texts: tuple[str, ...], contexts: Sequence[str], result_type: str) -> _Handler:
    return _Handler(application=application, texts=texts, contexts=tuple(contexts), result_type=result_type)


def _draft(name: str, handlers: Sequence[_Handler]) -> Draft:
    contexts = tuple(dict.fromkeys(context for one in handlers for context in one.contexts if context))
    if not contexts and name in standard_intents():
        contexts = standard_intents()[name].contexts
    is_fdc3 = are_contexts(contexts)
    texts = tuple(dict.fromkeys(text for one in handlers for text in one.texts if text.strip()))
    results = {one.result_type for one in handlers if one.result_type}
    argument = _argument_record(contexts)
    taken = describe_contexts(contexts) if is_fdc3 else Described(shape=argument, schema=to_schema(argument))
    context = Field(key="context", shape=taken.shape, is_required=True)
    apps = tuple(sorted({one.application for one in handlers if one.application}))
    return Draft(
        kind="fdc3_intent" if is_fdc3 else "intent",
        wire=name,
        namespace=NAMESPACE,
        function=snake(name),
        apps=apps,
        options=(TARGET,) if len(apps) > 1 else (),
        effect="unknown",
        origin="intent",
        fields=(context,) if is_fdc3 else argument.fields,
        names={"type": "context_type"},
        is_spread=is_fdc3,
        input=taken,
        output=_result(results),
        description=_described(name, texts, results),
        search=(*texts[1:], *contexts),
    )


def _described(name: str, texts: Sequence[str], results: Collection[str]) -> str:
    standard = standard_intents().get(name)
    text = texts[0] if texts else standard.description if standard else f"Raise the intent {name}."
    if results and all(map(is_channel, results)):
        return f"{first_sentence(text).rstrip('.')} (answers with a channel, which a snippet can't listen to)."
    return text


def _argument_record(contexts: Sequence[str]) -> Record:
    """Give the argument object of an intent that is none of FDC3: its data, and the type of the data if declared."""
    data = Field(key="data", shape=Map(Anything()), is_required=True)
    if not contexts:
        return Record(fields=(data,))
    kind = Field(key="type", shape=choice(contexts), is_required=False, default=contexts[0])
    return Record(fields=(data, kind))


def _result(declared: Collection[str]) -> Described | None:
    """Give the context that all handlers answer with; a channel can't cross to a snippet and stays undeclared."""
    return describe_contexts(tuple(declared)) if len(declared) == 1 and are_contexts(tuple(declared)) else None


def _text(said: Mapping[str, JsonValue], key: str) -> str:
    value = said.get(key)
    return value if isinstance(value, str) else ""


def _texts(said: Mapping[str, JsonValue], key: str) -> tuple[str, ...]:
    value = said.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
