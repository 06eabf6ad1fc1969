import { Autocomplete, Button, CloseButton, Group, Text } from "@mantine/core";
import { IconSearch, IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { formatNumber } from "@/lib/format";
import { intervalOf, intervalWords, TIME_RANGES } from "@/lib/timeRange";
import { suggestionsFor } from "@/lib/traceSearch";
import { useUrlState } from "@/lib/url";
import { FilterMenu } from "@/ui/TableBar";
import type { Trace } from "../model";
import { SavedViews } from "./SavedViews";
import { ALL_SPAN_KINDS, SPAN_KINDS } from "./spanKinds";

interface TraceFiltersProps {
  readonly rows: readonly Trace[];
  readonly hasMore: boolean;
  /** What is wrong with the search, where it cannot be read. */
  readonly problem: string | null;
}

const STATUSES = [
  { value: "ok", label: "OK" },
  { value: "error", label: "Error" },
];
const KINDS = ALL_SPAN_KINDS.map((kind) => ({ value: kind, label: SPAN_KINDS[kind].label }));

/** The choices of a filter: what the loaded rows hold, and what is chosen now. */
function choices(found: readonly (string | null | undefined)[], chosen: string): { value: string; label: string }[] {
  const names = new Set(found.filter((name) => typeof name === "string" && name !== "") as string[]);
  if (chosen !== "") names.add(chosen);
  return [...names].sort().map((name) => ({ value: name, label: name }));
}

/** Filters of the list of traces. All of them are in the address. */
export function TraceFilters({ rows, hasMore, problem }: TraceFiltersProps) {
  const navigate = useNavigate();
  const [q, setQ] = useUrlState("q");
  const [text, setText] = useUrlState("text");
  const [range, setRange] = useUrlState("range");
  const [status, setStatus] = useUrlState("status");
  const [kind, setKind] = useUrlState("kind");
  const [model, setModel] = useUrlState("model");
  const [endpoint, setEndpoint] = useUrlState("endpoint");
  const [flow, setFlow] = useUrlState("flow");
  const models = useMemo(
    () =>
      choices(
        rows.flatMap((trace) => trace.models),
        model,
      ),
    [rows, model],
  );
  const endpoints = useMemo(
    () =>
      choices(
        rows.map((trace) => trace.endpoint),
        endpoint,
      ),
    [rows, endpoint],
  );
  const interval = intervalOf(range);
  const isSet = [q, text, range, status, kind, model, endpoint, flow].some((value) => value !== "");
  return (
    <Group gap={8} role="search" aria-label="Filter traces" align="flex-start">
      <Autocomplete
        w="clamp(280px, 30vw, 560px)"
        type="search"
        aria-label="Search traces"
        placeholder={'Search: refund  status:error  duration>2s  model:gpt*'}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={
          q && (
            <CloseButton
              size="sm"
              aria-label="Clear search"
              onClick={() => {
                setQ(null);
              }}
            />
          )
        }
        value={q}
        data={[...suggestionsFor(q)]}
        filter={({ options }) => options}
        error={problem}
        onChange={setQ}
      />
      {text !== "" && <FilterMenu label="Text" value={text} options={choices([], text)} onChange={setText} />}
      <FilterMenu label="Time" value={range} options={interval ? [...TIME_RANGES, { value: range, label: intervalWords(interval) }] : [...TIME_RANGES]} onChange={setRange} />
      <FilterMenu label="Status" value={status} options={STATUSES} onChange={setStatus} />
      <FilterMenu label="Kind" value={kind} options={KINDS} onChange={setKind} />
      {models.length > 0 && <FilterMenu label="Model" value={model} options={models} onChange={setModel} />}
      {endpoints.length > 0 && <FilterMenu label="Endpoint" value={endpoint} options={endpoints} onChange={setEndpoint} />}
      {flow !== "" && <FilterMenu label="Flow" value={flow} options={choices([], flow)} onChange={setFlow} />}
      <SavedViews />
      {isSet && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconX size={13} />}
          onClick={() => {
            void navigate({ to: ".", search: {} as never, replace: true });
          }}
        >
          Clear
        </Button>
      )}
      <Text size="xs" c="dimmed" ml="auto" className="fy-num" aria-live="polite">
        {formatNumber(rows.length)}
        {hasMore ? " newest" : rows.length === 1 ? " trace" : " traces"}
      </Text>
    </Group>
  );
}
