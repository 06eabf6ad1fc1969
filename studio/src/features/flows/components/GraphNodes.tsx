import { Text, Tooltip } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { Handle, Position, type Node, type NodeProps } from "@xyflow/react";
import { memo } from "react";

import { readProblem } from "@/api/problem";
import { formatDuration, formatNumber } from "@/lib/format";

import { inOneLine } from "../logic/outputs";
import { ioSize, NODE_SIZE, shownFields } from "../logic/layout";
import type { GraphNode, NodeResult, NodeStatus } from "../model";
import classes from "./Graph.module.css";
import { RunMarks } from "./RunButtons";
import { STALE } from "./StaleMark";
import { NODE_KINDS, NODE_STATUSES } from "@/ui/nodeKinds";

export interface StepData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly result: NodeResult | null;
  readonly status: NodeStatus | null;
  /** The text that it has streamed so far, while it runs. */
  readonly streamed: string | null;
  readonly isStale: boolean;
  readonly errors: number;
  readonly warnings: number;
}

export interface IoData extends Record<string, unknown> {
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly end: "first" | "last";
}

export type StepNode = Node<StepData, "step">;
export type IoNode = Node<IoData, "io">;
export type FlowNode = StepNode | IoNode;

function tokensOf(result: NodeResult | null): number | null {
  if (!result) return null;
  const prompt = result.prompt_tokens ?? null;
  const completion = result.completion_tokens ?? null;
  return prompt === null && completion === null ? null : (prompt ?? 0) + (completion ?? 0);
}

function Measures({ result }: { readonly result: NodeResult | null }) {
  const tokens = tokensOf(result);
  const parts = [
    typeof result?.duration_ms === "number" ? formatDuration(result.duration_ms) : null,
    tokens === null ? null : `${formatNumber(tokens)} tokens`,
  ].filter((part) => part !== null);
  return parts.length > 0 && result?.status !== "bypassed" && <span className={classes.measures}>{parts.join(" · ")}</span>;
}

/** The end of what streams, the beginning of what came, or why nothing did. */
function outputLine({ result, streamed }: StepData): string {
  if (streamed !== null) return inOneLine(streamed.slice(-60));
  if (result?.status === "failed") return inOneLine((readProblem(result.error)?.detail ?? "").replace(/^(Execution failure in|Node) '[^']*'( failed)?: /, ""));
  if (result?.status === "bypassed") return "bypassed";
  return result?.status === "completed" ? inOneLine(result.output) : "";
}

/** What answers, or where it is written; with variants which of them that is. */
function subtitle(node: GraphNode, kind: string): string {
  const what = node.model ?? node.source ?? node.tool ?? kind;
  const count = node.variants?.length ?? 0;
  return count === 0 ? what : `${node.variant ?? "no default"}, 1 of ${String(count)} · ${what}`;
}

function StatusMark({ status }: { readonly status: NodeStatus }) {
  const { icon: Icon, label } = NODE_STATUSES[status];
  return (
    <Tooltip label={label} openDelay={300}>
      <span className={classes.status} data-status={status} role="img" aria-label={label}>
        <Icon size={16} stroke={2} />
      </span>
    </Tooltip>
  );
}

function FindingsMark({ errors, warnings }: { readonly errors: number; readonly warnings: number }) {
  if (errors + warnings === 0) return null;
  const label =
    errors > 0 ? `${String(errors)} ${errors === 1 ? "error" : "errors"}` : `${String(warnings)} ${warnings === 1 ? "warning" : "warnings"}`;
  return (
    <span className={classes.findings} data-severity={errors > 0 ? "error" : "warning"} title={label}>
      {errors > 0 ? errors : warnings}
    </span>
  );
}

function StepCardPlain({ data, selected }: NodeProps<StepNode>) {
  const { node, result, status, isStale } = data;
  const kind = NODE_KINDS[node.kind];
  const line = outputLine(data);
  return (
    <div
      className={classes.step}
      style={{ width: NODE_SIZE.width, height: NODE_SIZE.height }}
      data-kind={node.kind}
      data-status={status ?? "none"}
      data-stale={isStale || undefined}
      data-selected={selected || undefined}
    >
      <Handle type="target" position={Position.Top} className={classes.handle} />
      <span className={classes.kind} aria-hidden>
        <kind.icon size={18} stroke={1.75} />
      </span>
      <div className={classes.body}>
        <span className={classes.name} title={node.name}>
          {node.name}
        </span>
        <span className={classes.subtitle} title={subtitle(node, kind.label)}>
          {subtitle(node, kind.label)}
        </span>
        <Measures result={result} />
        {line !== "" && (
          <span className={classes.output} data-failed={result?.status === "failed" || undefined}>
            {line}
          </span>
        )}
      </div>
      <div className={classes.marks}>
        {status && <StatusMark status={status} />}
        {isStale && status !== "running" && (
          <span className={classes.stale} role="img" aria-label="Stale" title={STALE}>
            <IconClockExclamation size={16} stroke={2} />
          </span>
        )}
        <FindingsMark errors={data.errors} warnings={data.warnings} />
      </div>
      <RunMarks node={node.name} />
      <Handle type="source" position={Position.Bottom} className={classes.handle} />
    </div>
  );
}

function IoCardPlain({ data, selected }: NodeProps<IoNode>) {
  const size = ioSize(data.fields.length);
  const shown = shownFields(data.fields.length);
  const hidden = data.fields.length - shown;
  return (
    <div className={classes.io} style={size} data-selected={selected || undefined}>
      {data.end === "last" && <Handle type="target" position={Position.Top} className={classes.handle} />}
      <Text className={classes.ioTitle}>{data.title}</Text>
      {data.fields.length === 0 && <span className={classes.ioField}>none</span>}
      {data.fields.slice(0, shown).map((field) => (
        <span key={field.name} className={classes.ioField} title={`${field.name}: ${field.type}`}>
          <span className={classes.ioName}>{field.name}</span>
          <span className={classes.ioType}>{field.type}</span>
        </span>
      ))}
      {hidden > 0 && <span className={classes.ioField}>and {hidden} more</span>}
      {data.end === "first" && <Handle type="source" position={Position.Bottom} className={classes.handle} />}
    </div>
  );
}

/** The cards of the flow's graph, by the type of their node. */
export const NODE_TYPES = { step: memo(StepCardPlain), io: memo(IoCardPlain) };
