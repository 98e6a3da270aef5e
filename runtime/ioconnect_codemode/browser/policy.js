/**
 * The administrator's policy: what an agent may see, call and take away.
 *
 * The same keys as in `codemode.toml`, as JSON. A key that the page does not enforce is refused, never ignored: a policy
 * that silently doesn't hold is worse than none. `applied` gives the one manifest that list, search, definitions,
 * pre-flight check and bridge read.
 */

import { USUAL_RULES } from "./audit.js";
import { PolicyError, UsageError } from "./errors.js";
import { matches, matchesAny } from "./glob.js";
import { SAFE_MODULES } from "./language.js";
import { DEFAULT_LIMITS, isLimit, limitsWith } from "./limits.js";
import { isPattern } from "./masking.js";
import { repr } from "./text.js";

/** @typedef {import("./manifest.js").Effect} Effect */
/** @typedef {"strict" | "warn" | "off"} ResultCheck */

/**
 * @typedef {object} Policy
 * @property {readonly string[]} allow
 * @property {readonly string[]} deny
 * @property {boolean} hide_system
 * @property {Readonly<Record<string, Effect>>} effects
 * @property {ResultCheck} results
 * @property {Readonly<Record<string, ResultCheck>>} resultsByName
 * @property {{ask: readonly string[], deny: readonly string[], expires_s: number}} approval
 * @property {Readonly<import("./limits.js").Limits>} limits
 * @property {readonly string[]} facades
 * @property {readonly string[]} mask
 * @property {import("./audit.js").AuditRules | null} audit What is recorded of runs and calls; null for nothing.
 */

const CHECKS = ["strict", "warn", "off"];
const EFFECTS = ["read", "write", "destructive", "unknown"];
const SECTIONS = ["approval", "audit", "capabilities", "effects", "egress", "language", "limits", "results"];
/** @type {Record<string, string>} */
const LISTS = {
  allow: '["crm.*"]',
  deny: '["*.delete_*"]',
  ask: '["write", "destructive"]',
  mask: '["Client.taxId"]',
  facades: '["json", "math"]',
};
const LONGEST_S = 86_400;
const AUDITED_ARGUMENTS = ["hash", "names", "full"];
const ON_FAILURE = ["stop", "go_on"];
const OF_A_FILE = ["file", "rotate_bytes", "keep"];

/**
 * Reads a policy document.
 *
 * @param {unknown} document What `codemode.toml` has, as JSON; undefined allows everything in the catalog.
 * @returns {Policy}
 * @throws {PolicyError} It has keys or values that can't be enforced; every problem is named.
 */
export function readPolicy(document = {}) {
  if (!isTable(document)) throw new PolicyError("a policy must be an object");
  return new Reader(document).policy();
}

/** Whether a capability is the platform's own and no app's. @param {import("./manifest.js").Capability} entry */
function isSystem(entry) {
  return entry.origin === "platform";
}

/** The catalog as a policy leaves it. @param {Policy} policy @param {import("./manifest.js").Manifest} manifest */
export function applied(policy, manifest) {
  const kept = manifest
    .only((name, entry) => {
      if (policy.hide_system && isSystem(entry)) return false;
      return matchesAny(name, policy.allow) && !matchesAny(name, policy.deny);
    })
    .withEffects(policy.effects);
  return kept.only((name, entry) => !isNamed(name, entry.effect, policy.approval.deny));
}

/** Whether a call waits for a person. @param {Policy} policy @param {string} name @param {Effect} effect */
export function asks(policy, name, effect) {
  return isNamed(name, effect, policy.approval.ask);
}

/** How strictly a capability's answers are held to their declaration: the longest matching glob wins. @param {Policy} policy @param {string} name @returns {ResultCheck} */
export function resultCheck(policy, name) {
  let longest = "";
  for (const glob of Object.keys(policy.resultsByName)) {
    if (glob.length > longest.length && matches(name, glob)) longest = glob;
  }
  return longest === "" ? policy.results : policy.resultsByName[longest];
}

/** An effect that is not known counts as a write. @param {string} name @param {Effect} effect @param {readonly string[]} rules */
function isNamed(name, effect, rules) {
  return rules.some((rule) => rule === effect || (effect === "unknown" && rule === "write") || matches(name, rule));
}

