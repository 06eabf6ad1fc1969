import { stringify } from "yaml";
import type { AuthMode, DeploymentCreate, Gate } from "@/api/types";
import { gateWords } from "./gates";
import { ONE_REPLICA, readScale, type ScaleDraft } from "./scale";
import type { Canary } from "./steps";

/** What is deployed: a flow or a model by its name, or a scoring script in an archive. */
export type Source =
  | { readonly kind: "flow" | "model"; readonly name: string }
  | { readonly kind: "script"; readonly archive: File; readonly script: string };

/** How many replicas, and the bounds of their requests; empty: not bounded. */
export interface Instances {
  readonly scale: ScaleDraft;
  readonly concurrency: number | string;
  readonly queueWaitMs: number | string;
  readonly timeoutMs: number | string;
  readonly readyWithinS: number | string;
  /** NAME=VALUE lines. */
  readonly variables: string;
}

export const NO_BOUNDS: Instances = { scale: ONE_REPLICA, concurrency: "", queueWaitMs: "", timeoutMs: "", readyWithinS: "", variables: "" };

export interface DeployPlan {
  readonly source: Source;
  readonly endpoint: string;
  /** The endpoint has to be made first. */
  readonly isNew: boolean;
  /** What opens a new endpoint besides keys of the workspace. */
  readonly authMode: AuthMode;
  readonly deployment: string;
  readonly instances: Instances;
  readonly init: Readonly<Record<string, unknown>>;
  /** What metrics of its evaluation have to be. */
  readonly gates: readonly Gate[];
  /** The run that is held to them; null: the newest evaluation of the version. */
  readonly evaluation: string | null;
  /** The snapshot that was checked, which is then what is deployed; null: none was. */
  readonly checked: string | null;
  /** It is deployed although a check is bad. */
  readonly anyway: boolean;
  /** Traffic moves to it in steps once it is up; null: it stays where it is. */
  readonly canary: Canary | null;
}

const VARIABLE = /^[A-Za-z_]\w*$/;

/** The environment variables that lines of NAME=VALUE say, or what is wrong with one of them. */
export function readVariables(text: string): { readonly value: Record<string, string> } | { readonly problem: string } {
  const value: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const at = line.indexOf("=");
    const name = line.slice(0, at).trim();
    if (at < 0 || !VARIABLE.test(name)) return { problem: `Line ${index + 1}: write NAME=VALUE; a name has letters, digits and _.` };
    value[name] = line.slice(at + 1).trim();
  }
  return { value };
}

function numberOf(value: number | string): number | null {
  return typeof value === "number" ? value : null;
}

function boundsOf(instances: Instances) {
  return {
    max_concurrent_requests_per_instance: numberOf(instances.concurrency),
    max_queue_wait_ms: numberOf(instances.queueWaitMs),
    request_timeout_ms: numberOf(instances.timeoutMs),
  };
}

function variablesOf(instances: Instances): Record<string, string> {
  const read = readVariables(instances.variables);
  return "value" in read ? read.value : {};
}

function scaleOf(instances: Instances) {
  return readScale(instances.scale) ?? { count: 1, scale: { type: "default" as const } };
}

/** The request that deploys it. `snapshot` is the digest of a script's archive. */
export function requestOf(plan: DeployPlan, snapshot: string | null): DeploymentCreate {
  const { source, instances } = plan;
  const { count, scale } = scaleOf(instances);
  return {
    name: plan.deployment,
    instance_count: count,
    environment_variables: variablesOf(instances),
    settings: { request: boundsOf(instances), ready_within_s: numberOf(instances.readyWithinS), scale, ...(plan.gates.length > 0 && { gates: [...plan.gates] }), ...(plan.evaluation !== null && { evaluation: plan.evaluation }) },
    ...(plan.anyway && { anyway: true }),
    ...(source.kind === "flow" && { flow: source.name, ...(plan.checked !== null && { snapshot: plan.checked }), init: { ...plan.init } }),
    ...(source.kind === "model" && { model: source.name }),
    ...(source.kind === "script" && { snapshot, script: source.script }),
  };
}

