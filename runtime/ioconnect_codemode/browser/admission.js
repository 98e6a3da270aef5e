/**
 * Admission: whether a call may reach an app, and whether an answer may reach the snippet.
 *
 * Everything the worker says is checked here. A call is refused where its name is not in the catalog that policy leaves,
 * its arguments do not fit the definition, or break the schema; then nothing has been sent.
 */

import { ArgumentCheck } from "./arguments.js";
import { say } from "./messages.js";
import { nearest } from "./nearest.js";
import { resultCheck } from "./policy.js";
import { standIn } from "./stand_ins.js";
import { cut, shortNumber } from "./text.js";
import { compact, entries, field, fromEntries, isObject, isWhole, kindOf, numeric, plain, put } from "./values.js";

/** @typedef {import("./manifest.js").Capability} Capability */
/** @typedef {import("./findings.js").Finding} Finding */
/** @typedef {import("./arguments.js").Mismatch} Mismatch */
/** @typedef {{findings: (schema: any, value: any, name: string) => Promise<Finding[]> | Finding[]}} Findings */
/** @typedef {{kind: Capability["kind"], name: string, accepts?: string, returns?: string, apps: string[], take?: number, takeForS?: number, target?: string | string[], waitForS?: number}} Route */
/** @typedef {{isRefused: true, kind: string, message: string, signature: string | null, hint: string | null}} Refusal */
/** @typedef {{isRefused: false, name: string, entry: Capability, route: Route, arguments: Record<string, any>, given: any}} Admitted */

const MISMATCHES = 3;
const MOST_EVENTS = 1_000; // of a stream, in one answer
const MOST_TARGETS = 100; // of one call

export class Admission {
  /**
   * @param {import("./manifest.js").Manifest} manifest The catalog as policy leaves it.
   * @param {import("./policy.js").Policy} policy
   * @param {Findings} validation
   */
  constructor(manifest, policy, validation) {
    this.manifest = manifest;
    this.policy = policy;
    this.validation = validation;
    this.types = new ArgumentCheck(manifest.types);
  }

  /** The arguments of a call, by parameter name, without those that would not be sent. @param {string} name @param {any} asked */
  given(name, asked) {
    const entry = this.manifest.capabilities.get(name);
    return entry === undefined ? asked : withoutUsualOptions(entry, this.types.given(entry, asked));
  }

  /**
   * Whether a call may be sent.
   *
   * @param {string} name Full Python name, as the worker says it.
   * @param {any} asked Arguments by parameter name.
   * @param {string | null} [mismatch] What the worker's own look at the argument types has found.
   * @returns {Promise<Admitted | Refusal>}
   */
  async admit(name, asked, mismatch = null) {
    const entry = this.manifest.capabilities.get(name);
    if (entry === undefined) {
      return refusal("denied", say("denied", "policy", { function: cut(name, 80) }), null, say("denied", "final_hint"));
    }
    const all = this.types.given(entry, asked);
    const mismatches = this.types.mismatches(entry, all);
    if (mismatches.length > 0) return mismatched(name, entry, mismatches);
    if (mismatch !== null) return refused(entry, mismatch);
    const given = withoutUsualOptions(entry, all);
    const sent = onTheWire(entry, given);
    if (!isObject(sent)) return refused(entry, wrongType(name, entry.parameters[0].name, "dict", kindOf(sent)));
    const wire = placed(plain(sent), entry.fixed ?? {}, entry.under ?? []);
    const { input_schema: schema } = await this.manifest.schemas(name);
    const findings = await this.validation.findings(schema, wire, name);
    if (findings.length > 0) return refused(entry, findings.map((one) => findingText(name, one)).join("; "));
    const lossy = lossyNumber(entries(sent).map(([key, value]) => [key, value]));
    if (lossy !== null) return refused(entry, say("argument", "not_json", { function: name, path: lossy, reason: TOO_LARGE }));
    const route = routeOf(entry, given);
    return this.#outOfRange(name, entry, route) ?? { isRefused: false, name, entry, route, arguments: wire, given };
  }

