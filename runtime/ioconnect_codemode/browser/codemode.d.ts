/** Code Mode in a page: typed face of `codemode.js`. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Effect = "read" | "write" | "destructive" | "unknown";
export type Kind = "method" | "stream" | "intent" | "fdc3_intent" | "context";
export type ToolStyle = "mcp" | "openai" | "openai-responses" | "anthropic";
export type Profile = "three" | "two";

/** Opens a package. Rejects with a `CodeModeError` or an `EngineError`; the message says how to mend it. */
export function createCodeMode(options: CodeModeOptions): Promise<CodeMode>;

export interface CommonOptions {
  /** Address of a generated package's folder, or the package itself. */
  package: string | URL | PackageFiles;
  /** What `codemode.toml` has, as JSON, or the address of that; default: `policy.json` of the package. */
  policy?: PolicyDocument | string;
  /** Limits that go before the policy's. */
  limits?: Partial<Limits>;
  /** Folder of the engine's files, of the page's own origin; default: where this module lies. */
  assets?: string | URL;
  /** How many tools a model is offered; default: `three`. */
  profile?: Profile;
  /** Told how far the start has come. */
  onProgress?: (progress: Progress) => void;
  /** Asked before a call that the policy asks about; anything but `true` refuses. Without it such a run is paused. */
  onApproval?: (request: ApprovalRequest) => boolean | Promise<boolean>;
  /** Told of each call when it comes, and when it has ended. */
  onCall?: (event: CallEvent) => void;
  /**
   * Takes the records of the audit, one after another; a promise of it is waited for. Where it throws, rejects or takes more
   * than 10 s, the run stops and nothing leaves, unless policy says `on_failure = "go_on"`.
   */
  onAudit?: (record: AuditRecord) => void | Promise<void>;
  /** 32 bytes under which arguments are hashed; without it each opened package has a key of its own, which nobody gets. */
  auditKey?: Uint8Array<ArrayBuffer>;
  /** Who the snippets run for, in the page's words; stands in the audit. */
  principal?: string;
  /** Gives a start up that is under way: it rejects with the signal's reason, and leaves no worker and no frame. Later it is without effect: `dispose()`. */
  signal?: AbortSignal;
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
    | { io: object; invoke?: undefined; fdc3?: undefined }
    | { fdc3: object; invoke?: undefined; io?: undefined }
  );

/** A package in memory: its manifest, the text of each file by its path, and its policy. */
export interface PackageFiles {
  manifest: object;
  files?: Record<string, string>;
  policy?: PolicyDocument;
}

/** Answers a call. An intent's name is `intent:<Name>`; what is thrown is the app's own error. */
export type Invoke = (name: string, args: Record<string, any>, call: InvokeCall) => unknown;

export interface InvokeCall {
  kind: Kind;
  /** The apps that declare it. */
  apps: string[];
  /** After this the answer counts as missing, and `signal` is aborted. */
  timeoutS: number;
  signal: AbortSignal;
  /** Which of several apps, by its name or instance; asked once for each that is named. */
  target?: string;
  /** Of a stream: how many events are the answer, and after how many seconds it is what has come. */
  take?: number;
  takeForS?: number;
}

/** The sections of `codemode.toml`; a key that is not enforced is refused. */
export interface PolicyDocument {
  capabilities?: { allow?: string[]; deny?: string[]; hide_system?: boolean };
  effects?: Record<string, Effect>;
  approval?: { ask?: string[]; deny?: string[]; expires_s?: number };
  results?: Record<string, "strict" | "warn" | "off">;
  egress?: { limit_characters?: number; mask?: string[] };
  audit?: { arguments?: "hash" | "names" | "full"; on_failure?: "stop" | "go_on" };
  limits?: Partial<Limits>;
  language?: { facades?: string[] };
}

export interface Limits {
  timeout_s: number;
  total_s: number;
  call_timeout_s: number;
  memory_bytes: number;
  calls: number;
  calls_at_once: number;
  call_bytes: number;
  value_characters: number;
  printed_characters: number;
  code_bytes: number;
}