/** Whether a rule can be a glob over full names. @param {string} rule */
function isName(rule) {
  return rule.includes(".") || rule.includes("*");
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isTable(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Reads the sections and collects every problem. */
class Reader {
  /** @param {Record<string, unknown>} document */
  constructor(document) {
    this.document = document;
    /** @type {string[]} */
    this.problems = [];
  }

  /** @returns {Policy} */
  policy() {
    for (const [name, value] of Object.entries(this.document)) {
      const where = isTable(value) ? `[${name}]` : `${name}, which stands in no section,`;
      if (!SECTIONS.includes(name)) this.#refuse(`${where} is unknown; known sections are ${SECTIONS.join(", ")}`);
    }
    const capabilities = this.#section("capabilities", ["allow", "deny", "hide_system"]);
    const { check = "warn", ...byName } = this.#choices("results", CHECKS);
    for (const glob of Object.keys(byName)) {
      if (!isName(glob)) this.#refuse(`results: "${glob}" is neither check nor a name like "crm.add_*"`);
    }
    const effects = this.#choices("effects", EFFECTS);
    for (const name of Object.keys(effects)) {
      if (/[*?[]/.test(name)) this.#refuse(`effects: "${name}" must be one full name, "crm.add_note"`);
    }
    const egress = this.#section("egress", ["limit_characters", "mask"]);
    const limits = this.#limits(this.#section("limits", Object.keys(DEFAULT_LIMITS)), egress);
    const facades = this.#texts(this.#section("language", ["facades"]), "language", "facades", SAFE_MODULES);
    const unknown = facades.filter((name) => !SAFE_MODULES.includes(name));
    const allow = this.#texts(capabilities, "capabilities", "allow", ["*"]);
    const deny = this.#texts(capabilities, "capabilities", "deny", []);
    const hide_system = this.#truth(capabilities, "capabilities", "hide_system");
    const approval = this.#approval(this.#section("approval", ["ask", "deny", "expires_s"]));
    if (unknown.length > 0) this.#refuse(`language.facades: there is no facade for ${unknown.join(", ")}; there are ${SAFE_MODULES.join(", ")}`);
    const mask = this.#texts(egress, "egress", "mask", []);
    for (const pattern of mask) {
      if (!isPattern(pattern)) this.#refuse(`egress.mask: ${repr(pattern)} must be a record and a field, Client.taxId or *.iban`);
    }
    const audit = "audit" in this.document ? this.#audit() : null;
    if (this.problems.length > 0) throw new PolicyError(this.problems.join("; "));
    const made = { allow, deny, hide_system, effects, results: check, resultsByName: byName, approval, limits, facades, mask, audit };
    return Object.freeze(/** @type {Policy} */ (made));
  }

  /** @param {string} name @param {string[]} keys */
  #section(name, keys) {
    const section = this.document[name] ?? {};
    if (!isTable(section)) {
      this.#refuse(`${name} must be a table`);
      return {};
    }
    for (const key of Object.keys(section)) {
      if (!keys.includes(key)) this.#refuse(`${name}.${key} is unknown; known are ${[...keys].sort().join(", ")}`);
    }
    return section;
  }

  /** @param {Record<string, unknown>} section @param {string} name @param {string} key @param {readonly string[]} missing @returns {readonly string[]} */
  #texts(section, name, key, missing) {
    const value = section[key] ?? missing;
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    this.#refuse(`${name}.${key} must be a list of text, as in ${LISTS[key]}`);
    return missing;
  }

  /** @param {Record<string, unknown>} section @param {string} name @param {string} key */
  #truth(section, name, key) {
    const value = section[key] ?? false;
    if (typeof value !== "boolean") this.#refuse(`${name}.${key} must be true or false`);
    return value === true;
  }

  /** @param {string} name @param {string[]} allowed */
  #choices(name, allowed) {
    const section = this.document[name] ?? {};
    /** @type {Record<string, any>} */
    const chosen = {};
    if (!isTable(section)) {
      this.#refuse(`${name} must be a table`);
      return chosen;
    }
    for (const [key, value] of Object.entries(section)) {
      if (typeof value === "string" && allowed.includes(value)) chosen[key] = value;
      else if (isTable(value)) this.#refuse(`${name}.${key} is a table: write names with a dot in quotes, "${key}.name" = ...`);
      else this.#refuse(`${name}."${key}" must be one of ${allowed.join(", ")}`);
    }
    return chosen;
  }

  /** @param {Record<string, unknown>} section */
  #approval(section) {
    const ask = this.#texts(section, "approval", "ask", []);
    const deny = this.#texts(section, "approval", "deny", []);
    for (const rule of [...ask, ...deny]) {
      if (!EFFECTS.includes(rule) && !isName(rule)) {
        this.#refuse(`approval: "${rule}" is neither an effect nor a name like "crm.add_*"`);
      }
    }
    const expires = section.expires_s ?? 600;
    if (typeof expires === "number" && expires > 0 && expires <= LONGEST_S) return { ask, deny, expires_s: expires };
    this.#refuse("approval.expires_s must be a number of seconds above 0 and up to 86,400");
    return { ask, deny, expires_s: 600 };
  }

  /** What is recorded; the file itself is the desktop's. @returns {import("./audit.js").AuditRules} */
  #audit() {
    const section = this.#section("audit", ["arguments", "on_failure", ...OF_A_FILE]);
    for (const key of OF_A_FILE) {
      if (key in section) this.#refuse(`audit.${key} is of a file, and a page has none: it gives its records to onAudit; take it out`);
    }
    const made = { ...USUAL_RULES, ...section };
    if (!AUDITED_ARGUMENTS.includes(made.arguments)) this.#refuse(`audit.arguments must be one of ${AUDITED_ARGUMENTS.join(", ")}`);
    if (!ON_FAILURE.includes(made.on_failure)) this.#refuse(`audit.on_failure must be one of ${ON_FAILURE.join(", ")}`);
    return { arguments: made.arguments, on_failure: made.on_failure };
  }

  /** @param {Record<string, unknown>} section @param {Record<string, unknown>} egress */
  #limits(section, egress) {
    let limits = DEFAULT_LIMITS;
    const given = Object.entries(section).filter(([key]) => isLimit(key)).map(([key, value]) => [`limits.${key}`, key, value]);
    if ("limit_characters" in egress) {
      given.push(["egress.limit_characters", "value_characters", egress.limit_characters]);
      if ((section.value_characters ?? egress.limit_characters) !== egress.limit_characters) {
        this.#refuse("egress.limit_characters and limits.value_characters are one limit: give it once");
      }
    }
    for (const [place, key, value] of given) {
      try {
        limits = limitsWith(limits, { [/** @type {string} */ (key)]: value });
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        this.#refuse(`${place}${error.message.slice(/** @type {string} */ (key).length)}`);
      }
    }
    return limits;
  }

  /** @param {string} problem */
  #refuse(problem) {
    this.problems.push(problem);
  }
}
