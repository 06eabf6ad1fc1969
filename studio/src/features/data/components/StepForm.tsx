import { Checkbox, Group, MultiSelect, NumberInput, SegmentedControl, Select, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { telemetryPolicy } from "@/api/telemetry";
import type { TransformStep } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { CodeEditor } from "@/ui/CodeEditor";
import { readPairs, writePairs } from "../logic/steps";
import classes from "./Look.module.css";

type Of<K extends keyof TransformStep> = NonNullable<TransformStep[K]>;

interface FormProps<T> {
  readonly value: T;
  readonly columns: readonly string[];
  readonly change: (value: T) => void;
}

interface ColumnsFieldProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly value: readonly string[] | undefined;
  readonly placeholder?: string;
  readonly onChange: (value: string[]) => void;
}

function ColumnsField({ label, columns, value = [], placeholder = "All", onChange }: ColumnsFieldProps) {
  return <MultiSelect size="sm" label={label} data={[...new Set([...columns, ...value])]} value={[...value]} placeholder={value.length === 0 ? placeholder : ""} searchable clearable onChange={onChange} />;
}

function ColumnField({ columns, value, onChange }: { readonly columns: readonly string[]; readonly value: string; readonly onChange: (value: string) => void }) {
  return <Select label="Column" data={[...new Set([...columns, ...(value === "" ? [] : [value])])]} value={value === "" ? null : value} searchable allowDeselect={false} onChange={(next) => onChange(next ?? "")} />;
}

function Normalize({ value, columns, change }: FormProps<Of<"normalize">>) {
  return (
    <Stack gap="sm">
      <ColumnsField label="Columns" columns={columns} value={value.columns} placeholder="All texts" onChange={(next) => change({ ...value, columns: next })} />
      <Group gap="md">
        <SegmentedControl aria-label="Unicode form" size="xs" data={["NFKC", "NFC", "none"]} value={value.form ?? "NFKC"} onChange={(form) => change({ ...value, form })} />
        <Checkbox size="xs" label="White space" checked={value.whitespace ?? true} onChange={(event) => change({ ...value, whitespace: event.currentTarget.checked })} />
        <Checkbox size="xs" label="Lower case" checked={value.lowercase ?? false} onChange={(event) => change({ ...value, lowercase: event.currentTarget.checked })} />
      </Group>
    </Stack>
  );
}

function Deduplicate({ value, columns, change }: FormProps<Of<"deduplicate">>) {
  const near = value.near ?? null;
  return (
    <Stack gap="sm">
      <ColumnsField label="Equal in" columns={columns} value={value.columns} placeholder="All columns" onChange={(next) => change({ ...value, columns: next })} />
      <Checkbox size="xs" label="Nearly equal counts too" checked={near !== null} onChange={(event) => change({ ...value, near: event.currentTarget.checked ? 0.8 : null })} />
      {near !== null && (
        <Group gap="sm" grow>
          <NumberInput label="Similarity" description="Jaccard, 0.5 to 1" min={0.5} max={1} step={0.05} decimalScale={2} value={near} onChange={(next) => change({ ...value, near: Number(next) || 0.8 })} />
          <NumberInput label="Shingle" description="Characters in a row" min={1} max={50} value={value.shingle ?? 5} onChange={(next) => change({ ...value, shingle: Number(next) || 5 })} />
        </Group>
      )}
    </Stack>
  );
}

function FilterLength({ value, columns, change }: FormProps<Of<"filter_length">>) {
  return (
    <Stack gap="sm">
      <ColumnField columns={columns} value={value.column} onChange={(column) => change({ ...value, column })} />
      <Group gap="sm" grow align="flex-end">
        <NumberInput label="At least" min={0} value={value.min ?? 1} onChange={(next) => change({ ...value, min: Number(next) || 0 })} />
        <NumberInput label="At most" min={0} placeholder="any" value={value.max ?? ""} onChange={(next) => change({ ...value, max: next === "" ? null : Number(next) })} />
        <SegmentedControl aria-label="Counted in" size="xs" data={["characters", "words"]} value={value.unit ?? "characters"} onChange={(unit) => change({ ...value, unit })} />
      </Group>
    </Stack>
  );
}

