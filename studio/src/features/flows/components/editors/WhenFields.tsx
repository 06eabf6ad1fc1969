import { Group, Stack, Switch } from "@mantine/core";
import { useOffers } from "../../hooks/useLastRun";
import { useFlow } from "../../hooks/useFlowDocument";
import { conditionText, conditionValue, type NodeSettings, setActivate, setAggregation } from "../../logic/edits/settings";
import type { GraphNode } from "../../model";
import { ReferenceField } from "./ReferenceField";
import { Saved, tried } from "./Saved";

interface WhenFieldsProps {
  readonly node: GraphNode;
  readonly settings: NodeSettings;
}

const VALUES = ["true", "false"];

/** When a node runs: only where a value is another one, and once for each row or once for all. */
export function WhenFields({ node, settings }: WhenFieldsProps) {
  const { edit } = useFlow();
  const [first] = useOffers(node.name);
  const { activate, aggregation } = settings;
  const set = (condition: NodeSettings["activate"]) =>
    tried(() => {
      edit(`Set the condition of ${node.name}`, (doc) => {
        setActivate(doc, node.name, condition);
      });
    });
  const canAggregate = node.kind === "python" || node.kind === "aggregation" || node.kind === "tool";
  return (
    <Stack gap="xs">
      <Switch
        size="xs"
        label="Runs only on a condition"
        description={activate === null ? undefined : "Where it does not hold, the node is bypassed."}
        checked={activate !== null}
        onChange={(event) => {
          set(event.currentTarget.checked ? { when: first?.value ?? "", is: true } : null);
        }}
      />
      {activate !== null && (
        <Group gap={8} align="flex-start" wrap="nowrap">
          <ReferenceField label="When" node={node.name} saved={activate.when} placeholder="$ for a reference" onSave={(when) => set({ ...activate, when })} />
          <Saved
            flex={1}
            miw={0}
            label="Is"
            data={VALUES}
            saved={conditionText(activate.is)}
            placeholder="Nothing: an empty text"
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            onSave={(text) => set({ ...activate, is: conditionValue(text) })}
          />
        </Group>
      )}
      {canAggregate && (
        <Switch
          size="xs"
          label="Aggregation: runs once, after all rows"
          checked={aggregation}
          onChange={(event) => {
            const on = event.currentTarget.checked;
            edit(`${on ? "Make" : "Make no longer"} ${node.name} an aggregation`, (doc) => {
              setAggregation(doc, node.name, on);
            });
          }}
        />
      )}
    </Stack>
  );
}
