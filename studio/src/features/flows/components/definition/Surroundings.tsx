import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { GuardedButton } from "@/ui/GuardedButton";
import { editText } from "@/ui/inputs/fields";
import { useFlow } from "../../hooks/useFlowDocument";
import { addInclude, removeInclude } from "../../logic/edits/flex";
import { putAt } from "../../logic/edits/paths";
import { EditorCard } from "../editors/EditorCard";
import { Saved, tried } from "../editors/Saved";

interface AddProps {
  readonly label: string;
  readonly button: string;
  readonly problemOf: (text: string) => string | null;
  readonly onAdd: (text: string) => void;
}

function Add({ label, button, problemOf, onAdd }: AddProps) {
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  const problem = text === "" ? null : problemOf(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text === "" || problem !== null) return;
        onAdd(text);
        setTyped("");
      }}
    >
      <Group gap={4} align="flex-start" wrap="nowrap">
        <TextInput flex={1} size="xs" label={label} value={typed} error={problem} onChange={(event) => { setTyped(event.currentTarget.value); }} />
        <GuardedButton type="submit" size="xs" mt={24} variant="default" leftSection={<IconPlus size={14} />} off={text === "" ? "Write it into the field first." : problem}>
          {button}
        </GuardedButton>
      </Group>
    </form>
  );
}

/** The variables that a flow's process gets. */
export function Variables({ variables }: { readonly variables: Readonly<Record<string, unknown>> }) {
  const { edit } = useFlow();
  return (
    <EditorCard title="Environment variables">
      {Object.entries(variables).map(([name, value]) => (
        <Group key={name} gap={4} align="flex-start" wrap="nowrap" role="group" aria-label={`Variable ${name}`}>
          <Saved
            flex={1}
            label={name}
            data={[]}
            saved={editText(value)}
            placeholder="An empty text"
            description="A value, or ${connection.key}"
            inputWrapperOrder={["label", "input", "error", "description"]}
            onSave={(text) =>
              tried(() => {
                edit(`Set ${name}`, (doc) => {
                  putAt(doc, ["environment_variables", name], text);
                });
              })
            }
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            mt={22}
            aria-label={`Delete variable ${name}`}
            onClick={() => {
              edit(`Delete ${name}`, (doc) => {
                putAt(doc, ["environment_variables", name], undefined);
              });
            }}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Add
        label="New variable"
        button="Add variable"
        problemOf={(name) => (!/^[A-Za-z_]\w*$/.test(name) ? "A name has letters, digits and _, and begins with no digit." : name in variables ? `There is ${name} already.` : null)}
        onAdd={(name) => {
          edit(`Add ${name}`, (doc) => {
            putAt(doc, ["environment_variables", name], "");
          });
        }}
      />
    </EditorCard>
  );
}

/** Files and folders outside of the flow that go with it. */
export function Includes({ includes }: { readonly includes: readonly string[] }) {
  const { edit } = useFlow();
  return (
    <EditorCard title="Additional includes">
      {includes.map((path, index) => (
        <Group key={path} gap={4} wrap="nowrap">
          <Text size="sm" ff="monospace" fz={13} flex={1} className="fy-truncate" title={path}>
            {path}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={`Delete include ${path}`}
            onClick={() => {
              edit(`Delete the include ${path}`, (doc) => {
                removeInclude(doc, index);
              });
            }}
          >
            <IconTrash size={14} />
          </ActionIcon>
        </Group>
      ))}
      <Add
        label="New include, a path from the flow’s folder"
        button="Add include"
        problemOf={(path) => (includes.includes(path) ? `${path} is included already.` : null)}
        onAdd={(path) => {
          edit(`Include ${path}`, (doc) => {
            addInclude(doc, path);
          });
        }}
      />
    </EditorCard>
  );
}
