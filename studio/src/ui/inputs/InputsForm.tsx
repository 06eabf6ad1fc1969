import { Badge, Group, JsonInput, PasswordInput, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";

import { ImageControl } from "./ImageControl";
import { editText, type Draft, type Field } from "./fields";

export interface InputsFormProps {
  readonly fields: readonly Field[];
  readonly draft: Draft;
  readonly errors: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
  readonly onChange: (name: string, text: string) => void;
}

interface FieldControlProps {
  readonly field: Field;
  readonly text: string;
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

function FieldLabel({ field }: { readonly field: Field }) {
  return (
    <Group component="span" gap={6} display="inline-flex" wrap="nowrap">
      <Text component="span" inherit truncate maw={260} title={field.name}>
        {field.name}
      </Text>
      <Badge component="span" size="xs" variant="default" tt="none" fw={400} ff="monospace" radius="sm">
        {field.typeLabel}
      </Badge>
    </Group>
  );
}

function emptyHint(field: Field): string {
  if (!field.hasDefault) return "";
  const text = editText(field.defaultValue).replaceAll(/\s+/g, " ");
  return text === "" ? "" : `default: ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}

function BooleanControl({ field, text, error, disabled, onChange }: FieldControlProps) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        <FieldLabel field={field} />
      </Text>
      {field.description !== null && (
        <Text size="xs" c="dimmed">
          {field.description}
        </Text>
      )}
      <SegmentedControl
        aria-label={field.name}
        disabled={disabled}
        w="fit-content"
        data={[{ label: "true", value: "true" }, { label: "false", value: "false" }, ...(field.required ? [] : [{ label: "default", value: "" }])]}
        value={text.toLowerCase()}
        onChange={onChange}
      />
      {error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function SelectControl({ field, text, onChange, shared }: Pick<FieldControlProps, "field" | "text" | "onChange"> & { readonly shared: object }) {
  return (
    <Select
      {...shared}
      data={field.options.map(editText)}
      value={text === "" ? null : text}
      clearable={!field.required}
      onChange={(chosen) => {
        onChange(chosen ?? "");
      }}
    />
  );
}

function FieldControl({ field, text, error, disabled, onChange }: FieldControlProps) {
  const shared = {
    label: <FieldLabel field={field} />,
    description: field.description ?? undefined,
    withAsterisk: field.required,
    error,
    disabled,
    placeholder: emptyHint(field),
    "aria-label": field.name,
  };
  if (field.options.length > 0) return <SelectControl field={field} text={text} onChange={onChange} shared={shared} />;
  const typed = (event: { readonly currentTarget: { readonly value: string } }): void => {
    onChange(event.currentTarget.value);
  };
  switch (field.kind) {
    case "boolean":
      return <BooleanControl field={field} text={text} error={error} disabled={disabled} onChange={onChange} />;
    case "integer":
    case "number":
      return <TextInput {...shared} value={text} onChange={typed} inputMode={field.kind === "integer" ? "numeric" : "decimal"} />;
    case "secret":
      return <PasswordInput {...shared} value={text} onChange={typed} autoComplete="off" />;
    case "list":
    case "object":
      return <JsonInput {...shared} value={text} onChange={onChange} formatOnBlur autosize minRows={2} maxRows={14} />;
    case "image":
      return <ImageControl label={shared.label} name={field.name} error={error} disabled={disabled} hint={shared.placeholder} required={field.required} text={text} onChange={onChange} />;
    case "text":
    case "template":
    case "any":
      return <Textarea {...shared} value={text} onChange={typed} autosize minRows={field.kind === "template" ? 3 : 1} maxRows={14} />;
  }
}

/** A form for declared inputs. It holds no state: whoever shows it keeps the draft, which reads as values by `coerceDraft`. */
export function InputsForm({ fields, draft, errors, disabled = false, onChange }: InputsFormProps) {
  if (fields.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Takes no inputs.
      </Text>
    );
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <FieldControl
          key={field.name}
          field={field}
          text={draft[field.name] ?? ""}
          error={errors[field.name]}
          disabled={disabled}
          onChange={(text) => {
            onChange(field.name, text);
          }}
        />
      ))}
    </Stack>
  );
}
