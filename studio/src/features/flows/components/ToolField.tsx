import { ActionIcon, Autocomplete, Loader, TagsInput, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flows } from "@/api/flows";
import { asProblem } from "@/api/problem";
import { useWorkspace } from "@/lib/workspace";
import { useIndexValues } from "../hooks/useIndexValues";
import { useOffers } from "../hooks/useLastRun";
import { matching } from "../logic/flowReferences";
import { isReference, known, parsed, textOf } from "../logic/toolInputs";
import type { FlowTool, ToolInput, ToolValue } from "../model";
import { OfferOption } from "./editors/OfferOption";

export interface FieldProps {
  readonly flow: string;
  readonly node: string;
  readonly tool: FlowTool;
  readonly input: ToolInput;
  readonly values: Readonly<Record<string, unknown>>;
  readonly disabled: boolean;
  readonly onSave: (value: unknown) => void;
}

/** What may be chosen for an input: its enumeration, or what its package offers once somebody looks. */
function useOffered({ flow, tool, input, values }: FieldProps) {
  const workspace = useWorkspace();
  const [asked, setAsked] = useState(false);
  const query = useQuery({
    ...flows.toolValues(workspace, flow, { tool: tool.id, input: input.name, scenario: "dynamic_list", inputs: known(tool, input, values) }),
    enabled: asked && input.offers_values === true,
  });
  const own = useIndexValues(tool, input, values, asked);
  const fixed = [...(input.enum ?? []).map((value): ToolValue => ({ value })), ...own];
  return {
    offered: input.offers_values ? (query.data?.values ?? []) : fixed,
    loading: query.isFetching,
    problem: query.error && !query.isFetching ? asProblem(query.error) : null,
    loaded: query.data !== undefined,
    ask: () => {
      setAsked(true);
    },
    reload: () => {
      setAsked(true);
      if (asked) void query.refetch();
    },
  };
}

function Option({ value, offered }: { readonly value: string; readonly offered: readonly ToolValue[] }) {
  const found = offered.find((item) => textOf(item.value) === value);
  const label = found?.display_value ?? value;
  return (
    <div>
      <Text size="sm">{label}</Text>
      {label !== value && (
        <Text size="xs" c="dimmed" ff="monospace">
          {value}
        </Text>
      )}
      {found?.description && (
        <Text size="xs" c="dimmed">
          {found.description}
        </Text>
      )}
    </div>
  );
}

/** What a field lists: what may be chosen, or references once `$` is typed. */
function useOptions(node: string, draft: string | null, offered: readonly ToolValue[]) {
  const references = useOffers(node);
  const isReferring = draft?.trimStart().startsWith("$") === true;
  return {
    isReferring,
    options: isReferring ? matching(references, draft).map(({ value }) => value) : offered.map((value) => textOf(value.value)),
    renderOption: ({ option }: { option: { value: string } }) =>
      isReferring ? <OfferOption value={option.value} offers={references} /> : <Option value={option.value} offered={offered} />,
  };
}

function Reload({ name, loading, onReload }: { readonly name: string; readonly loading: boolean; readonly onReload: () => void }) {
  if (loading) return <Loader size={14} role="img" aria-label={`Asking for the values of ${name}`} />;
  return (
    <Tooltip label="Ask the package again">
      <ActionIcon aria-label={`Reload the values of ${name}`} onClick={onReload}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

/** One input of a tool: a picker where there is something to choose from, always with free text. It is saved when it is left. */
export function Field(props: FieldProps) {
  const { input, values, disabled, onSave } = props;
  const saved = values[input.name];
  const [draft, setDraft] = useState<string | null>(null);
  const sent = useRef<string | null>(null);
  const { offered, loading, problem, loaded, ask, reload } = useOffered(props);
  const text = draft ?? textOf(saved);
  const { isReferring, options, renderOption } = useOptions(props.node, draft, offered);
  const commit = (next: string): void => {
    setDraft(null);
    // A choice is told twice: when it is made, and when the field is left. Only what is new is written.
    if (next === textOf(saved) || next === sent.current) return;
    sent.current = next;
    onSave(parsed(next, input, offered));
  };
  const strange = loaded && !input.allow_manual_entry && text !== "" && !isReference(text) && !options.includes(text);
  const common = {
    label: input.name,
    description: strange ? "Not among the values that the package offers." : undefined,
    error: problem ? [problem.detail, problem.remedy].filter(Boolean).join(" ") : undefined,
    placeholder: textOf(input.default) || undefined,
    disabled,
    data: [...new Set(options)],
    onFocus: () => {
      sent.current = null;
      ask();
    },
    renderOption,
    rightSection: input.offers_values ? <Reload name={input.name} loading={loading} onReload={reload} /> : undefined,
  };
  if (input.is_multi_select && !isReference(saved)) {
    const chosen = Array.isArray(saved) ? saved.map(textOf) : text === "" ? [] : [text];
    return (
      <TagsInput
        {...common}
        value={chosen}
        onChange={(next) => {
          onSave(next.map((item) => parsed(item, input, offered)));
        }}
      />
    );
  }
  return (
    <Autocomplete
      {...common}
      value={text}
      filter={draft === null || isReferring ? ({ options: all }) => all : undefined}
      onChange={setDraft}
      onOptionSubmit={commit}
      onBlur={() => {
        if (draft !== null) commit(draft);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && draft !== null) commit(draft);
      }}
    />
  );
}
