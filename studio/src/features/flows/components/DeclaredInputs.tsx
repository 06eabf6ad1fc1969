import { Text } from "@mantine/core";
import { KeyValue } from "@/ui/KeyValue";
import type { GraphNode } from "../model";

function Declared({ value }: { readonly value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const isReference = typeof value === "string" && /^\$\{.*\}$/.test(value);
  return (
    <Text span inherit ff="monospace" fz={12} c={isReference ? "var(--fy-accent-text)" : undefined} style={{ overflowWrap: "anywhere" }}>
      {text}
    </Text>
  );
}

/** What the node's file says of its inputs. */
export function DeclaredInputs({ node }: { readonly node: GraphNode }) {
  const entries = Object.entries(node.inputs ?? {});
  if (entries.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None.
      </Text>
    );
  return <KeyValue entries={entries.map(([name, value]) => [name, <Declared key={name} value={value} />])} />;
}
