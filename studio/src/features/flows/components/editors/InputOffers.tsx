import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useFlow } from "../../hooks/useFlowDocument";
import { removeInput, setInput } from "../../logic/edits/nodes";
import { firstValue, type InputChanges, renameNodeInput } from "../../logic/edits/variables";
import type { FlowGraph, GraphNode } from "../../model";

interface InputOffersProps {
  readonly changes: InputChanges;
  /** What of the file takes the inputs: "the prompt", "the code". */
  readonly taker: string;
  readonly onAdd: (names: readonly string[]) => void;
  readonly onRemove: (name: string) => void;
  readonly onRename: (old: string, name: string) => void;
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

/** What the file takes and is not given, and the other way round, each with the edit that mends it. */
export function InputOffers({ changes: { missing, unused }, taker, onAdd, onRemove, onRename }: InputOffersProps) {
  const [only] = missing;
  return (
    <Stack gap={6} role="status" aria-label={`Inputs that ${taker} takes`}>
      {missing.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="var(--fy-warn)">{`Not given to ${taker}:`}</Text>
          {missing.map((name) => (
            <Offer key={name} icon={<IconPlus size={13} />} onClick={() => { onAdd([name]); }}>{`Add input ${name}`}</Offer>
          ))}
          {missing.length > 1 && <Offer icon={<IconPlus size={13} />} onClick={() => { onAdd(missing); }}>Add all</Offer>}
          {only !== undefined && missing.length === 1 && unused.map((old) => (
            <Offer key={old} icon={<IconPencil size={13} />} onClick={() => { onRename(old, only); }}>{`Rename ${old} to ${only}`}</Offer>
          ))}
        </Group>
      )}
      {unused.length > 0 && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">{`Given, and not used by ${taker}:`}</Text>
          {unused.map((name) => (
            <Offer key={name} icon={<IconX size={13} />} onClick={() => { onRemove(name); }}>{`Remove input ${name}`}</Offer>
          ))}
        </Group>
      )}
    </Stack>
  );
}

interface NodeInputOffersProps extends Pick<InputOffersProps, "changes" | "taker"> {
  readonly graph: FlowGraph;
  readonly node: GraphNode;
}

/** What the file takes and the node does not give, and the other way round. A value that was removed comes back with its input. */
export function NodeInputOffers({ graph, node, ...shown }: NodeInputOffersProps) {
  const { edit } = useFlow();
  const removed = useRef(new Map<string, unknown>());
  return (
    <InputOffers
      {...shown}
      onAdd={(names) => {
        edit(names.length === 1 ? `Add input ${names.join()} to ${node.name}` : `Add inputs to ${node.name}`, (doc) => {
          for (const name of names) setInput(doc, node.name, name, removed.current.get(name) ?? firstValue(graph, node.name, name));
        });
      }}
      onRemove={(name) => {
        removed.current.set(name, node.inputs?.[name]);
        edit(`Remove ${name} of ${node.name}`, (doc) => {
          removeInput(doc, node.name, name);
        });
      }}
      onRename={(old, name) => {
        edit(`Rename input ${old} of ${node.name} to ${name}`, (doc) => {
          renameNodeInput(doc, node.name, old, name);
        });
      }}
    />
  );
}
