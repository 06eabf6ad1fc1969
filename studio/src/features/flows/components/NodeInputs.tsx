import { ActionIcon, Group, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { GuardedButton } from "@/ui/GuardedButton";
import { useFlow } from "../hooks/useFlowDocument";
import { removeInput, setInput } from "../logic/edits/nodes";
import { typedValue, valueText } from "../logic/edits/values";
import type { GraphNode } from "../model";
import { ReferenceField } from "./editors/ReferenceField";
import { tried } from "./editors/Saved";

interface NodeInputsProps {
  readonly node: GraphNode;
  /** Inputs that have fields elsewhere. */
  readonly isHidden?: ((name: string) => boolean) | undefined;
}

/** The inputs of a node as fields: values, or references to the flow's inputs and to other nodes. */
export function NodeInputs({ node, isHidden }: NodeInputsProps) {
  const { edit } = useFlow();
  const [fresh, setFresh] = useState("");
  const name = fresh.trim();
  const taken = Object.keys(node.inputs ?? {}).includes(name);
  const set = (input: string, value: unknown) => {
    edit(`Set ${input} of ${node.name}`, (doc) => {
      setInput(doc, node.name, input, value);
    });
  };
  return (
    <Stack gap="xs">
      {Object.entries(node.inputs ?? {})
        .filter(([input]) => isHidden?.(input) !== true)
        .map(([input, value]) => (
          <Group key={input} gap={4} align="flex-end" wrap="nowrap">
            <ReferenceField
              label={input}
              node={node.name}
              saved={valueText(value)}
              placeholder="A value, or $ for a reference"
              onSave={(text) => tried(() => { set(input, typedValue(text, value)); })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={`Remove input ${input}`}
              onClick={() => {
                edit(`Remove ${input} of ${node.name}`, (doc) => {
                  removeInput(doc, node.name, input);
                });
              }}
            >
              <IconX size={14} />
            </ActionIcon>
          </Group>
        ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name === "" || taken) return;
          set(name, "");
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
          <GuardedButton type="submit" size="xs" variant="default" leftSection={<IconPlus size={14} />} off={name === "" ? "Give it a name first." : taken ? `There is an input ${name} already.` : null}>
            Add input
          </GuardedButton>
        </Group>
      </form>
    </Stack>
  );
}
