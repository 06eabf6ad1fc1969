import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { data as dataAssets } from "@/api/data";
import { evaluators } from "@/api/evaluators";
import { flows } from "@/api/flows";
import { asProblem } from "@/api/problem";
import { runs } from "@/api/runs";
import { countRows, readPreview } from "@/lib/rows";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Draft, initialDraft } from "@/ui/inputs/fields";
import type { Evaluated, Plan } from "../logic/command";
import { callsWords, initFieldOf, readInit } from "../logic/init";
import { type MappingDraft, mappingOf, mappingProblems, referencesOf, type Sample, samplesOf, suggestMapping } from "../logic/mapping";
import { variantsOf } from "../logic/variants";
import type { FlowInput, Run, RunCreate } from "../model";
import { useEvaluations } from "./useEvaluations";

const SEEN_ROWS = 5;
const DAG_FILES = ["flow.dag.yaml", "flow.dag.yml"];
const NO_INPUTS: readonly FlowInput[] = [];

/** What may be set besides; empty means "as it is by default". */
export interface Options {
  readonly name: string;
  readonly maxFailures: number | string;
  readonly concurrency: number | string;
  readonly timeoutS: number | string;
  readonly replay: boolean;
}

const NO_OPTIONS: Options = { name: "", maxFailures: "", concurrency: "", timeoutS: "", replay: false };
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const RESERVED = ["compare", "data", "new"];

/** What is wrong with a run's name; null for a good one, and for none: the server makes one then. */
export function runNameProblem(name: string): string | null {
  if (name === "") return null;
  if (!NAME.test(name)) return "Use 1 to 100 letters, digits and . _ -, a letter or digit first.";
  return RESERVED.includes(name) ? `${name} is taken by an address of the studio. Choose another name.` : null;
}

/** The variants that the flow's file declares. */
function useVariants(flow: string) {
  const workspace = useWorkspace();
  const files = useQuery({ ...flows.files(workspace, flow), enabled: flow !== "" });
  const path = files.data?.items.map((file) => file.path).find((each) => DAG_FILES.includes(each));
  const file = useQuery({ ...flows.file(workspace, flow, path ?? ""), enabled: path !== undefined });
  const content = file.data?.content;
  return useMemo(() => variantsOf(content ?? ""), [content]);
}

/** Name and version in a data asset's reference. */
function partsOf(reference: string): readonly [string, string] {
  const [, name = "", version = "latest"] = reference.split(":");
  return [name, version];
}

/** The first rows of what feeds the run, and what their values come from. */
function useSources(file: File | null, asset: string, run: Run | undefined, withData: boolean) {
  const workspace = useWorkspace();
  const kept = useQuery({ ...dataAssets.preview(workspace, ...partsOf(asset), SEEN_ROWS), enabled: asset !== "", retry: false });
  const preview = useQuery({
    queryKey: ["run-preview", file?.name, file?.size, file?.lastModified],
    queryFn: () => (file ? readPreview(file) : null),
    enabled: file !== null,
    staleTime: Infinity,
  });
  const lines = useQuery({ ...runs.lines(workspace, run?.name ?? "", { status: "completed" }, 0, SEEN_ROWS), enabled: run !== undefined });
  const ofAsset = useMemo(
    () => kept.data && { columns: kept.data.columns, rows: kept.data.rows.filter((row) => !row.error).map((row) => row.values), problem: null },
    [kept.data],
  );
  const seen = file ? preview.data : asset === "" ? null : ofAsset;
  const others = run ? lines.data?.items : undefined;
  const rows = useMemo(() => {
    // Another run's rows are on their way: without them nothing can be suggested.
    if ((run && !others) || (asset !== "" && !seen)) return [];
    const unseen = withData || (file !== null && seen?.rows.length === 0);
    return samplesOf(unseen ? "unseen" : (seen?.rows ?? null), others ?? null, SEEN_ROWS);
  }, [seen, others, run, file, asset, withData]);
  return { rows, preview: seen ?? null, lines, assetError: asset === "" ? null : kept.error };
}

