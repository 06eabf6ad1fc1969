import { Group, Select, Stack, Table, Text } from "@mantine/core";
import type { Document } from "yaml";
import { useUrlState } from "@/lib/url";
import { MergeView } from "@/ui/MergeView";
import { useFlow } from "../../hooks/useFlowDocument";
import { useVariantGraph } from "../../hooks/useVariantGraph";
import { type VariantDifference, variantDifferences } from "../../logic/edits/variants";
import type { FlowGraph, GraphNode } from "../../model";
import classes from "./VariantsTab.module.css";

function differences(yaml: Document | null, name: string, left: string, right: string): readonly VariantDifference[] {
  try {
    return yaml ? variantDifferences(yaml, name, left, right) : [];
  } catch {
    // One of them was removed a moment ago: it goes from what can be chosen with the next picture.
    return [];
  }
}

function said(value: unknown): string {
  return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}

function Texts({ left, right }: { readonly left: string; readonly right: string }) {
  const { text, setText, readOnly } = useFlow();
  const [theirs, mine] = [text(left), text(right)];
  if (left === right)
    return (
      <Text size="sm" c="dimmed">
        Both have the text of {left}.
      </Text>
    );
  if (theirs === null || mine === null) return <Text size="sm" c="dimmed">Reading {theirs === null ? left : right}</Text>;
  return (
    <div className={classes.merge}>
      <MergeView
        key={`${left} ${right}`}
        path={right}
        theirs={theirs}
        mine={mine}
        theirsLabel={left}
        mineLabel={right}
        {...(readOnly === null ? { onChange: (next: string) => { setText(right, next); } } : {})}
      />
    </div>
  );
}

/** Two variants beside each other: the fields that differ, and their texts; the right one is edited in place. */
export function VariantDiff({ graph, node }: { readonly graph: FlowGraph; readonly node: GraphNode }) {
  const { yaml } = useFlow();
  const ids = node.variants ?? [];
  const [askedLeft, setLeft] = useUrlState("left");
  const [askedRight, setRight] = useUrlState("right");
  const left = ids.includes(askedLeft) ? askedLeft : (ids[0] ?? "");
  const right = ids.includes(askedRight) ? askedRight : (ids.find((id) => id !== left) ?? "");
  const found = differences(yaml, node.name, left, right);
  const [a, b] = [useVariantGraph(graph, node.name, left)?.node.source, useVariantGraph(graph, node.name, right)?.node.source];
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Select size="xs" label="Left" data={[...ids]} value={left} allowDeselect={false} onChange={setLeft} />
        <Select size="xs" label="Right" data={[...ids]} value={right} allowDeselect={false} onChange={setRight} />
      </Group>
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          Model, parameters and inputs are the same.
        </Text>
      ) : (
        <Table aria-label="What differs" fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>{left}</Table.Th>
              <Table.Th>{right}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((each) => (
              <Table.Tr key={each.field}>
                <Table.Td ff="monospace">{each.field}</Table.Td>
                <Table.Td {...(each.left === undefined ? { c: "dimmed" } : {})}>{said(each.left)}</Table.Td>
                <Table.Td {...(each.right === undefined ? { c: "dimmed" } : {})}>{said(each.right)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {a && b && <Texts left={a} right={b} />}
    </Stack>
  );
}