function quoted(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function createCommand({ isNew, endpoint, authMode }: DeployPlan): string | null {
  if (!isNew) return null;
  return `flowyard endpoint create ${quoted(endpoint)}${authMode === "key" ? "" : ` --auth-mode ${authMode}`}`;
}

function scaleCommand({ endpoint, deployment, instances }: DeployPlan): string | null {
  const { scale } = scaleOf(instances);
  if (scale.type !== "target_utilization") return null;
  const words = [
    `flowyard endpoint scale ${quoted(endpoint)}`,
    `--deployment ${quoted(deployment)}`,
    `--min ${scale.min_instances}`,
    `--max ${scale.max_instances}`,
    ...(scale.target_utilization_percentage === 70 ? [] : [`--target-utilization ${scale.target_utilization_percentage}`]),
    ...(scale.target_p95_ms ? [`--target-p95 ${scale.target_p95_ms}`] : []),
  ];
  return words.join(" \\\n  ");
}

function canaryCommand({ endpoint, canary }: DeployPlan): string | null {
  if (canary === null) return null;
  return `flowyard endpoint rollout start ${quoted(endpoint)} --to ${quoted(canary.to)} --steps ${canary.steps.join(",")} --every ${canary.everyS}s`;
}

/** The commands around the file: what it cannot say are an endpoint that is not there yet, and a bound of latency. */
export function applyCommands(plan: DeployPlan): string {
  const late = typeof plan.instances.scale.p95 === "number" ? scaleCommand(plan) : null;
  return [createCommand(plan), `flowyard apply -f deployment.yml${plan.anyway ? " --anyway" : ""}`, late, canaryCommand(plan)].filter((command) => command !== null).join("\n");
}

/** The commands that do the same; null where only a file can say it: bounds, and scoring scripts. */
export function commandOf(plan: DeployPlan): string | null {
  const { source, instances } = plan;
  const bounded = [...Object.values(boundsOf(instances)), numberOf(instances.readyWithinS)].some((bound) => bound !== null);
  if (source.kind === "script" || bounded) return null;
  const { count } = scaleOf(instances);
  const words = [
    `flowyard endpoint deploy ${quoted(plan.endpoint)}`,
    `--${source.kind} ${quoted(source.name)}`,
    `--deployment ${quoted(plan.deployment)}`,
    ...(count === 1 ? [] : [`--instance-count ${count}`]),
    ...Object.entries(variablesOf(instances)).map(([name, value]) => `--set ${quoted(`${name}=${value}`)}`),
    ...Object.entries(plan.init).map(([name, value]) => `--init ${quoted(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`),
    ...(source.kind === "flow" ? ["--check"] : []),
    ...plan.gates.map((gate) => `--gate ${quoted(gateWords(gate).replaceAll(" ", ""))}`),
    ...(plan.evaluation === null ? [] : [`--evaluation ${quoted(plan.evaluation)}`]),
    ...(plan.anyway ? ["--anyway"] : []),
  ];
  const deploy = words.join(" \\\n  ");
  return [createCommand(plan), deploy, scaleCommand(plan), canaryCommand(plan)].filter((command) => command !== null).join("\n");
}

function filled(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** The deployment as Azure ML's YAML, for `flowyard apply -f`. */
export function fileOf(plan: DeployPlan): string {
  const { source, instances } = plan;
  const ready = numberOf(instances.readyWithinS);
  const { count, scale } = scaleOf(instances);
  const scaled = scale.type === "target_utilization";
  return stringify(
    {
      $schema: "https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json",
      name: plan.deployment,
      endpoint_name: plan.endpoint,
      ...(source.kind === "script"
        ? { model: { path: "model" }, code_configuration: { code: "code", scoring_script: source.script }, environment: { conda_file: "conda.yml" } }
        : { model: `azureml:${source.name}:1` }),
      instance_count: count,
      scale_settings: scaled ? filled({ ...scale, target_p95_ms: null }) : undefined,
      request_settings: filled(boundsOf(instances)),
      readiness_probe: ready === null ? undefined : { initial_delay: 0, period: 1, failure_threshold: ready },
      environment_variables: filled(variablesOf(instances)),
      properties: filled({ "flowyard.gates": plan.gates.length === 0 ? null : plan.gates.map(gateWords).join(", "), "flowyard.evaluation": plan.evaluation }),
    },
    { lineWidth: 0 },
  );
}
