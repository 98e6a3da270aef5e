/** Code Mode in a page: typed face of `codemode.js`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Effect = "read" | "write" | "destructive" | "unknown";
export type Kind = "method" | "stream" | "intent" | "fdc3_intent" | "context";
export type ToolStyle = "mcp" | "openai" | "openai-responses" | "anthropic";
export type Profile = "three" | "two";

/**
 * Opens a package: fetches it and the engine's files, and starts Python. Each message of an error says how to mend it.
 *
 * @example
 * const codeMode = await createCodeMode({ package: "/codemode/packages/my_desk/", io, onApproval: ({ sentence }) => confirm(sentence) });
 * const outcome = await codeMode.execute('crm.get_client("CL-10024").adviser');
 * const read = outcome.text(); // what goes to the model
 *
 * @throws {UsageError} The options are not as documented; an option that there isn't is refused.
 * @throws {PackageError} There is no package at that address, or it was made for another version.
 * @throws {PolicyError} The policy can't be enforced; every problem is named.
 * @throws {EngineError} The engine can't start; `code` says why.
 * @throws {unknown} The reason of `signal`.
 */
export function createCodeMode(options: CodeModeOptions): Promise<CodeMode>;

export interface CommonOptions {
  /** Address of a generated package's folder, relative to the page, or the package itself. */
  package: string | URL | PackageFiles;
  /** What `codemode.toml` has, as JSON, or the address of that. Default: `policy.json` of the package; `{}` allows all of the catalog, and asks about nothing. */
  policy?: PolicyDocument | string | undefined;
  /** Limits that go before the policy's. */
  limits?: Partial<Limits> | undefined;
  /** Folder of the engine's files, the one with `assets.json`; of the page's own origin. Default: where this module lies. */
  assets?: string | URL | undefined;
  /** How many tools a model is offered. Default: `three`; in `two` one tool lists functions and gives definitions. */
  profile?: Profile | undefined;
  /** Told how far the start has come. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Asked before a call that the policy asks about; anything but `true` refuses. Without it such a run is paused: see `resume`. */
  onApproval?: ((request: ApprovalRequest) => boolean | Promise<boolean>) | undefined;
  /** Told of each call when it comes, and when it has ended. */
  onCall?: ((event: CallEvent) => void) | undefined;
  /**
   * Takes the records of the audit, one after another; a promise of it is waited for. Where it throws, rejects or takes more
   * than 10 s, the run stops and nothing leaves, unless policy says `on_failure = "go_on"`.
   */
  onAudit?: ((record: AuditRecord) => void | Promise<void>) | undefined;
  /** 32 bytes under which arguments are hashed; without it each opened package has a key of its own, which nobody gets. Only with `onAudit`. */
  auditKey?: Uint8Array | undefined;
  /** Who the snippets run for, in the page's words; stands in the audit. Only with `onAudit`. */
  principal?: string | undefined;
  /** Gives a start up that is under way: it rejects with the signal's reason, and leaves no worker and no frame. Later it is without effect: `dispose()`. */
  signal?: AbortSignal | undefined;
}

/** One record of the audit, a line of the desktop's: `JSON.stringify` and a line end make it one. */
export type AuditRecord = AuditedSending | AuditedCall | AuditedRun | AuditedGap;

export interface AuditedSending {
  type: "sending";
  /** UTC. */
  at: string;
  run: string;
  who: string | null;
  /** Its number in the run, from 1. */
  call: number;
  capability: string;
  effect: Effect;
  /** A keyed hash, the names, or all without masked values, as policy says. */
  arguments: string | string[] | Record<string, any>;
}

export interface AuditedCall extends Omit<AuditedSending, "type"> {
  type: "call";
  state: CallState;
  /** Kind of the error that the snippet got. */
  error: string | null;
  ms: number;
  answer_bytes: number;
}

