// Answers for the page what tests ask of both languages: a room, then cases, as JSON on standard input.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { browser, schemas, validator, room, cases } = JSON.parse(readFileSync(0, "utf8"));
const at = (name) => import(pathToFileURL(`${browser}/${name}`).href);
const table = (name) => JSON.parse(readFileSync(`${schemas}/${name}`, "utf8"));

const { useMessages } = await at("messages.js");
useMessages(table("messages.json"));
const values = await at("values.js");
const { parse, compact } = values;

async function manifestOf(folder, policy = {}) {
  const { Manifest } = await at("manifest.js");
  const { applied, readPolicy } = await at("policy.js");
  const read = async (path) => readFileSync(`${folder}/${path}`, "utf8");
  const manifest = Manifest.of(JSON.parse(await read("manifest.json")), read);
  const enforced = readPolicy(policy);
  return { manifest: applied(enforced, manifest), policy: enforced };
}

async function compilerOf() {
  const { compiler } = await at("schemas.js");
  return compiler(await import(pathToFileURL(validator).href));
}

async function validation() {
  const compile = await compilerOf();
  const known = new Map();
  return {
    findings(schema, value) {
      if (!known.has(schema)) known.set(schema, compile(schema));
      return known.get(schema).findings(value);
    },
  };
}

/** What an act gives, or the error it ends in. */
async function told(act) {
  try {
    return { value: await act() };
  } catch (error) {
    return { error: error.constructor.name, message: error.message };
  }
}

