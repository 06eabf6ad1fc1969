import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useFlow } from "../../hooks/useFlowDocument";
import { removeInput, setInput } from "../../logic/edits/nodes";
import { firstValue, type InputChanges, renameNodeInput } from "../../logic/edits/variables";
import type { FlowGraph, GraphNode } from "../../model";

interface InputOffersProps {
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly changes: InputChanges;
  /** What of the file takes the inputs: "the prompt", "the code". */
  readonly taker: string;
}

interface OfferProps {
  readonly icon: ReactNode;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Offer({ icon, onClick, children }: OfferProps) {
  return (
    <Button size="compact-xs" variant="default" leftSection={icon} onClick={onClick}>
      {children}
    </Button>
  );
}

/** What the file takes and the node does not give, and the other way round, each with the edit that mends it. A value that was removed comes back with its input. */
export function InputOffers({ graph, node, changes, taker }: InputOffersProps) {
  const { edit } = useFlow();
  const removed = useRef(new Map<string, unknown>());
  const { missing, unused } = changes;
  const add = (names: readonly string[]) => {
    edit(names.length === 1 ? `Add input ${names.join()} to ${node.name}` : `Add inputs to ${node.name}`, (doc) => {
      for (const name of names) setInput(doc, node.name, name, removed.current.get(name) ?? firstValue(graph, node.name, name));
    });
  };
  const remove = (name: string) => {
    removed.current.set(name, node.inputs?.[name]);
    edit(`Remove ${name} of ${node.name}`, (doc) => {
      removeInput(doc, node.name, name);
    });
  };
  const rename = (old: string, name: string) => {
    edit(`Rename input ${old} of ${node.name} to ${name}`, (doc) => {
      renameNodeInput(doc, node.name, old, name);
    });
  };
  const [only] = missing;
  return (
    <Stack gap={6} role="status" aria-label={`Inputs that ${taker} takes`}>
      {missing.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="var(--fy-warn)">{`Not given to ${taker}:`}</Text>
          {missing.map((name) => (
            <Offer key={name} icon={<IconPlus size={13} />} onClick={() => { add([name]); }}>{`Add input ${name}`}</Offer>
          ))}
          {missing.length > 1 && <Offer icon={<IconPlus size={13} />} onClick={() => { add(missing); }}>Add all</Offer>}
          {only !== undefined && missing.length === 1 && unused.map((old) => (
            <Offer key={old} icon={<IconPencil size={13} />} onClick={() => { rename(old, only); }}>{`Rename ${old} to ${only}`}</Offer>
          ))}
        </Group>
      )}
      {unused.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">{`Given, and not used by ${taker}:`}</Text>
          {unused.map((name) => (
            <Offer key={name} icon={<IconX size={13} />} onClick={() => { remove(name); }}>{`Remove input ${name}`}</Offer>
          ))}
        </Group>
      )}
    </Stack>
  );
}