function numberOf(value: number | string): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function defined<T extends object>(values: { readonly [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What was chosen, from which both the request and the command that makes the same are written. */
interface Choice {
  readonly flow: string;
  readonly runName: string;
  readonly file: File | null;
  /** The reference of a data asset, or of the other run's data where it is used too. */
  readonly reference: string | undefined;
  readonly columnMapping: Readonly<Record<string, unknown>>;
  readonly variants: readonly string[];
  /** What the flow's class is made with; null: as the flow says. */
  readonly init: Readonly<Record<string, unknown>> | null;
  readonly options: Options;
  readonly evaluations: readonly Evaluated[];
}

function planOf({ flow, runName, file, reference, columnMapping, variants, init, options, evaluations }: Choice): Plan {
  return {
    flow: flow || "FLOW",
    columnMapping,
    variants,
    replay: options.replay,
    evaluations,
    ...defined<Pick<Plan, "init" | "data" | "run" | "name" | "maxFailures" | "concurrency" | "timeoutS">>({
      init: init ?? undefined,
      data: file?.name ?? reference,
      run: runName || undefined,
      name: options.name || undefined,
      maxFailures: numberOf(options.maxFailures),
      concurrency: numberOf(options.concurrency),
      timeoutS: numberOf(options.timeoutS),
    }),
  };
}

/** What was made, and which evaluators the server refused, with its words. */
interface Made {
  readonly run: Run;
  readonly refused: readonly { readonly flow: string; readonly problem: string }[];
}

async function carryOut(workspace: string, choice: Choice): Promise<Made> {
  const plan = planOf(choice);
  const data = choice.file ? (await runs.upload(workspace, choice.file)).reference : choice.reference;
  const run = await runs.create(workspace, {
    flow: choice.flow,
    column_mapping: plan.columnMapping,
    variants: [...plan.variants],
    replay: plan.replay,
    ...defined<RunCreate>({
      data,
      init: plan.init,
      run: plan.run,
      name: plan.name,
      max_failures: plan.maxFailures,
      concurrency: plan.concurrency,
      line_timeout_s: plan.timeoutS,
    }),
  });
  // The run is there: an evaluator that is refused is told, and can be begun from the run's page.
  const refused: { flow: string; problem: string }[] = [];
  for (const { flow, columnMapping, init } of choice.evaluations) {
    try {
      await runs.create(workspace, { flow, run: run.name, column_mapping: columnMapping, ...defined<RunCreate>({ data, init }) });
    } catch (error) {
      refused.push({ flow, problem: asProblem(error).detail });
    }
  }
  return { run, refused };
}

/** What feeds the flow's inputs: what is suggested until something is typed, and what is wrong with it. */
function useMapping(inputs: readonly FlowInput[], rows: readonly Sample[]) {
  const [typed, setTyped] = useState<MappingDraft>({});
  const references = useMemo(() => referencesOf(rows), [rows]);
  const mapping = useMemo(() => ({ ...suggestMapping(inputs, references), ...typed }), [inputs, references, typed]);
  const problems = useMemo(() => mappingProblems(inputs, mapping, rows[0]), [inputs, mapping, rows]);
  const columnMapping = useMemo(() => mappingOf(inputs, mapping), [inputs, mapping]);
  const map = (name: string, text: string): void => {
    setTyped((before) => ({ ...before, [name]: text }));
  };
  const forget = (): void => {
    setTyped({});
  };
  return { references, mapping, problems, columnMapping, map, forget };
}

/** What the flow's class is made with: as the flow says until something is changed. */
function useInit(params: readonly FlowInput[]) {
  const [typed, setTyped] = useState<Draft>({});
  const fields = useMemo(() => params.map(initFieldOf), [params]);
  const draft = useMemo(() => ({ ...initialDraft(fields), ...typed }), [fields, typed]);
  const read = useMemo(() => readInit(fields, draft), [fields, draft]);
  const set = (name: string, text: string): void => {
    setTyped((before) => ({ ...before, [name]: text }));
  };
  const forget = (): void => {
    setTyped({});
  };
  return { fields, draft, ...read, set, forget };
}

/** How many rows the run takes; null where nobody has counted them. */
function useRowCount(file: File | null, asset: string, run: Run | undefined): number | null {
  const workspace = useWorkspace();
  const counted = useQuery({
    queryKey: ["run-rows", file?.name, file?.size, file?.lastModified],
    queryFn: () => (file ? countRows(file) : null),
    enabled: file !== null,
    staleTime: Infinity,
  });
  const kept = useQuery({ ...dataAssets.get(workspace, ...partsOf(asset)), enabled: asset !== "" });
  if (run) return run.counts?.completed ?? null;
  return (file ? counted.data : asset === "" ? null : kept.data?.rows) ?? null;
}

/** How often the flow asks a model for a row, as far as it is a judge. */
function useCalls(flow: string, asksModel: boolean): number {
  const known = useQuery({ ...evaluators.list(useWorkspace()), enabled: asksModel });
  return asksModel ? (known.data?.items.find(({ name }) => name === flow)?.calls ?? 1) : 0;
}

/** What the rows are read from besides another run: a file or a data asset, never both. */
function useDataChoice() {
  const [file, chooseFile] = useState<File | null>(null);
  const [asset, chooseAsset] = useUrlState("data");
  const setFile = (chosen: File | null): void => {
    chooseFile(chosen);
    if (chosen) chooseAsset(null);
  };
  const setAsset = (chosen: string | null): void => {
    chooseAsset(chosen);
    chooseFile(null);
  };
  return { file, setFile, asset, setAsset, chosen: file !== null || asset !== "" };
}

/** The reference of another run's data, where it is wanted and there is one. */
function dataOf(run: Run | undefined, wanted: boolean): string | undefined {
  return wanted ? (run?.data ?? undefined) : undefined;
}

/** A run that is being made: what was chosen, what is suggested until something is, and what is still missing. */
export function useRunDraft() {
  const workspace = useWorkspace();
  const [flow, setFlow] = useUrlState("flow");
  const [runName, setRun] = useUrlState("run");
  const { file, asset, ...chosen } = useDataChoice();
  const [useRunData, setUseRunData] = useState(false);
  const [chosenVariants, chooseVariants] = useUrlState("variants");
  const variants = useMemo(() => (chosenVariants === "" ? [] : chosenVariants.split(",")), [chosenVariants]);
  const setVariants = (names: readonly string[]): void => {
    chooseVariants(names.join(","));
  };
  const [options, setOptions] = useState(NO_OPTIONS);

  const other = useQuery({ ...runs.get(workspace, runName), enabled: runName !== "" });
  const run = runName === "" ? undefined : other.data;
  const graph = useQuery({ ...flows.graph(workspace, flow), enabled: flow !== "" });
  const inputs = graph.data?.inputs ?? NO_INPUTS;
  const declared = useVariants(flow);
  const runData = dataOf(run, useRunData && !chosen.chosen);
  const reference = asset === "" ? runData : asset;
  const { rows, preview, lines, assetError } = useSources(file, asset, run, runData !== undefined);
  const { columnMapping, forget, ...mapped } = useMapping(inputs, rows);

  const init = useInit(graph.data?.init ?? NO_INPUTS);
  const asked = useCalls(flow, init.fields.some(({ what }) => what === "model"));
  const calls = callsWords(asked, useRowCount(file, asset, run), Math.max(1, variants.length));

  const evaluations = useEvaluations({ graph: graph.data, mapping: mapped.mapping, rows, isWanted: runName === "" });

  const nameProblem = runNameProblem(options.name);
  const errors = graph.data?.findings.filter((finding) => finding.severity === "error").length ?? 0;
  const hasFlow = flow !== "" && graph.data !== undefined && errors === 0;
  const hasData = chosen.chosen || run !== undefined;
  const steps = {
    flow: hasFlow,
    data: hasData,
    mapping: hasFlow && hasData && rows.length > 0 && Object.keys(mapped.problems).length === 0,
    init: Object.keys(init.errors).length === 0,
    variants: true,
    evaluators: evaluations.problem === null,
    options: nameProblem === null,
  };
  const choice: Choice = { flow, runName, file, reference, columnMapping, variants, init: init.values, options, evaluations: evaluations.planned };
  const chooseFlow = (name: string | null): void => {
    setFlow(name);
    forget();
    init.forget();
    if (variants.length > 0) setVariants([]);
  };
  return {
    ...{ flow, chooseFlow, graph, errors, inputs },
    ...{ file, asset, ...chosen, assetError, preview, runName, setRun, run, other, lines, useRunData, setUseRunData },
    ...{ rows, ...mapped },
    ...{ evaluations, init, calls, declared, variants, setVariants, options, setOptions, nameProblem },
    steps,
    ready: Object.values(steps).every(Boolean),
    plan: planOf(choice),
    create: () => carryOut(workspace, choice),
  };
}

export type RunDraft = ReturnType<typeof useRunDraft>;
