import { ActionIcon, Autocomplete, Button, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { useFlow } from "../hooks/useFlowDocument";
import { useNodeInput } from "../hooks/useNodeInput";
import { removeInput } from "../logic/edits/nodes";
import { typedValue } from "../logic/edits/values";
import type { FlowGraph, GraphNode } from "../model";

interface RowProps {
  readonly name: string;
  readonly value: unknown;
  readonly choices: string[];
  readonly onSave: (value: unknown) => void;
  readonly onRemove: () => void;
}

/** One input: its value is set when one leaves the field or presses Enter. */
function Row({ name, value, choices, onSave, onRemove }: RowProps) {
  const isWritten = typeof value === "object" && value !== null;
  const shown = typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
  const [text, setText] = useState(shown);
  const save = (next: string) => {
    if (next !== shown) onSave(typedValue(next, value));
  };
  return (
    <Group gap={4} align="flex-end" wrap="nowrap">
      <Autocomplete
        flex={1}
        size="xs"
        label={name}
        description={isWritten ? "A list or an object: change it under Files." : undefined}
        readOnly={isWritten}
        data={isWritten ? [] : choices}
        value={text}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        onChange={setText}
        onOptionSubmit={save}
        onBlur={() => {
          save(text);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") save(event.currentTarget.value);
        }}
      />
      <ActionIcon variant="subtle" color="gray" size={30} aria-label={`Remove input ${name}`} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </Group>
  );
}

interface NodeInputsProps {
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  /** Inputs that have fields elsewhere. */
  readonly isHidden?: ((name: string) => boolean) | undefined;
}

/** The inputs of a node as fields: values, or references to the flow's inputs and to other nodes. */
export function NodeInputs({ graph, node, isHidden }: NodeInputsProps) {
  const { edit } = useFlow();
  const { save, error } = useNodeInput(node.name);
  const [fresh, setFresh] = useState("");
  const choices = [
    ...graph.inputs.map((input) => `\${inputs.${input.name}}`),
    ...graph.nodes.filter((each) => each.name !== node.name).map((each) => `\${${each.name}.output}`),
  ];
  const name = fresh.trim();
  const taken = Object.keys(node.inputs ?? {}).includes(name);
  return (
    <Stack gap="xs">
      {Object.entries(node.inputs ?? {}).filter(([input]) => isHidden?.(input) !== true).map(([input, value]) => (
        <Row
          key={`${input} ${JSON.stringify(value)}`}
          name={input}
          value={value}
          choices={choices}
          onSave={(next) => {
            save(input, next);
          }}
          onRemove={() => {
            edit(`Remove ${input} of ${node.name}`, (doc) => {
              removeInput(doc, node.name, input);
            });
          }}
        />
      ))}
      {error !== null && <ErrorPanel error={error} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name === "" || taken) return;
          save(name, "");
          setFresh("");
        }}
      >
        <Group gap={4} align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            size="xs"
            label="New input"
            value={fresh}
            error={taken ? `There is an input ${name} already.` : null}
            onChange={(event) => {
              setFresh(event.currentTarget.value);
            }}
          />
          <Button type="submit" size="xs" variant="default" leftSection={<IconPlus size={14} />} disabled={name === "" || taken}>
            Add input
          </Button>
        </Group>
      </form>
    </Stack>
  );
}