export interface AuditedRun {
  type: "run";
  at: string;
  run: string;
  who: string | null;
  catalog: string;
  /** SHA-256 of its source. */
  snippet: string;
  inputs: string[];
  kind: "run" | "dry_run" | "review";
  /** The run that this one goes on with after an approval. */
  resumes: string | null;
  ok: boolean;
  error: string | null;
  ms: number;
  calls: Partial<Record<CallState, number>>;
  left: {
    kind: "value" | "printed" | "preview" | "error" | "nothing";
    bytes: number;
    printed_bytes: number;
    value_bytes: number | null;
    masked_fields: string[];
    masked: number;
  };
}

/** So many records before this one could not be taken. */
export interface AuditedGap {
  type: "gap";
  at: string;
  who: string | null;
  missing: number;
}

/** What carries the calls: exactly one of a function of the page's own, an io.Connect client, an FDC3 desktop agent. */
export type CodeModeOptions = CommonOptions &
  (
    | { invoke: Invoke; io?: undefined; fdc3?: undefined }
    | { io: IoClient; invoke?: undefined; fdc3?: undefined }
    | { fdc3: Fdc3Agent; invoke?: undefined; io?: undefined }
  );

/** What `IOBrowser()`, `IODesktop()` or `Glue()` gives, once it is awaited. */
export interface IoClient {
  readonly interop: object;
}

/** What FDC3's `getAgent()` gives, once it is awaited: a `DesktopAgent` of version 2.2. */
export interface Fdc3Agent {
  findIntent(...args: any[]): Promise<any>;
  raiseIntent(...args: any[]): Promise<any>;
}

/** A package in memory: its manifest, the text of each file by its path, and its policy. */
export interface PackageFiles {
  /** What `manifest.json` has. */
  manifest: object;
  /** Each file that the manifest names; one that is missing ends the run that needs it. */
  files?: Record<string, string> | undefined;
  /** Without it, and without the option `policy`, all of the catalog is allowed. */
  policy?: PolicyDocument | undefined;
}

/**
 * Answers a call with plain JSON, or a promise of it. What it throws is the app's own error, and reaches the snippet as
 * `AppError`; with an `UnavailableError` it says that no app has answered.
 *
 * @param name The method's name on the wire; `intent:<Name>` of an intent, `context:<Name>` of a shared context or a channel.
 * @param args As they are sent, by the wire's names.
 */
export type Invoke = (name: string, args: Record<string, any>, call: InvokeCall) => unknown;

export interface InvokeCall {
  kind: Kind;
  /** The apps that declare it. */
  apps: string[];
  /** Seconds after which the answer counts as missing. */
  timeoutS: number;
  /** Aborted when the time of the call, or the run, is over. */
  signal: AbortSignal;
  /** Which of several apps, by its name or instance; asked once for each that is named. */
  target?: string;
  /** Of a stream: how many events are the answer, and after how many seconds it is what has come. */
  take?: number;
  takeForS?: number;
}

/** The sections of `codemode.toml`; a section, key or value that is not enforced is refused. Globs are over full names: `crm.get_*`. */
export interface PolicyDocument {
  /** Globs of what an agent may see and call. Defaults: `["*"]`, `[]`, false. */
  capabilities?: { allow?: string[]; deny?: string[]; hide_system?: boolean };
  /** What capabilities do, by full name, in the place of what the catalog says. */
  effects?: Record<string, Effect>;
  /** Effects or globs that a person is asked about, or that are not there at all; seconds until a question counts as refused, up to a day. Defaults: `[]`, `[]`, 600. */
  approval?: { ask?: (Effect | (string & {}))[]; deny?: (Effect | (string & {}))[]; expires_s?: number };
  /** How strictly answers are held to their declaration: `check` for all, others by glob, of which the longest counts. Default: `warn`. */
  results?: Record<string, "strict" | "warn" | "off">;
  /** What may leave: `limit_characters` is `value_characters` of the limits, `mask` has fields of records, `Client.phone` or `*.iban`. */
  egress?: { limit_characters?: number; mask?: string[] };
  /** What is recorded; needs `onAudit`. Defaults: `hash`, `stop`. */
  audit?: { arguments?: "hash" | "names" | "full"; on_failure?: "stop" | "go_on" };
  limits?: Partial<Limits>;
  /** Modules that snippets may import. Default: all that there are. */
  language?: { facades?: string[] };
}

