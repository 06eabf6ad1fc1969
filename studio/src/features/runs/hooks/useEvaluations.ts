import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { flows } from "@/api/flows";
import type { FlowGraph } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type Draft, initialDraft } from "@/ui/inputs/fields";
import { sampleAhead } from "../logic/ahead";
import type { Evaluated } from "../logic/command";
import { initFieldOf, readInit } from "../logic/init";
import { type MappingDraft, mappingOf, mappingProblems, referencesOf, type Sample, suggestMapping } from "../logic/mapping";

/** What was typed for one evaluator; what is absent is as it is suggested. */
interface Typed {
  readonly mapping: MappingDraft;
  readonly init: Draft;
}

const NOTHING: Typed = { mapping: {}, init: {} };

/** The flow whose outputs are scored, and what feeds it. */
interface Scored {
  readonly graph: FlowGraph | undefined;
  readonly mapping: MappingDraft;
  readonly rows: readonly Sample[];
  /** A run that scores another one is not scored itself. */
  readonly isWanted: boolean;
}

/** One evaluator as it is filled in; `problem` keeps it from being begun. */
function evaluationOf(flow: string, graph: FlowGraph | undefined, rows: readonly Sample[], typed: Typed) {
  const inputs = graph?.inputs ?? [];
  const references = referencesOf(rows);
  const mapping = { ...suggestMapping(inputs, references), ...typed.mapping };
  const problems = mappingProblems(inputs, mapping, rows[0]);
  const fields = (graph?.init ?? []).map(initFieldOf);
  const draft = { ...initialDraft(fields), ...typed.init };
  const init = { fields, draft, ...readInit(fields, draft) };
  const errors = graph?.findings.filter(({ severity }) => severity === "error").length ?? 0;
  const wrongs: readonly (readonly [boolean, string])[] = [
    [graph === undefined, `Looking into ${flow}.`],
    [errors > 0, `${flow} has errors: mend them first.`],
    [Object.keys(problems).length > 0, `One or more inputs of ${flow} lack a value.`],
    [Object.keys(init.errors).length > 0, `A setting of ${flow} lacks a value.`],
  ];
  const problem = wrongs.find(([is]) => is)?.[1] ?? null;
  return { flow, inputs, rows, references, mapping, problems, columnMapping: mappingOf(inputs, mapping), init, errors, problem };
}

/** The evaluators that score a run once its rows are done: which, and what feeds them. */
export function useEvaluations({ graph, mapping, rows, isWanted }: Scored) {
  const workspace = useWorkspace();
  const [names, setNames] = useUrlState("evaluators");
  const chosen = useMemo(() => (names === "" || !isWanted ? [] : names.split(",")), [names, isWanted]);
  const [typed, setTyped] = useState<Readonly<Record<string, Typed>>>({});
  const graphs = useQueries({ queries: chosen.map((flow) => flows.graph(workspace, flow)) });
  const ahead = useMemo(() => rows.map((row) => sampleAhead(row, graph, mapping)), [rows, graph, mapping]);
  const all = chosen.map((flow, at) => ({ ...evaluationOf(flow, graphs[at]?.data, ahead, typed[flow] ?? NOTHING), error: graphs[at]?.error ?? null }));
  const change = (flow: string, part: Partial<Typed>): void => {
    setTyped((before) => ({ ...before, [flow]: { ...(before[flow] ?? NOTHING), ...part } }));
  };
  return {
    all,
    /** What keeps the first of them that it does from being begun. */
    problem: all.map(({ problem }) => problem).find((problem) => problem !== null) ?? null,
    planned: all.map(({ flow, columnMapping, init }): Evaluated => ({ flow, columnMapping, ...(init.values === null ? {} : { init: init.values }) })),
    add: (flow: string): void => {
      if (!chosen.includes(flow)) setNames([...chosen, flow].join(","));
    },
    remove: (flow: string): void => {
      setNames(chosen.filter((one) => one !== flow).join(","));
    },
    map: (flow: string, input: string, text: string): void => {
      change(flow, { mapping: { ...typed[flow]?.mapping, [input]: text } });
    },
    set: (flow: string, field: string, text: string): void => {
      change(flow, { init: { ...typed[flow]?.init, [field]: text } });
    },
  };
}

export type Evaluations = ReturnType<typeof useEvaluations>;
