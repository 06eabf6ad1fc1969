import { Stack, Text } from "@mantine/core";
import { useFlow } from "../../hooks/useFlowDocument";
import { useSource } from "../../hooks/useSource";
import { inputChanges } from "../../logic/edits/variables";
import { isModelInput } from "../../logic/parameters";
import type { FlowGraph, GraphNode } from "../../model";
import { CodeField } from "./CodeField";
import { NodeInputOffers } from "./InputOffers";
import { Previewing } from "./PromptPreview";

interface PromptEditorProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly path: string;
}

/** A node's prompt: its text, the inputs that it takes, and how it looks with their values. */
export function PromptEditor({ flow, graph, node, path }: PromptEditorProps) {
  const report = useSource(flow, path, useFlow().text(path));
  const isReserved = node.kind === "llm" ? isModelInput : () => false;
  const variables = (report?.variables ?? []).map(({ name }) => name);
  const reserved = variables.filter(isReserved);
  const isRead = report !== undefined && (report.findings ?? []).length === 0;
  const changes = inputChanges(
    variables.filter((name) => !isReserved(name)),
    Object.keys(node.inputs ?? {}).filter((name) => !isReserved(name)),
    "prompt" in (node.inputs ?? {}),
  );
  return (
    <Stack gap="xs">
      <CodeField flow={flow} path={path} report={report} />
      {reserved.length > 0 && (
        <Text size="xs" c="var(--fy-bad)" role="status">
          {`${reserved.join(", ")}: a parameter of the model has this name. Rename the variable.`}
        </Text>
      )}
      {isRead && <NodeInputOffers graph={graph} node={node} changes={changes} taker="the prompt" />}
      <Previewing flow={flow} node={node} path={path} variables={variables} />
    </Stack>
  );
}