const ROOMS = {
  async text({ text, start, end }) {
    const { length, slice, repr, isPrintable, width, isIdentifier, oneLine, byteLength } = await at("text.js");
    return {
      length: length(text),
      slice: slice(text, start, end),
      repr: repr(text),
      printable: [...text].map(isPrintable),
      widths: [...text].map(width),
      identifier: isIdentifier(text),
      one_line: oneLine(text),
      bytes: byteLength(text),
    };
  },
  async json(text) {
    return told(() => compact(parse(text)));
  },
  async glob({ name, glob }) {
    return (await at("glob.js")).matches(name, glob);
  },
  async nearest({ name, known, most, cutoff }) {
    return (await at("nearest.js")).nearest(name, known, { most, cutoff });
  },
  async gate({ text, limit_bytes }) {
    const { gate } = await at("source.js");
    return gate(text, limit_bytes);
  },
  async policy({ document, package: folder }) {
    return told(async () => {
      const { asks, resultCheck } = await at("policy.js");
      const { manifest, policy } = await manifestOf(folder, document);
      const entries = [...manifest.capabilities];
      return {
        effects: Object.fromEntries(entries.map(([name, entry]) => [name, entry.effect])),
        asks: entries.filter(([name, entry]) => asks(policy, name, entry.effect)).map(([name]) => name),
        checks: Object.fromEntries(entries.map(([name]) => [name, resultCheck(policy, name)])),
        globals: Object.fromEntries(manifest.globalFunctions),
        limits: policy.limits,
      };
    });
  },
  async admit({ package: folder, name, arguments: given }) {
    const { Admission } = await at("admission.js");
    const { manifest, policy } = await manifestOf(folder);
    const admitted = await new Admission(manifest, policy, await validation()).admit(name, parse(given));
    if (admitted.isRefused) return { kind: admitted.kind, message: admitted.message, signature: admitted.signature, hint: admitted.hint };
    const { kind, name: wire, accepts = null, returns = null, take = 10, takeForS = 5, target = "best", waitForS = 0 } = admitted.route;
    const route = { kind, name: wire, accepts, returns, take, take_for_s: takeForS, target, wait_for_s: waitForS };
    return { arguments: admitted.arguments, route, given: values.plain(admitted.given) };
  },
  async judge({ package: folder, policy: document, name, arguments: given, answer }) {
    const { Admission } = await at("admission.js");
    const { manifest, policy } = await manifestOf(folder, document);
    const admission = new Admission(manifest, policy, await validation());
    const judged = await admission.judge(await admission.admit(name, given), answer);
    return judged !== null && typeof judged === "object" ? { kind: judged.kind, message: judged.message, signature: judged.signature, hint: judged.hint } : judged;
  },
  async stand_in({ schema }) {
    const { standIn } = await at("stand_ins.js");
    const { findings } = await validation();
    const { compact } = await at("values.js");
    return compact(await standIn(schema, async (value) => findings(schema, value).length === 0));
  },
  async schema({ schema, value }) {
    return told(async () => (await validation()).findings(schema, value));
  },
  async quick({ schema, values: given }) {
    const { fitsForSure } = await at("quick.js");
    return given.map((value) => fitsForSure(schema, value));
  },
  async egress({ package: folder, mask, limit, answers, value, text, characters }) {
    const { Egress } = await at("egress.js");
    const { Masks } = await at("masking.js");
    const { manifest } = await manifestOf(folder);
    const egress = new Egress({ limitCharacters: limit, masks: mask.length > 0 ? new Masks(mask, manifest) : null });
    for (const [name, answer] of answers) egress.takeAnswer(name, parse(answer));
    const [shown, truncated] = egress.value(parse(value));
    return {
      value: compact(shown),
      truncated: truncated === null ? null : { ...truncated, preview: compact(truncated.preview) },
      text: egress.text(text, characters),
      masks: egress.recordMasks,
    };
  },
  async ending({ message, source, limits, calls, notes, is_dry_run }) {
    const { done, failed, dryRunNotes } = await at("ending.js");
    const { Egress } = await at("egress.js");
    const { Outcome } = await at("outcome.js");
    const { decode } = await at("frames.js");
    const { DEFAULT_LIMITS, limitsWith } = await at("limits.js");
    const all = limitsWith(DEFAULT_LIMITS, limits);
    const egress = new Egress({ limitCharacters: all.value_characters });
    const known = { source, onlyReview: false, limits: all, calls, notes, refusals: new Map(), egress };
    const decoded = decode(message, all.call_bytes);
    const made = decoded.type === "done" ? done(decoded, known) : failed(decoded, known);
    if (made === null) return null;
    const further = is_dry_run ? dryRunNotes(calls) : [];
    const outcome = new Outcome({ ...made, calls, notes: [...further, ...made.notes], catalog: "7f3a91c2" });
    return { text: outcome.text(), json: outcome.toJSON() };
  },
  async frame({ text, limit_bytes }) {
    const { decode } = await at("frames.js");
    return told(() => {
      const { type } = decode(text, limit_bytes);
      return type;
    });
  },
  async weight(text) {
    const { weightOf } = await at("frames.js");
    return weightOf(text);
  },
  async conversation(messages) {
    const { Conversation } = await at("bridge.js");
    const conversation = new Conversation();
    const states = [];
    for (const message of messages) {
      const { error } = await told(() => {
        if (message.type === "run") conversation.runSent();
        else if (message.type === "replied") conversation.replied(message.id);
        else if (message.type === "woken") conversation.woken(message.id);
        else conversation.receive(message, message.weight ?? 0);
      });
      states.push(error ?? `${conversation.state} ${conversation.waitingBytes}`);
    }
    return states;
  },
  async list({ package: folder, policy, query, namespace, kind, limit }) {
    const { listText } = await at("lookup/listing.js");
    const { vocabularyOf } = await at("lookup/words.js");
    const { manifest } = await manifestOf(folder, policy);
    return told(() => listText(manifest, vocabularyOf(table("search_words.json")), query, { namespace, kind, limit }));
  },
  async definitions({ package: folder, policy, names, detail }) {
    const { definitionsText } = await at("lookup/definitions.js");
    return told(async () => definitionsText((await manifestOf(folder, policy)).manifest, names, detail));
  },
  async stubs({ package: folder, policy, names }) {
    const { stubsMessage } = await at("lookup/needs.js");
    return stubsMessage((await manifestOf(folder, policy)).manifest, names);
  },
  async approval({ package: folder, name, given }) {
    const { requestOf } = await at("approval.js");
    const { manifest } = await manifestOf(folder);
    const arguments_ = parse(given);
    return requestOf(name, manifest.capabilities.get(name), arguments_, arguments_, 600).sentence;
  },
  async governed({ package: folder, policy: document, calls, value, text, characters, key }) {
    return told(async () => {
      const { Admission } = await at("admission.js");
      const { requestOf } = await at("approval.js");
      const { Audit } = await at("audit.js");
      const { Egress } = await at("egress.js");
      const { Masks } = await at("masking.js");
      const { asks } = await at("policy.js");
      const { manifest, policy } = await manifestOf(folder, document);
      const admission = new Admission(manifest, policy, await validation());
      const masks = policy.mask.length > 0 ? new Masks(policy.mask, manifest) : null;
      const egress = new Egress({ limitCharacters: policy.limits.value_characters, masks });
      const records = [];
      const rules = { arguments: "hash", on_failure: "stop" };
      const audit = new Audit({ rules, manifest, onAudit: (record) => records.push(record), key: Uint8Array.from(Buffer.from(key, "hex")) });
      const hashed = async (name, given) => {
        await audit.sending({ id: "", egress }, audit.called({ id: 1, name, arguments: given }, given), "write");
        return records.at(-1).arguments;
      };
      const made = [];
      for (const { name, arguments: given, answer } of calls) {
        const asked = parse(given);
        const admitted = await admission.admit(name, asked);
        const recorded = await hashed(name, admission.given(name, asked));
        if (admitted.isRefused) {
          made.push({ recorded, kind: admitted.kind, message: admitted.message, signature: admitted.signature, hint: admitted.hint });
          continue;
        }
        const { entry, given: sent } = admitted;
        const shown = egress.arguments(entry.parameters, sent);
        const judged = await admission.judge(admitted, values.plain(parse(answer))); // as an app gives it
        egress.takeAnswer(name, parse(answer));
        made.push({
          recorded,
          wire: compact(admitted.arguments),
          shown: compact(shown),
          asks: asks(policy, name, entry.effect),
          question: requestOf(name, entry, sent, shown, 600).sentence,
          judged: judged !== null && typeof judged === "object" ? { kind: judged.kind, message: judged.message } : judged,
        });
      }
      const [left, truncated] = egress.value(parse(value));
      return {
        made,
        left: compact(left),
        truncated: truncated === null ? null : { ...truncated, preview: compact(truncated.preview) },
        text: egress.text(text, characters),
        masks: egress.recordMasks,
      };
    });
  },
  async specs({ style, profile, effects }) {
    const { specs } = await at("tools.js");
    return told(() => specs(style, profile, new Set(effects)));
  },
  async tool({ name, arguments: given, profile }) {
    const { answer } = await at("tools.js");
    const fake = {
      list: async (query = "", options = {}) => JSON.stringify(["list", query, options]),
      get: async (names, options) => JSON.stringify(["get", names, options]),
      execute: async (code, { dryRun }) => ({ ok: true, text: () => JSON.stringify(["execute", code, dryRun]) }),
    };
    const { text, isError } = await answer(fake, name, given, profile);
    return { text, is_error: isError };
  },
};

const answers = [];
for (const one of cases) answers.push(await ROOMS[room](one));
process.stdout.write(JSON.stringify(answers));