/** Limits of a run; each is above 0, seconds are at most a day, the others whole numbers. */
export interface Limits {
  /** Seconds the snippet itself may run; waiting for apps doesn't count. Default: 10. */
  timeout_s: number;
  /** Seconds from the start to the outcome, waiting for apps included, and for a person not. Default: 60. */
  total_s: number;
  /** Seconds one call may wait for its app. Default: 30. */
  call_timeout_s: number;
  /** What the worker's memory may grow to; at least 64 MiB. Default: 536,870,912. */
  memory_bytes: number;
  /** Calls in one run; without JSPI at most 200. Default: 1,000. */
  calls: number;
  /** Calls that may wait for apps at the same time; further ones queue. Default: 32. */
  calls_at_once: number;
  /** Size of one message of the worker: the arguments of its calls, or its outcome; at least 4,096. Default: 8,388,608. */
  call_bytes: number;
  /** Size of a value, as compact JSON, that leaves as a whole; of more a preview leaves. Default: 20,000. */
  value_characters: number;
  /** Size of the printed text that leaves. Default: 4,000. */
  printed_characters: number;
  /** Size of a snippet, in UTF-8. Default: 65,536. */
  code_bytes: number;
}

export interface Progress {
  /** Fetching, starting Python, done. */
  step: "assets" | "python" | "ready";
  /** As unpacked: `loadedBytes` reaches `totalBytes` when all is there. */
  loadedBytes: number;
  totalBytes: number;
}

export interface ApprovalRequest {
  /** Full Python name. */
  capability: string;
  /** As they will be sent; whole, and not masked as in the sentence. */
  arguments: Record<string, any>;
  effect: Effect;
  /** What the snippet wants, in our own words, bounded, on one line. */
  sentence: string;
  /** Seconds until it counts as refused. */
  expires_s: number;
}

/**
 * `finished`: the app has answered. `failed`: with an error. `refused`: nothing was sent. `unfinished`: what the app has
 * done is not known. `held`: it waits for approval, nothing was sent. `not_called`: a dry run answered it.
 */
export type CallState = "finished" | "failed" | "refused" | "unfinished" | "held" | "not_called";

export interface CallEvent {
  /** The call's number in its run, from 1. */
  id: number;
  /** Full Python name. */
  name: string;
  effect: Effect;
  state: CallState | "started";
  /** Since the run began. */
  atMs: number;
  elapsedMs: number;
  /** Size of the answer. */
  bytes: number;
}

export interface ExecuteOptions {
  /** Globals of the snippet: JSON values by name. */
  inputs?: Record<string, any> | undefined;
  /** Read for real; list the calls that would change something, make none. Default: false. */
  dryRun?: boolean | undefined;
  /** Ends the run, also one that waits: its outcome comes at once, of the kind `worker_lost`. */
  signal?: AbortSignal | undefined;
}

/**
 * An opened package. Up to eight snippets run at a time, each in a worker of its own; further ones wait for their turn.
 * Methods reject with a `UsageError` for wrong use, and once it is disposed of.
 */
