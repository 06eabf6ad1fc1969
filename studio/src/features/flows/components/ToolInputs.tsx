import { Stack } from "@mantine/core";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { useNodeInput } from "../hooks/useNodeInput";
import { shownInputs } from "../logic/toolInputs";
import type { FlowTool, GraphNode } from "../model";
import { GeneratedField } from "./GeneratedField";
import { Field } from "./ToolField";

/** The inputs of a node that is a package's tool, as the package says they are: what enables them, and what they may be. */
export function ToolInputs({ flow, node, tool }: { readonly flow: string; readonly node: GraphNode; readonly tool: FlowTool }) {
  const { save, error, off } = useNodeInput(node.name);
  const values = node.connection ? { connection: node.connection, ...node.inputs } : (node.inputs ?? {});
  return (
    <Stack gap="xs">
      {shownInputs(tool, values)
        .filter((input) => input.name !== "connection" || !node.connection)
        .map((input) => {
          const OneField = input.generated_by ? GeneratedField : Field;
          return (
            <OneField
              key={input.name}
              flow={flow}
              node={node.name}
              tool={tool}
              input={input}
              values={values}
              disabled={off}
              onSave={(value) => {
                save(input.name, value);
              }}
            />
          );
        })}
      {error !== null && <ErrorPanel error={error} />}
    </Stack>
  );
}