  /**
   * Holds an answer to its declaration.
   *
   * @param {Admitted} admitted
   * @param {any} answer
   * @param {string} [app] Which of several apps has given it, as it may be shown; none where one was called.
   * @returns {Promise<Refusal | string | null>} A note where policy says `warn`, a refusal where it says `strict`.
   */
  async judge(admitted, answer, app = "") {
    const check = resultCheck(this.policy, admitted.name);
    const { output_schema: schema } = await this.manifest.schemas(admitted.name);
    if (check === "off" || schema === null) return null;
    const [first] = await this.validation.findings(schema, answer, admitted.name);
    if (first === undefined) return null;
    const values = { app: app || appsOf(admitted.entry), function: admitted.name, ...first };
    if (check === "warn") return say("result_shape", "passed_on_note", values);
    const message = say("result_shape", "wrong_type", values);
    return refusal("result_shape", message, admitted.entry.signature, say("result_shape", "app_fault_hint"));
  }

  /** What a dry run answers in the app's place: a value of the declared result. @param {Admitted} admitted */
  async standIn(admitted) {
    const { output_schema: schema } = await this.manifest.schemas(admitted.name);
    if (schema === null) return admitted.entry.returns === "None" ? null : {};
    return standIn(schema, async (value) => (await this.validation.findings(schema, value, admitted.name)).length === 0);
  }

  /** @param {string} name @param {Capability} entry @param {Route} route */
  #outOfRange(name, entry, route) {
    const longest = this.policy.limits.call_timeout_s;
    const seconds = `0..${shortNumber(longest)}`;
    const { take = 1, takeForS = longest, waitForS = 0, target = "best" } = route;
    if (!(take >= 1 && take <= MOST_EVENTS)) return outOfRange(name, entry, "take", `1..${MOST_EVENTS}`);
    if (!(takeForS > 0 && takeForS <= longest)) return outOfRange(name, entry, "timeout_s", seconds);
    if (!(waitForS >= 0 && waitForS <= longest)) return outOfRange(name, entry, "wait_for_s", seconds);
    const isMany = Array.isArray(target) && !(target.length >= 1 && target.length <= MOST_TARGETS);
    return isMany ? outOfRange(name, entry, "the number of targets", `1..${MOST_TARGETS}`) : null;
  }

  /** The names by which a dry run answers for several apps. @param {Admitted} admitted @returns {string[]} */
  targets({ route, entry }) {
    if (Array.isArray(route.target)) return route.target;
    return entry.apps.length > 0 ? entry.apps.slice(0, 3) : ["app"];
  }
}

const TOO_LARGE = "a whole number beyond 2**53-1, which JavaScript apps do not keep exact; use a str where the app takes one";

/** @param {string} kind @param {string} message @param {string | null} signature @param {string | null} hint @returns {Refusal} */
export function refusal(kind, message, signature = null, hint = null) {
  return { isRefused: true, kind, message, signature, hint };
}

/** The app or apps of a capability, in words. @param {Capability} entry */
function appsOf(entry) {
  return entry.apps.slice(0, 3).join(", ") || "the app";
}

/** @param {Capability} entry @param {string} message @param {string | null} [hint] */
function refused(entry, message, hint = null) {
  return refusal("argument", message, entry.signature, hint ?? say("argument", "not_sent_hint"));
}

/** @param {string} name @param {Capability} entry @param {string} path @param {string} expected */
function outOfRange(name, entry, path, expected) {
  return refused(entry, say("argument", "out_of_range", { function: name, path, expected }));
}

/** @param {string} name @param {Capability} entry @param {Mismatch[]} mismatches */
function mismatched(name, entry, mismatches) {
  const unknown = mismatches.find((one) => one.problem === "unknown");
  const near = unknown === undefined ? [] : nearest(unknown.parameter, entry.parameters.map((one) => one.name));
  const isText = mismatches.some((one) => one.got === "str" && /^(float|int)( \| |$)/.test(one.expected));
  const instead = isText ? say("argument", "number_hint") : null;
  const hint = near.length > 0 ? say("argument", "did_you_mean_hint", { names: near.join(", ") }) : instead;
  return refused(entry, mismatches.slice(0, MISMATCHES).map((one) => mismatchText(name, one)).join("; "), hint);
}