export class CodeMode {
  private constructor();
  /** The catalog as policy leaves it. */
  readonly catalog: Catalog;
  /** What holds in this browser. */
  readonly layers: Layers;
  /** The policy in force, defaults and limits among it. */
  readonly policy: Policy;
  /**
   * The list of what there is, or of what answers a query, as a model reads it.
   *
   * @param options `limit` is from 1 to 200. Default: 20.
   */
  list(query?: string, options?: { namespace?: string | null | undefined; kind?: Kind | null | undefined; limit?: number | undefined }): Promise<string>;
  /**
   * The definitions of these functions and of the types they need, as a model reads them.
   *
   * @param names Full names, globs (`crm.find_*`) or namespaces.
   * @param options `full` has each parameter's description too. Default: `signature`.
   */
  get(names: readonly string[], options?: { detail?: "signature" | "full" | undefined }): Promise<string>;
  /** Runs a snippet. Rejects for wrong use only: what a snippet, an app or a worker does wrong is an outcome. */
  execute(code: string, options?: ExecuteOptions): Promise<Outcome>;
  /** Reviews a snippet and checks it against the definitions, with the names of its inputs known; nothing runs. */
  check(code: string, options?: { inputs?: Record<string, any> | undefined }): Promise<Outcome>;
  /** What a person is to be asked before a paused run can go on; for the page's own eyes. */
  approvalRequests(approvalId: string): ApprovalRequest[];
  /** Goes on with a paused run: what it has called is not called again. An id is used up by it. */
  resume(approvalId: string, approved: boolean): Promise<Outcome>;
  /** The specifications of the model's tools. Default: `mcp`. */
  toolSpecs(style?: ToolStyle, options?: { profile?: Profile | undefined }): Record<string, any>[];
  /** Answers a model's tool call with text. What the model does wrong is answered, not thrown. */
  callTool(name: string, args: Record<string, any>): Promise<string>;
  /** The same with the outcome behind it, and whether the model went wrong. */
  answerTool(name: string, args: Record<string, any>): Promise<{ text: string; isError: boolean; outcome: Outcome | null }>;
  /** Ends all runs and workers, and takes the frame away. May be called twice. */
  dispose(): void;
}

export interface Catalog {
  /** Of the environment. */
  name: string;
  /** Another one for another catalog; stands in each outcome. */
  digest: string;
  namespaces: ReadonlyMap<string, { summary: string; module: string; capabilities: string[] }>;
  /** By full Python name. */
  capabilities: ReadonlyMap<string, Capability>;
  types: ReadonlyMap<string, { kind: "record" | "alias"; definition: string }>;
}

export interface Capability {
  kind: Kind;
  /** Its name on the wire. */
  wire: string;
  /** The apps that declare it. */
  apps: string[];
  effect: Effect;
  parameters: { name: string; type: string; required: boolean }[];
  /** Type of the result. */
  returns: string;
  /** On one line: `crm.get_client(id: str) -> Client`. */
  signature: string;
  summary: string;
}

/** A policy as it is enforced; what it means is said at `PolicyDocument`. */
export interface Policy {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly hide_system: boolean;
  readonly effects: Readonly<Record<string, Effect>>;
  readonly results: "strict" | "warn" | "off";
  readonly resultsByName: Readonly<Record<string, "strict" | "warn" | "off">>;
  readonly approval: { readonly ask: readonly string[]; readonly deny: readonly string[]; readonly expires_s: number };
  readonly limits: Readonly<Limits>;
  readonly facades: readonly string[];
  readonly mask: readonly string[];
  readonly audit: { readonly arguments: "hash" | "names" | "full"; readonly on_failure: "stop" | "go_on" } | null;
}

export interface Layers {
  /** Whether calls suspend Python; without it a run is gone through again after each answer. */
  jspi: boolean;
  /** Whether workers start from a snapshot of memory. */
  snapshot: boolean;
  /** How many calls a run may make here: 200 without JSPI, else Infinity. */
  mostCalls: number;
  /** What a worker said of its own layers: `on`, or `off: ` and why. */
  worker: Record<string, string>;
}

