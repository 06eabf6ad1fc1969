import type { FlowGraph, Model } from "@/api/types";

/** One thing that has to be so for a deployment to come up. `remedy` says what to do where it is not. */
export interface StartCheck {
  readonly outcome: "good" | "warn" | "bad";
  readonly says: string;
  readonly remedy?: string;
}

const LOCAL = "local";

function findingsCheck(graph: FlowGraph): StartCheck {
  const errors = graph.findings.filter((finding) => finding.severity === "error");
  const [first] = errors;
  if (first) {
    const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : "";
    return { outcome: "bad", says: `The flow has errors: ${first.message}${more}`, remedy: first.remedy ?? "Mend them under the flow's Findings." };
  }
  const warnings = graph.findings.length;
  if (warnings > 0) return { outcome: "warn", says: `The flow has no errors, and ${warnings === 1 ? "a warning" : `${warnings} warnings`}.`, remedy: "See the flow's Findings." };
  return { outcome: "good", says: "The flow has no errors." };
}

function connectionsCheck(graph: FlowGraph, known: readonly string[]): StartCheck | null {
  const used = [...new Set(graph.nodes.map((node) => node.connection).filter((name) => typeof name === "string" && name !== LOCAL && !name.includes("$")))];
  if (used.length === 0) return null;
  const missing = used.filter((name) => typeof name === "string" && !known.includes(name));
  if (missing.length === 0) return { outcome: "good", says: `Its connections are there: ${used.join(", ")}.` };
  return { outcome: "bad", says: `Connections are missing: ${missing.join(", ")}.`, remedy: "Make them under Connections; the deployment would answer with an error." };
}

function localModels(graph: FlowGraph): readonly string[] {
  return [...new Set(graph.nodes.filter((node) => node.connection === LOCAL).map((node) => node.model))].filter((name) => typeof name === "string");
}

/** Whether the catalog's models that a deployment serves or calls are on this machine. */
export function modelChecks(names: readonly string[], catalog: readonly Pick<Model, "name" | "state">[]): readonly StartCheck[] {
  return names.flatMap((name): StartCheck[] => {
    const state = catalog.find((model) => model.name === name)?.state;
    if (state === undefined) return [{ outcome: "bad", says: `The catalog has no model ${name}.`, remedy: "Choose one of the Models page." }];
    if (state === "ready") return [{ outcome: "good", says: `The model ${name} is on this machine.` }];
    return [{ outcome: "bad", says: `The model ${name} is not on this machine yet.`, remedy: "Pull it on the Models page first." }];
  });
}

/** Whether a flow will come up and answer, as far as its files tell. */
export function flowChecks(graph: FlowGraph, connections: readonly string[], catalog: readonly Pick<Model, "name" | "state">[]): readonly StartCheck[] {
  const connected = connectionsCheck(graph, connections);
  return [findingsCheck(graph), ...(connected ? [connected] : []), ...modelChecks(localModels(graph), catalog)];
}