function FilterLanguage({ value, columns, change }: FormProps<Of<"filter_language">>) {
  return (
    <Stack gap="sm">
      <ColumnField columns={columns} value={value.column} onChange={(column) => change({ ...value, column })} />
      <TagsInput size="sm" label="Languages" description="ISO 639-1: en, de, fr, …" value={[...value.languages]} onChange={(languages) => change({ ...value, languages: languages.map((each) => each.trim().toLowerCase()) })} />
      <NumberInput label="At least this sure" description="0 to 1" min={0} max={1} step={0.1} decimalScale={2} value={value.confidence ?? 0} onChange={(next) => change({ ...value, confidence: Number(next) || 0 })} />
    </Stack>
  );
}

function Redact({ value, columns, change }: FormProps<Of<"redact">>) {
  const rules = useQuery(telemetryPolicy.rules(useWorkspace()));
  return (
    <Stack gap="sm">
      <ColumnsField label="Columns" columns={columns} value={value.columns} placeholder="All texts" onChange={(next) => change({ ...value, columns: next })} />
      <MultiSelect
        size="sm"
        label="What"
        placeholder={(value.rules ?? []).length === 0 ? "All that is found" : ""}
        data={(rules.data?.items ?? []).map(({ name, title }) => ({ value: name, label: title }))}
        value={[...(value.rules ?? [])]}
        searchable
        clearable
        onChange={(next) => change({ ...value, rules: next })}
      />
    </Stack>
  );
}

const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } };

function MapColumns({ value, columns, change }: FormProps<Of<"map_columns">>) {
  const [rename, setRename] = useState(() => writePairs(value.rename));
  const [cast, setCast] = useState(() => writePairs(value.cast));
  return (
    <Stack gap="sm">
      <Textarea
        label="Rename"
        description="A line each: old: new"
        autosize
        minRows={1}
        styles={MONO}
        value={rename}
        onChange={(event) => {
          setRename(event.currentTarget.value);
          change({ ...value, rename: readPairs(event.currentTarget.value) });
        }}
      />
      <ColumnsField label="Keep only" columns={columns} value={value.keep} placeholder="All" onChange={(keep) => change({ ...value, keep })} />
      <ColumnsField label="Drop" columns={columns} value={value.drop} placeholder="None" onChange={(drop) => change({ ...value, drop })} />
      <Textarea
        label="Cast"
        description="A line each: column: string, integer, number or boolean"
        autosize
        minRows={1}
        styles={MONO}
        value={cast}
        onChange={(event) => {
          setCast(event.currentTarget.value);
          change({ ...value, cast: readPairs(event.currentTarget.value) as NonNullable<typeof value.cast> });
        }}
      />
    </Stack>
  );
}

function Sql({ value, change }: FormProps<Of<"sql">>) {
  return (
    <div className={classes.editor}>
      <CodeEditor value={value.query} path="step.sql" label="SELECT over the table data" onChange={(query) => change({ query })} />
    </div>
  );
}

function Python({ value, change }: FormProps<Of<"python">>) {
  return (
    <Stack gap="sm">
      <TextInput label="Function" placeholder="clean.py:clean" value={value.function} onChange={(event) => change({ ...value, function: event.currentTarget.value })} />
      <SegmentedControl
        aria-label="What it is given"
        size="xs"
        data={[
          { value: "row", label: "A row" },
          { value: "rows", label: "All rows" },
          { value: "table", label: "A DataFrame" },
        ]}
        value={value.mode ?? "row"}
        onChange={(mode) => change({ ...value, mode })}
      />
      <Text size="xs" c="dimmed">
        Its file is uploaded below the steps.
      </Text>
    </Stack>
  );
}

interface StepFormProps {
  readonly step: TransformStep;
  readonly columns: readonly string[];
  readonly change: (step: TransformStep) => void;
}

/** The fields of one step. */
export function StepForm({ step, columns, change }: StepFormProps) {
  if (step.normalize) return <Normalize value={step.normalize} columns={columns} change={(normalize) => change({ normalize })} />;
  if (step.deduplicate) return <Deduplicate value={step.deduplicate} columns={columns} change={(deduplicate) => change({ deduplicate })} />;
  if (step.filter_length) return <FilterLength value={step.filter_length} columns={columns} change={(next) => change({ filter_length: next })} />;
  if (step.filter_language) return <FilterLanguage value={step.filter_language} columns={columns} change={(next) => change({ filter_language: next })} />;
  if (step.redact) return <Redact value={step.redact} columns={columns} change={(redact) => change({ redact })} />;
  if (step.map_columns) return <MapColumns value={step.map_columns} columns={columns} change={(next) => change({ map_columns: next })} />;
  if (step.sql) return <Sql value={step.sql} columns={columns} change={(sql) => change({ sql })} />;
  if (step.python) return <Python value={step.python} columns={columns} change={(python) => change({ python })} />;
  return null;
}