/** What came of a run, with the fields of the desktop's outcome. */
export interface Outcome {
  /** The snippet ran to its end; else `error` says why it did not. */
  readonly ok: boolean;
  /** Of the last expression, as plain JavaScript: a whole number beyond 2**53 is rounded. Null too where it is truncated or the run failed. */
  readonly value: Json;
  readonly printed: string;
  /** Every call in order. `arguments` has what a dry run would have sent. */
  readonly calls: { name: string; effect: Effect; state: CallState; elapsed_ms: number; bytes: number; arguments?: any }[];
  readonly error: OutcomeError | null;
  /** Of a value that is larger than may leave: its beginning, its size, and how to narrow it. */
  readonly truncated: { bytes: number; limit_bytes: number; preview: Json; hint: string } | null;
  /** Digest of the catalog that it was checked against. */
  readonly catalog: string;
  readonly elapsed_s: number;
  /** What a reader should know besides. */
  readonly notes: string[];
  /** As the model reads it, with the exact digits of numbers; of a failed run at most 800 characters. */
  text(): string;
  /** As JSON, field by field that of the desktop. */
  toJSON(): Record<string, any>;
}

/** Why a run has failed, in words that do not change with versions. */
export type ErrorKind =
  | "syntax"
  | "not_allowed"
  | "unknown_name"
  | "type_error"
  | "argument"
  | "result_shape"
  | "app_error"
  | "app_unavailable"
  | "denied"
  | "approval_needed"
  | "timeout"
  | "memory"
  | "call_limit"
  | "output_limit"
  | "stale_definitions"
  | "snippet_error"
  | "worker_lost"
  | "internal";

export interface OutcomeError {
  kind: ErrorKind;
  message: string;
  /** From 1. */
  line: number | null;
  /** From 1, in characters; so is `end_column`, which is behind the last one. */
  column: number | null;
  end_column: number | null;
  /** That line of the snippet, or the part of it around the column, which begins at `source_column`. */
  source: string | null;
  source_column: number;
  /** Of the function that was called wrongly. */
  signature: string | null;
  hint: string | null;
  /** What has happened to the world. */
  state: string;
  /** Where the kind is `approval_needed`: what `resume` goes on with. */
  approval_id: string | null;
  /** What else was found before anything ran; up to four. */
  others: OutcomeError[];
}

/** Everything that the page's side throws, but for the engine's. */
export class CodeModeError extends Error {
  /** The kind of an outcome that it would be. */
  kind: ErrorKind;
}
/** The API was used wrongly. */
export class UsageError extends CodeModeError {}
/** A generated package can't be read, or its parts do not fit together. */
export class PackageError extends CodeModeError {}
/** A policy can't be enforced. */
export class PolicyError extends CodeModeError {}
/** A worker has broken the protocol: it ends its run and is never thrown at the page. */
export class FrameError extends CodeModeError {}
/** A call gave no answer; `invoke` may throw these, and a snippet can catch them. */
export class CallError extends CodeModeError {}
/** The app has answered with an error of its own. */
export class AppError extends CallError {}
/** The arguments do not fit; nothing was sent. */
export class ArgumentError extends CallError {}
/** The call was refused; nothing was sent. */
export class DeniedError extends CallError {}
/** No running app offers it, it has left, or it did not answer in time. By itself it says that the call may have reached an app. */
export class UnavailableError extends CallError {
  constructor(message: string, known?: { wasSent?: boolean; isRunning?: boolean; choices?: readonly string[] });
  /** The call may have reached an app: then what the app has done is not known. */
  wasSent: boolean;
  /** An app that offers it runs, as far as that is known. */
  isRunning: boolean;
  /** The apps that the user has to choose from. */
  choices: readonly string[];
}

/** The engine can't start or go on. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
}

export type EngineErrorCode =
  | "no_webassembly"
  | "insecure_page"
  | "wrong_manifest"
  | "missing_asset"
  | "tampered_asset"
  | "frame_blocked"
  | "not_isolated"
  | "worker_failed"
  | "disposed";