export interface Progress {
  step: "assets" | "python" | "ready";
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

export type CallState = "finished" | "failed" | "refused" | "unfinished" | "held" | "not_called";

export interface CallEvent {
  /** Of the run. */
  id: number;
  name: string;
  effect: Effect;
  state: CallState | "started";
  /** Since the run began. */
  atMs: number;
  elapsedMs: number;
  bytes: number;
}

export interface ExecuteOptions {
  /** Globals of the snippet. */
  inputs?: Record<string, any>;
  /** Read for real; list the calls that would change something, make none. */
  dryRun?: boolean;
  /** Ends the run. */
  signal?: AbortSignal;
}

/** An opened package. */
export class CodeMode {
  private constructor();
  /** The catalog as policy leaves it. */
  readonly catalog: Catalog;
  /** What holds in this browser. */
  readonly layers: Layers;
  /** The policy in force, limits among it. */
  readonly policy: Readonly<Record<string, any>>;
  /** The list of what there is, or of what answers a query. */
  list(query?: string, options?: { namespace?: string | null; kind?: Kind | null; limit?: number }): Promise<string>;
  /** The definitions of these functions and of the types they need, as a model reads them. */
  get(names: readonly string[], options?: { detail?: "signature" | "full" }): Promise<string>;
  /** Runs a snippet. Rejects for wrong use only: what a snippet, an app or a worker does wrong is an outcome. */
  execute(code: string, options?: ExecuteOptions): Promise<Outcome>;
  /** Reviews a snippet and checks it against the definitions, with the names of its inputs known; nothing runs. */
  check(code: string, options?: { inputs?: Record<string, any> }): Promise<Outcome>;
  /** What a person is to be asked before a paused run can go on; for the page's own eyes. */
  approvalRequests(approvalId: string): ApprovalRequest[];
  /** Goes on with a paused run: what it has called is not called again. */
  resume(approvalId: string, approved: boolean): Promise<Outcome>;
  /** The specifications of the model's tools. */
  toolSpecs(style?: ToolStyle, options?: { profile?: Profile }): Record<string, any>[];
  /** Answers a model's tool call with text. */
  callTool(name: string, args: Record<string, any>): Promise<string>;
  /** The same with the outcome behind it, and whether the model went wrong. */
  answerTool(name: string, args: Record<string, any>): Promise<{ text: string; isError: boolean; outcome: Outcome | null }>;
  /** Ends all runs and workers. May be called twice. */
  dispose(): void;
}

export interface Catalog {
  name: string;
  digest: string;
  namespaces: ReadonlyMap<string, { summary: string; module: string; capabilities: string[] }>;
  capabilities: ReadonlyMap<string, { kind: Kind; wire: string; apps: string[]; effect: Effect; signature: string; summary: string }>;
  types: ReadonlyMap<string, { kind: "record" | "alias"; definition: string }>;
}

export interface Layers {
  /** Whether calls suspend Python; without it a run is gone through again after each answer. */
  jspi: boolean;
  /** Whether workers start from a snapshot of memory. */
  snapshot: boolean;
  /** How many calls a run may make here. */
  mostCalls: number;
  /** What a worker said of its own layers: `on`, or `off: ` and why. */
  worker: Record<string, string>;
}

/** What came of a run, with the fields of the desktop's outcome. */
export interface Outcome {
  readonly ok: boolean;
  readonly value: Json;
  readonly printed: string;
  readonly calls: { name: string; effect: Effect; state: CallState; elapsed_ms: number; bytes: number; arguments?: any }[];
  readonly error: OutcomeError | null;
  readonly truncated: { bytes: number; limit_bytes: number; preview: Json; hint: string } | null;
  readonly catalog: string;
  readonly elapsed_s: number;
  readonly notes: string[];
  /** As the model reads it. */
  text(): string;
  /** As JSON, field by field that of the desktop. */
  toJSON(): Record<string, any>;
}

export interface OutcomeError {
  kind: string;
  message: string;
  line: number | null;
  column: number | null;
  end_column: number | null;
  source: string | null;
  source_column: number;
  signature: string | null;
  hint: string | null;
  state: string;
  approval_id: string | null;
  others: OutcomeError[];
}

/** Everything that the page's side throws, but for the engine's. */
export class CodeModeError extends Error {
  kind: string;
}
/** The API was used wrongly. */
export class UsageError extends CodeModeError {}
/** A generated package can't be read, or its parts do not fit together. */
export class PackageError extends CodeModeError {}
/** A policy can't be enforced. */
export class PolicyError extends CodeModeError {}
export class FrameError extends CodeModeError {}
/** A call gave no answer; `invoke` may throw these, and a snippet can catch them. */
export class CallError extends CodeModeError {}
export class AppError extends CallError {}
export class ArgumentError extends CallError {}
export class DeniedError extends CallError {}
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
  readonly code:
    | "no_webassembly"
    | "insecure_page"
    | "wrong_manifest"
    | "missing_asset"
    | "tampered_asset"
    | "frame_blocked"
    | "not_isolated"
    | "worker_failed"
    | "disposed";
}
