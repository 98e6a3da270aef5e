// @ts-check
/** The playground: opens Code Mode over the wealth desk, and keeps editor, outcome and record of a run in step. */

import { askApproval } from "./approval_view.js";
import { showBoundary, showNoBoundary, showTokens } from "./boundary_view.js";
import { CallsView } from "./calls_view.js";
import { CatalogView } from "./catalog_view.js";
import { byId, fill, h, size } from "./dom.js";
import { Editor } from "./editor.js";
import { EXAMPLES } from "./examples.js";
import { showNoOutcome, showOutcome, showProblem, showRunning } from "./outcome_view.js";
import { openSession, readSettings } from "./session.js";
import { ofCodeMode, ofToolCalling } from "./tokens.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./editor.js").Finding} Finding */

const CHECK_AFTER_MS = 450; // a pause in typing
const PAST = ["boundary", "tokens"]; // what they show during a run is of the one before
const editor = new Editor(byId("snippet"), byId("copy"), byId("numbers"));
const calls = new CallsView();
const runButton = byId("run");
const dryRunButton = byId("dry-run");

/** @type {Session | null} */
let session = null;
/** Stops the run that is under way. @type {AbortController | null} */
let running = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let checkTimer;
let asked = 0;

function showNothing() {
  showNoOutcome();
  calls.clear();
  showNoBoundary();
}

// -- opening ------------------------------------------------------------------------------------------------------

async function open() {
  status("is-busy", "Loading");
  showNothing();
  CatalogView.wait();
  try {
    const settings = await readSettings();
    const wanted = new URLSearchParams(location.search).get("package") ?? "";
    const name = settings.packages.includes(wanted) ? wanted : settings.desk;
    showPackages(settings.packages, name);
    if (name !== settings.desk) showNoExamples();
    session = await openSession(name, name === settings.desk, { onProgress: showProgress, onApproval: askApproval, onCall: (/** @type {any} */ event) => calls.told(event) });
  } catch (error) {
    failed(error);
    return;
  }
  const { codeMode } = session;
  byId("environment").textContent = [`${codeMode.catalog.name} · catalog ${codeMode.catalog.digest}`, ...policyTexts(codeMode.policy)].join(" · ");
  byId("environment").title = byId("environment").textContent;
  byId("progress").hidden = true;
  status("is-ready", "Ready");
  byId("status-text").title = layersText(codeMode.layers);
  const catalog = new CatalogView(codeMode);
  catalog.onInsert = (text) => editor.insert(text);
  catalog.browse();
  runButton.disabled = dryRunButton.disabled = false;
  checkSoon();
}

/** A folder with several packages lets a person choose. @param {string[]} names @param {string} chosen */
function showPackages(names, chosen) {
  byId("packages-label").hidden = names.length < 2;
  fill(byId("packages"), ...names.map((name) => h("option", { value: name, selected: name === chosen }, name)));
  byId("packages").onchange = (/** @type {any} */ event) => location.assign(`?package=${encodeURIComponent(event.target.value)}`);
}

/** The examples are of the desk; for another package nobody in this page answers. */
function showNoExamples() {
  byId("examples-label").hidden = true;
  byId("question").textContent = "No app in this page answers for this package: its catalog, its definitions and the check before a run are here.";
  if (EXAMPLES.some(({ code }) => code === editor.text)) editor.text = "";
}

/** What the policy does that a person at the page meets. @param {any} policy */
function policyTexts({ approval, mask }) {
  return [
    ...(approval.ask.length > 0 ? [`a person is asked about ${approval.ask.join(", ")}`] : []),
    ...(mask.length > 0 ? [`${mask.join(", ")} masked`] : []),
  ];
}

/** What holds in this browser, a line each. @param {any} layers */
function layersText({ jspi, snapshot, worker }) {
  const own = [`calls suspend Python: ${jspi ? "on" : "off, a run is gone through again after each answer"}`, `snapshot of memory: ${snapshot ? "on" : "off"}`];
  return [...own, ...Object.entries(worker ?? {}).map(([name, said]) => `${name.replaceAll("_", " ")}: ${said}`)].join("\n");
}

/** @param {any} progress */
function showProgress({ step, loadedBytes, totalBytes }) {
  const bar = byId("progress");
  if (step === "assets" && totalBytes > 0) {
    bar.value = loadedBytes / totalBytes;
    status("is-busy", `Loading ${size(loadedBytes)} of ${size(totalBytes)}`);
  } else if (step === "python") {
    bar.removeAttribute("value");
    status("is-busy", "Starting Python");
  }
}

