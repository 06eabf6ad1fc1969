import { Autocomplete, Button, CloseButton, Group, Text } from "@mantine/core";
import { IconLayoutSidebarLeftExpand, IconSearch, IconX } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { formatNumber } from "@/lib/format";
import { intervalOf, intervalWords, TIME_RANGES } from "@/lib/timeRange";
import { suggestionsFor } from "@/lib/traceSearch";
import { useUrlState } from "@/lib/url";
import { FilterMenu } from "@/ui/TableBar";
import { filtersOf } from "../logic/views";
import type { Trace } from "../model";
import { SavedViews } from "./SavedViews";

interface TraceFiltersProps {
  readonly rows: readonly Trace[];
  readonly hasMore: boolean;
  /** What is wrong with the search, where it cannot be read. */
  readonly problem: string | null;
  /** Whether facets stand beside the list. */
  readonly shown: boolean;
  readonly onShow: () => void;
}

/** Filters that only links set: whoever sets one here writes it into the search. */
const LINKED = ["text", "status", "kind", "model", "endpoint", "flow"] as const;

function Linked({ name }: { readonly name: (typeof LINKED)[number] }) {
  const [value, set] = useUrlState(name);
  if (value === "") return null;
  return <FilterMenu label={`${name.charAt(0).toUpperCase()}${name.slice(1)}`} value={value} options={[{ value, label: value }]} onChange={set} />;
}

/** Filters of the list of traces. All of them are in the address. */
export function TraceFilters({ rows, hasMore, problem, shown, onShow }: TraceFiltersProps) {
  const navigate = useNavigate();
  const [q, setQ] = useUrlState("q");
  const [range, setRange] = useUrlState("range");
  const interval = intervalOf(range);
  const isSet = Object.keys(filtersOf(useSearch({ strict: false }))).length > 0;
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
      {!shown && (
        <Button variant="default" leftSection={<IconLayoutSidebarLeftExpand size={15} />} onClick={onShow}>
          Filter by
        </Button>
      )}
      <FilterMenu label="Time" value={range} options={interval ? [...TIME_RANGES, { value: range, label: intervalWords(interval) }] : [...TIME_RANGES]} onChange={setRange} />
      {LINKED.map((name) => (
        <Linked key={name} name={name} />
      ))}
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