/** @param {string} name @param {Mismatch} mismatch */
function mismatchText(name, { problem, parameter, path, expected, got }) {
  if (problem === "missing") return say("argument", "missing_argument", { function: name, name: parameter });
  if (problem === "unknown") return say("argument", "unknown_argument", { function: name, name: parameter });
  return wrongType(name, `${parameter}${path}`, expected, got);
}

/** @param {string} name @param {Finding} finding */
function findingText(name, finding) {
  const path = finding.path.replace(/^\$\.?/, "") || "the arguments";
  return wrongType(name, path, finding.expected, finding.got);
}

/** @param {string} name @param {string} path @param {string} expected @param {string} got */
function wrongType(name, path, expected, got) {
  return say("argument", "wrong_type", { function: name, path, expected, got });
}

/** What was given without options that say what holds anyway: nobody who is asked or reads of it needs them. @param {Capability} entry @param {any} given */
function withoutUsualOptions(entry, given) {
  const options = entry.parameters.filter((one) => one.option !== undefined && field(given, one.name) !== undefined);
  const usual = options.filter((one) => compact(plain(field(given, one.name))) === compact(one.default));
  if (usual.length === 0) return given;
  return fromEntries(entries(given).filter(([name]) => !usual.some((one) => one.name === name)));
}

/** Arguments by wire key; where the one parameter is the argument object, that, whatever it is. @param {Capability} entry @param {any} given */
function onTheWire(entry, given) {
  if (entry.spread) return field(given, entry.parameters[0].name) ?? {};
  const sent = {};
  for (const { name, key, option } of entry.parameters) {
    const value = field(given, name);
    if (value !== undefined && option === undefined) put(sent, key, value);
  }
  return sent;
}

/** What is sent under its keys, what is fixed around it; that can't be overwritten. @param {any} sent @param {any} fixed @param {readonly string[]} under @returns {any} */
function placed(sent, fixed, under) {
  if (under.length === 0) return { ...sent, ...fixed };
  const inner = fixed[under[0]];
  return { ...fixed, [under[0]]: placed(sent, isObject(inner) ? inner : {}, under.slice(1)) };
}

/** @param {Capability} entry @param {any} given @returns {Route} */
function routeOf(entry, given) {
  const route = { kind: entry.kind, name: entry.wire, accepts: entry.accepts, returns: entry.returns_text, apps: entry.apps };
  const said = entry.parameters
    .filter((one) => one.option !== undefined)
    .map((one) => /** @type {const} */ ([one.option, field(given, one.name) ?? one.default]))
    .filter(([, value]) => value !== undefined && value !== null);
  const { take, timeout_s: takeForS, wait_for_s: waitForS, target } = Object.fromEntries(said);
  return {
    ...route,
    ...(take === undefined ? {} : { take: numeric(take) }),
    ...(takeForS === undefined ? {} : { takeForS: numeric(takeForS) }),
    ...(waitForS === undefined ? {} : { waitForS: numeric(waitForS) }),
    ...(target === undefined ? {} : { target: Array.isArray(target) ? [...new Set(target.map(String))] : target }),
  };
}

/** Whether a route has one answer for each of several apps. @param {Route} route */
export function hasSeveralAnswers({ target }) {
  return Array.isArray(target) || target === "all" || target === "skipMine";
}

/** The path of a whole number that JavaScript would change, or null. @param {[string, any][]} fields */
function lossyNumber(fields) {
  const waiting = [...fields].reverse();
  while (waiting.length > 0) {
    const [path, value] = /** @type {[string, any]} */ (waiting.pop());
    const kind = kindOf(value);
    if (kind === "int" && isWhole(value) && !Number.isSafeInteger(numeric(value))) return path;
    if (kind === "list") for (const [at, item] of value.entries()) waiting.push([`${path}[${at}]`, item]);
    else if (kind === "dict") for (const [key, item] of entries(value)) waiting.push([`${path}.${key}`, item]);
  }
  return null;
}
