import { Code, Group, Stack, Text } from "@mantine/core";
import { useFlow } from "../../hooks/useFlowDocument";
import { useSource } from "../../hooks/useSource";
import { inputChanges } from "../../logic/edits/variables";
import type { FlowGraph, GraphNode, SourceReport } from "../../model";
import { CodeField } from "./CodeField";
import { NodeInputOffers } from "./InputOffers";

interface PythonEditorProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly path: string;
}

type Tool = NonNullable<SourceReport["tools"]>[number];

/** The parameters of a tool as they are written: `text: str, top_k: int = 3`. */
function signature({ name, parameters }: Tool): string {
  return `${name}(${(parameters ?? []).map((each) => `${each.name}${each.type ? `: ${each.type}` : ""}${each.default ? ` = ${each.default}` : ""}`).join(", ")})`;
}

/** A Python node's code: its text with what is wrong with it, its tool, and the inputs that the tool takes. */
export function PythonEditor({ flow, graph, node, path }: PythonEditorProps) {
  const report = useSource(flow, path, useFlow().text(path));
  const tools = report?.tools ?? [];
  const [tool] = tools;
  const has = Object.keys(node.inputs ?? {});
  const parameters = tool?.parameters ?? [];
  const changes = {
    missing: parameters.filter(({ name, required }) => required && !has.includes(name)).map(({ name }) => name),
    unused: inputChanges(parameters.map(({ name }) => name), has, tool?.open).unused,
  };
  return (
    <Stack gap="xs">
      <CodeField flow={flow} path={path} report={report} />
      {tool && tools.length === 1 && (
        <>
          <Group gap={6}>
            <Text size="xs" c="dimmed">
              Tool
            </Text>
            <Code fz={12}>{signature(tool)}</Code>
          </Group>
          <NodeInputOffers graph={graph} node={node} changes={changes} taker={tool.name} />
        </>
      )}
    </Stack>
  );
}
