import { stringify } from "yaml";

/** What a run is to be, for a command or a file that makes the same. Absent: as it is by default. */
export interface Plan {
  readonly flow: string;
  /** The data's file. */
  readonly data?: string;
  readonly run?: string;
  readonly columnMapping: Readonly<Record<string, unknown>>;
  readonly variants: readonly string[];
  /** What the flow's class is made with. */
  readonly init?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly maxFailures?: number;
  readonly concurrency?: number;
  readonly timeoutS?: number;
  readonly replay: boolean;
  /** What scores the run once its rows are done. */
  readonly evaluations?: readonly Evaluated[];
}

/** An evaluator over a run: what feeds it, and what its class is made with. */
export interface Evaluated {
  readonly flow: string;
  readonly columnMapping: Readonly<Record<string, unknown>>;
  readonly init?: Readonly<Record<string, unknown>>;
}

/** The run's name: evaluations are over a run that has one. */
function named(plan: Plan): Plan {
  return plan.name === undefined && plan.evaluations?.length ? { ...plan, name: `${plan.flow}-run` } : plan;
}

function quoted(text: string): string {
  return /^[\w./:@=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function pair(name: string, value: unknown): string {
  return quoted(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A setting for the command line, which reads JSON as what it means: a text that would be read so is written as a JSON text. */
function setting(name: string, value: unknown): string {
  return pair(name, typeof value === "string" && isJson(value) ? JSON.stringify(value) : value);
}

/** The command that makes the same run, one option a line. */
export function commandOf(plan: Plan): string {
  const mapping = Object.entries(plan.columnMapping).map(([name, value]) => pair(name, value));
  const settings = Object.entries(plan.init ?? {}).map(([name, value]) => setting(name, value));
  const options = [
    `--flow ${quoted(plan.flow)}`,
    plan.data !== undefined && `--data ${quoted(plan.data)}`,
    plan.run !== undefined && `--run ${quoted(plan.run)}`,
    mapping.length > 0 && `--column-mapping ${mapping.join(" ")}`,
    settings.length > 0 && `--init ${settings.join(" ")}`,
    ...plan.variants.map((variant) => `--variant ${quoted(variant)}`),
    plan.name !== undefined && `--name ${quoted(plan.name)}`,
    plan.maxFailures !== undefined && `--max-failures ${plan.maxFailures}`,
    plan.concurrency !== undefined && `--concurrency ${plan.concurrency}`,
    plan.timeoutS !== undefined && `--timeout ${plan.timeoutS}`,
    plan.replay && "--replay",
    "--stream",
  ].filter((option) => typeof option === "string");
  return ["flowyard run create", ...options].join(" \\\n  ");
}

/** The commands that score the run, one evaluator each. */
export function evaluationCommandsOf(plan: Plan): string[] {
  const { name, data, evaluations = [] } = named(plan);
  return evaluations.map((evaluation) => commandOf({ variants: [], replay: false, ...evaluation, ...(name === undefined ? {} : { run: name }), ...(data === undefined ? {} : { data }) }));
}

/** The commands that make the same run, and score it. */
export function commandsOf(plan: Plan): string {
  return [commandOf(named(plan)), ...evaluationCommandsOf(plan)].join("\n");
}

/** The run.yaml that makes the same run: `flowyard run create --file run.yaml`. */
export function runFileOf(wanted: Plan): string {
  const plan = named(wanted);
  return stringify(
    {
      flow: plan.flow,
      data: plan.data,
      run: plan.run,
      column_mapping: Object.keys(plan.columnMapping).length > 0 ? plan.columnMapping : undefined,
      init: plan.init,
      variant: plan.variants.length === 1 ? plan.variants[0] : undefined,
      variants: plan.variants.length > 1 ? plan.variants : undefined,
      name: plan.name,
      max_failures: plan.maxFailures,
      concurrency: plan.concurrency,
      timeout: plan.timeoutS,
      replay: plan.replay || undefined,
    },
    { lineWidth: 0 },
  );
}
