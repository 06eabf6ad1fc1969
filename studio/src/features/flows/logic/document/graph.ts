import { type Document, isMap, isSeq } from "yaml";
import type { FlowGraph, FlowInput, FlowOutput, GraphNode, NodeKind } from "../../model";

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}

const KINDS: readonly string[] = ["llm", "prompt", "python"];

function kindOf(node: Fields, source: Fields): NodeKind {
  if (isOn(node.aggregation) || isOn(node.reduce)) return "aggregation";
  const type = textOf(node.type) ?? "python";
  if (type === "custom_llm" || (type === "python" && typeof source.type === "string" && source.type !== "code")) return "tool";
  return KINDS.includes(type) ? (type as NodeKind) : "python";
}

interface Reference {
  readonly source: string;
  readonly isInput: boolean;
}

/** What `${…}` refers to; null: the value stands for itself. */
function referenceOf(value: unknown): Reference | null {
  if (typeof value !== "string" || !/^\$\{[\s\S]+\}$/.test(value)) return null;
  const inner = value.slice(2, -1);
  if (/^(inputs|flow)\./.test(inner)) return { source: "inputs", isInput: true };
  return { source: inner.split(".")[0] ?? inner, isInput: false };
}

function inputOf(name: string, value: unknown, history: string | undefined): FlowInput {
  const fields = fieldsOf(value);
  const isHistory = name === history;
  return {
    name,
    type: textOf(fields.type) ?? "string",
    default: fields.default ?? null,
    has_default: (fields.default !== undefined && fields.default !== null) || isHistory,
    description: textOf(fields.description),
    enum: Array.isArray(fields.enum) ? (fields.enum as unknown[]) : [],
    is_chat_input: isOn(fields.is_chat_input),
    is_chat_history: isHistory,
  };
}

function inputsOf(inputs: Fields): FlowInput[] {
  const history = Object.keys(inputs).find((name) => isOn(fieldsOf(inputs[name]).is_chat_history)) ?? ("chat_history" in inputs ? "chat_history" : undefined);
  return Object.entries(inputs).map(([name, value]) => inputOf(name, value, history));
}

function outputOf(name: string, value: unknown): FlowOutput {
  const fields = fieldsOf(value);
  return { name, type: textOf(fields.type) ?? "string", reference: textOf(fields.reference) ?? "", is_chat_output: isOn(fields.is_chat_output) };
}

function nodeOf(name: string, fields: Fields, line: number | null, choice: Choice): GraphNode {
  const source = fieldsOf(fields.source);
  const inputs = fieldsOf(fields.inputs);
  const type = textOf(fields.type);
  return {
    name,
    kind: kindOf(fields, source),
    source: textOf(source.path),
    tool: textOf(source.tool),
    connection: textOf(fields.connection),
    model: type === "llm" ? (textOf(inputs.deployment_name) ?? textOf(inputs.model)) : null,
    inputs: { ...inputs },
    line,
    variant: choice.variant,
    variants: [...choice.variants],
  };
}

/** What runs under a node's name, and which of its variants that is. */
interface Choice {
  readonly fields: Fields;
  readonly variant: string | null;
  readonly variants: readonly string[];
}

/** The node that runs under a name: its own fields, or those of its default variant. */
function chosen(node: Fields, variants: Fields): Choice {
  if (!isOn(node.use_variants)) return { fields: node, variant: null, variants: [] };
  const table = fieldsOf(variants[textOf(node.name) ?? ""]);
  const all = fieldsOf(table.variants);
  const id = textOf(table.default_variant_id);
  const variant = id !== null && id in all ? id : null;
  return { fields: fieldsOf(fieldsOf(all[variant ?? ""] ?? Object.values(all)[0]).node), variant, variants: Object.keys(all) };
}

function linesOf(doc: Document, text: string): readonly (number | null)[] {
  const nodes = doc.get("nodes");
  if (!isSeq(nodes)) return [];
  return nodes.items.map((item) => (isMap(item) && item.range ? text.slice(0, item.range[0]).split("\n").length : null));
}

function edgesOf(nodes: readonly (readonly [string, Fields])[], outputs: readonly FlowOutput[]): FlowGraph["edges"] {
  const known = new Set(nodes.map(([name]) => name));
  const from = (value: unknown): string | null => {
    const reference = referenceOf(value);
    return reference && (reference.isInput || known.has(reference.source)) ? reference.source : null;
  };
  const found: FlowGraph["edges"] = [];
  const add = (value: unknown, target: string, label: string): void => {
    const source = from(value);
    if (source !== null) found.push({ source, target, label });
  };
  for (const [name, fields] of nodes) {
    for (const [label, value] of Object.entries(fieldsOf(fields.inputs))) add(value, name, label);
    add(fieldsOf(fields.activate).when, name, "activate");
  }
  for (const output of outputs) add(output.reference, "outputs", output.name);
  return found;
}

/**
 * The graph of a DAG flow as its YAML says it now, with the findings that the server had last. The same as the server's graph of the same
 * text; nodes without a name are left out.
 */
export function graphOf(doc: Document, text: string, findings: FlowGraph["findings"]): FlowGraph {
  const flow = fieldsOf(doc.toJS());
  const lines = linesOf(doc, text);
  const items = Array.isArray(flow.nodes) ? (flow.nodes as unknown[]).map(fieldsOf) : [];
  const read = items.flatMap((item, index) => {
    const name = textOf(item.name);
    return name === null ? [] : [{ name, choice: chosen(item, fieldsOf(flow.node_variants)), line: lines[index] ?? null }];
  });
  const outputs = Object.entries(fieldsOf(flow.outputs)).map(([name, value]) => outputOf(name, value));
  return {
    inputs: inputsOf(fieldsOf(flow.inputs)),
    outputs,
    nodes: read.map(({ name, choice, line }) => nodeOf(name, choice.fields, line, choice)),
    edges: edgesOf(
      read.map(({ name, choice }) => [name, choice.fields] as const),
      outputs,
    ),
    findings,
  };
}

/** What the YAML of a flow of any kind declares of its inputs and outputs. */
export function declaredEnds(doc: Document): Pick<FlowGraph, "inputs" | "outputs"> {
  const { inputs, outputs } = fieldsOf(doc.toJS());
  return { inputs: inputsOf(fieldsOf(inputs)), outputs: Object.entries(fieldsOf(outputs)).map(([name, value]) => outputOf(name, value)) };
}