/** @param {any} error */
function failed(error) {
  byId("progress").hidden = true;
  byId("outcome").scrollIntoView({ block: "nearest" });
  status("is-bad", "Not started");
  CatalogView.giveUp();
  showProblem("Code Mode could not start", error?.message ?? String(error), () => {
    byId("progress").hidden = false;
    void open();
  });
}

/** @param {string} kind @param {string} text */
function status(kind, text) {
  byId("status").className = `status ${kind}`;
  byId("status-text").textContent = text;
}

// -- checking -----------------------------------------------------------------------------------------------------

function checkSoon() {
  clearTimeout(checkTimer);
  asked += 1;
  if (session === null || running) return;
  note("", "Checking after a pause");
  checkTimer = setTimeout(check, CHECK_AFTER_MS);
}

async function check() {
  const current = asked;
  if (session === null || editor.text.trim() === "") return note("", "Nothing to check");
  const outcome = await session.codeMode.check(editor.text);
  if (current === asked && !running) showFindings(outcome);
}

/** @param {any} outcome */
function showFindings({ ok, error }) {
  if (ok) return note("is-good", "Checked: nothing found, nothing has run");
  /** @type {Finding[]} */
  const findings = [error, ...(error.others ?? [])];
  editor.show(findings.filter((one) => one.line !== null));
  return fill(byId("findings"), ...findings.map(found));
}

/** @param {Finding} finding */
function found(finding) {
  return h(
    "button.finding",
    { type: "button", onclick: () => editor.go(finding) },
    h("span.place", {}, finding.line === null ? "run" : `line ${finding.line}`),
    h("span.kind", {}, finding.kind),
    h("span", {}, finding.message, finding.hint ? h("small", {}, ` — ${finding.hint}`) : null),
  );
}

/** @param {string} kind @param {string} text */
function note(kind, text) {
  fill(byId("findings"), h("p", { className: `calm ${kind}` }, text));
}

// -- running ------------------------------------------------------------------------------------------------------

/** @param {boolean} isDry */
async function run(isDry) {
  if (session === null || running !== null) return;
  const code = editor.text;
  running = new AbortController();
  asked += 1;
  clearTimeout(checkTimer);
  dryRunButton.disabled = true;
  fill(runButton, "Stop ", h("kbd", {}, "Esc"));
  status("is-busy", isDry ? "Dry run" : "Running");
  showRunning();
  note("", isDry ? "In a dry run" : "Running");
  for (const id of PAST) byId(id).classList.add("is-past");
  session.recorder.clear();
  calls.begin();
  try {
    const outcome = await session.codeMode.execute(code, { dryRun: isDry, signal: running.signal });
    await showWhatHappened(code, outcome);
  } catch (error) {
    calls.end([]);
    showProblem("The run could not be made", /** @type {any} */ (error)?.message ?? String(error), null);
  }
  running = null;
  for (const id of PAST) byId(id).classList.remove("is-past");
  dryRunButton.disabled = false;
  fill(runButton, "Run ", h("kbd", {}, "Ctrl ↵"));
  status("is-ready", "Ready");
}

/** @param {string} code @param {any} outcome */
async function showWhatHappened(code, outcome) {
  const { codeMode, recorder, tools } = /** @type {Session} */ (session);
  const told = outcome.text();
  const isStopped = running?.signal.aborted === true && outcome.error?.kind === "worker_lost";
  showOutcome(outcome, told, isStopped);
  calls.end(outcome.calls);
  if (isStopped) note("", "Stopped by you");
  else if (outcome.error) showFindings(outcome);
  else note("is-good", "Checked and run");
  showBoundary(recorder.passed, told, recorder.audited);
  const used = [...codeMode.catalog.capabilities.keys()].filter((name) => code.includes(`${name}(`));
  const defined = used.length > 0 ? await codeMode.get(used) : "";
  const ours = ofCodeMode({ specs: codeMode.toolSpecs("openai"), listed: await codeMode.list(), defined, code, told });
  showTokens(ours, ofToolCalling(tools, recorder.passed));
}

// -- the page -----------------------------------------------------------------------------------------------------

const examples = byId("examples");
fill(examples, ...EXAMPLES.map(({ title }, index) => h("option", { value: String(index) }, title)));

function chooseExample() {
  const { question, code } = EXAMPLES[Number(examples.value)];
  byId("question").textContent = question;
  editor.text = code;
  if (session !== null && running === null) showNothing();
}

examples.onchange = chooseExample;
editor.onChange = checkSoon;
runButton.onclick = () => (running === null ? run(false) : running.abort());
dryRunButton.onclick = () => run(true);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("approval").open) running?.abort();
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || byId("approval").open) return;
  event.preventDefault();
  void run(event.shiftKey);
});
chooseExample();
void open();
