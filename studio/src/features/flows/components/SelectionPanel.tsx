import { Button, CloseButton, Group, Text } from "@mantine/core";
import { IconCopy, IconCopyPlus, IconTrash } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { GuardedButton } from "@/ui/GuardedButton";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { Panel, Section } from "@/ui/Panel";
import type { GraphNode } from "../model";
import type { GraphActions } from "./GraphMenu";
import classes from "./SelectionPanel.module.css";

interface SelectionPanelProps {
  readonly nodes: readonly GraphNode[];
  readonly actions: GraphActions;
  readonly onGo: (name: string) => void;
  readonly onClose: () => void;
}

/** Several nodes that are selected: which, and what can be done to them together. */
export function SelectionPanel({ nodes, actions, onGo, onClose }: SelectionPanelProps) {
  return (
    <Panel
      head={
        <>
          <Text fw={600} flex={1} role="status">
            {formatNumber(nodes.length)} nodes selected
          </Text>
          <CloseButton aria-label="Back to the test run" onClick={onClose} />
        </>
      }
    >
      <Section title="All of them">
        <Group gap="xs">
          <Button size="xs" variant="default" leftSection={<IconCopy size={14} />} onClick={actions.copy}>
            Copy
          </Button>
          <GuardedButton size="xs" variant="default" off={actions.fixed} leftSection={<IconCopyPlus size={14} />} onClick={actions.duplicate}>
            Duplicate
          </GuardedButton>
          <GuardedButton size="xs" variant="default" off={actions.fixed} leftSection={<IconTrash size={14} />} onClick={actions.remove}>
            Delete
          </GuardedButton>
        </Group>
      </Section>
      <Section title="Nodes">
        <ul className={classes.list}>
          {nodes.map(({ name, kind: of, model, source, tool }) => {
            const kind = NODE_KINDS[of];
            return (
              <li key={name}>
                <button type="button" className={classes.node} onClick={() => { onGo(name); }}>
                  <kind.icon size={16} stroke={1.75} color={kind.color} aria-hidden />
                  <span className={classes.name}>{name}</span>
                  <span className={classes.what}>{model ?? source ?? tool ?? kind.label}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </Section>
    </Panel>
  );
}
