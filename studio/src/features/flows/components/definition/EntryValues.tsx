import { ActionIcon, Badge, Group, Input, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { coerceField, editText } from "@/ui/inputs/fields";
import { useFlow } from "../../hooks/useFlowDocument";
import { type EntryValue, setSample } from "../../logic/edits/flex";
import { putAt } from "../../logic/edits/paths";
import { EditorCard } from "../editors/EditorCard";
import { Saved, tried } from "../editors/Saved";
import classes from "./definition.module.css";

type Part = "init" | "inputs";

interface ValueProps {
  readonly part: Part;
  readonly value: EntryValue;
  readonly inFile: boolean;
}

interface FieldProps {
  readonly value: EntryValue;
  readonly label: string;
  readonly saved: unknown;
  readonly placeholder: string;
  readonly onSet: (value: unknown) => void;
}

/** A value as its type is typed; nothing typed is nothing set. */
function ValueField({ value: { name, field }, label, saved, placeholder, onSet }: FieldProps) {
  return (
    <Saved
      label={label}
      aria-label={`${label} of ${name}`}
      data={field.kind === "boolean" ? ["true", "false"] : []}
      saved={editText(saved)}
      placeholder={placeholder}
      onSave={(text) => {
        const read = text === "" ? ({ kind: "omitted" } as const) : coerceField(field, text);
        if (read.kind === "error") return read.message;
        return tried(() => {
          onSet(read.kind === "value" ? read.value : undefined);
        });
      }}
    />
  );
}

function Value({ part, value, inFile }: ValueProps) {
  const { edit } = useFlow();
  const { name, field, codeDefault, declared, sample, isStrange } = value;
  const set = (given: unknown) => {
    edit(`Set ${name}`, (doc) => {
      setSample(doc, part, name, given);
    });
  };
  const own = declared?.default;
  const applies = own === undefined || own === "" ? codeDefault : editText(own);
  return (
    <div role="group" aria-label={`${part === "init" ? "Made with" : "Input"} ${name}`} className={classes.value}>
      <div className={classes.named}>
        <Text size="sm" ff="monospace" fz={13} className="fy-truncate" title={name}>
          {name}
        </Text>
        <Badge variant="default" size="sm" radius="sm" tt="none" fw={400} ff="monospace">
          {field.typeLabel}
        </Badge>
      </div>
      {declared === null ? (
        <div>
          <Input.Label size="xs" labelElement="div">Default</Input.Label>
          <Text size="xs" mt={6} c="dimmed" ff="monospace" className="fy-truncate" title={codeDefault ?? undefined}>
            {codeDefault ?? "None: it needs a value"}
          </Text>
        </div>
      ) : (
        <ValueField
          value={value}
          label="Default"
          saved={own}
          placeholder={codeDefault === null ? "None: it needs a value" : `The code’s: ${codeDefault}`}
          onSet={(given) => {
            edit(`Set the default of ${name}`, (doc) => {
              putAt(doc, [part, name, "default"], given);
            });
          }}
        />
      )}
      {inFile ? <div /> : <ValueField value={value} label="Sample" saved={sample} placeholder={applies === null ? "None" : `Default: ${applies}`} onSet={set} />}
      {isStrange && (
        <Group gap={6} className={classes.wide}>
          <Text size="xs" c="var(--fy-bad)">{`The code takes no ${name}.`}</Text>
          {sample !== undefined && (
            <ActionIcon size={20} variant="subtle" color="gray" aria-label={`Remove the sample of ${name}`} onClick={() => { set(undefined); }}>
              <IconX size={13} />
            </ActionIcon>
          )}
        </Group>
      )}
    </div>
  );
}

interface EntryValuesProps {
  readonly title: string;
  readonly part: Part;
  readonly values: readonly EntryValue[];
  /** The sample's values are in a file of their own. */
  readonly inFile: boolean;
  readonly nothing: string;
}

/** What an entry takes, when it is made or for each call: names, types and defaults of its code, and the values of the sample, which tests use. */
export function EntryValues({ title, part, values, inFile, nothing }: EntryValuesProps) {
  return (
    <EditorCard
      title={title}
      aside={
        inFile && (
          <Text size="xs" c="dimmed">
            The sample is in a file of its own
          </Text>
        )
      }
    >
      {values.length === 0 && (
        <Text size="sm" c="dimmed">
          {nothing}
        </Text>
      )}
      {values.map((value) => (
        <Value key={value.name} part={part} value={value} inFile={inFile} />
      ))}
    </EditorCard>
  );
}
