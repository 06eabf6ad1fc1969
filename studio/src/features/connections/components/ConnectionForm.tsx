import { Button, Group, Paper, PasswordInput, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { connections } from "@/api/connections";
import type { Connection, ConnectionType } from "@/api/types";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { initialForm, problemsOf, toWrite } from "../form";
import { type Field, KINDS } from "../kinds";
import { PairsInput } from "./PairsInput";

const TYPE_OPTIONS = Object.entries(KINDS)
  .filter(([type]) => type !== "local")
  .map(([value, kind]) => ({ value, label: kind.label }));

interface FieldInputProps {
  field: Field;
  value: string;
  kept: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}

function FieldInput({ field, value, kept, error, onChange }: FieldInputProps) {
  const shared = { label: field.label, description: field.description, error, withAsterisk: field.required ?? false };
  if (field.choices) return <Select {...shared} data={field.choices} value={value || null} placeholder={field.choices[0] ?? ""} clearable onChange={(next) => onChange(next ?? "")} />;
  if (field.secret) {
    return (
      <PasswordInput
        {...shared}
        autoComplete="off"
        data-1p-ignore
        placeholder={kept ? "Set. Leave empty to keep it." : ""}
        description={field.description ?? "Encrypted when stored, and never shown again"}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (field.multiline) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={6}
        maxRows={18}
        placeholder={field.placeholder ?? ""}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return <TextInput {...shared} placeholder={field.placeholder ?? ""} value={value} onChange={(event) => onChange(event.currentTarget.value)} />;
}

interface ConnectionFormProps {
  workspace: string;
  /** What is edited; undefined makes a new one. */
  connection?: Connection;
  onSaved: (saved: Connection) => void;
  onCancel?: () => void;
}

/** Makes or changes a connection. Secrets go in and never come out. */
export function ConnectionForm({ workspace, connection, onSaved, onCancel }: ConnectionFormProps) {
  const client = useQueryClient();
  const [form, setForm] = useState(() => initialForm(connection));
  const [tried, setTried] = useState(false);
  const set = connection?.type === form.type ? connection.secrets : [];
  const problems = tried ? problemsOf(form, set) : {};
  const save = useMutation({
    mutationFn: () => {
      const body = toWrite(form, set);
      return connection ? connections.replace(workspace, connection.name, body) : connections.create(workspace, body);
    },
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["connections", workspace] });
      onSaved(saved);
    },
  });
  const kind = KINDS[form.type];
  return (
    <Paper p="lg" maw={680}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (Object.keys(problemsOf(form, set)).length === 0) save.mutate();
        }}
      >
        <Stack gap="md">
          {!connection && (
            <>
              <Select
                label="Type"
                data={TYPE_OPTIONS}
                value={form.type}
                allowDeselect={false}
                searchable
                onChange={(type) => {
                  if (type) setForm((before) => ({ ...before, type: type as ConnectionType, values: {} }));
                }}
              />
              <TextInput
                label="Name"
                withAsterisk
                description="Flows name it, and models behind it are called name/model"
                error={problems.name}
                value={form.name}
                onChange={(event) => {
                  const name = event.currentTarget.value;
                  setForm((before) => ({ ...before, name }));
                }}
              />
            </>
          )}
          <Text size="sm" c="dimmed">
            {kind.about}
          </Text>
          {kind.fields.map((field) => (
            <FieldInput
              key={`${form.type} ${field.key}`}
              field={field}
              value={form.values[field.key] ?? ""}
              kept={set.includes(field.key)}
              error={problems[field.key]}
              onChange={(value) => {
                setForm((before) => ({ ...before, values: { ...before.values, [field.key]: value } }));
              }}
            />
          ))}
          {kind.open && (
            <PairsInput
              pairs={form.pairs}
              error={problems.pairs}
              onChange={(pairs) => {
                setForm((before) => ({ ...before, pairs }));
              }}
            />
          )}
          {save.error && <ErrorPanel error={save.error} />}
          <Group gap="sm" justify="flex-end">
            {onCancel && (
              <Button variant="default" onClick={onCancel}>
                Cancel
              </Button>
            )}
            <Button type="submit" loading={save.isPending}>
              {connection ? "Save" : "Create"}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
