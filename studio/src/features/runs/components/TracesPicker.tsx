import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconDatabase, IconDatabasePlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { data as dataAssets } from "@/api/data";
import { endpoints } from "@/api/endpoints";
import { flows } from "@/api/flows";
import type { DataFromTracesPreview } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { nameProblem } from "@/lib/names";
import { TIME_RANGES } from "@/lib/timeRange";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import type { RunDraft } from "../hooks/useRunDraft";
import { type TraceSource, useTraceSource } from "../hooks/useTraceSource";
import { dataCommandOf, FEEDBACK } from "../logic/traceSource";
import { PreviewTable } from "./PreviewTable";

const MOST = 10_000;

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly data: readonly (string | { readonly value: string; readonly label: string })[];
  readonly onChange: (value: string | null) => void;
}

/** One of the filters; a value from an address that is not among the choices shows all the same. */
function Choice({ label, all, value, data, onChange }: ChoiceProps) {
  const known = value === "" || data.some((each) => (typeof each === "string" ? each : each.value) === value);
  return <Select label={label} placeholder={all} searchable clearable data={known ? [...data] : [value, ...data]} value={value === "" ? null : value} onChange={onChange} />;
}

function Filters({ source }: { readonly source: TraceSource }) {
  const workspace = useWorkspace();
  const { choice, set } = source;
  const flowList = useQuery(flows.list(workspace));
  const endpointList = useQuery(endpoints.list(workspace));
  const served = endpointList.data?.items ?? [];
  const deployments = served.filter(({ name }) => choice.endpoint === "" || name === choice.endpoint).flatMap((endpoint) => endpoint.deployments.map(({ name }) => name));
  return (
    <SimpleGrid cols={3} spacing="sm" role="search" aria-label="Which traces">
      <Choice label="Flow" all="Any flow" value={choice.flow} data={flowList.data?.items.map(({ name }) => name) ?? []} onChange={set.flow} />
      <Choice
        label="Endpoint"
        all="Any, or none"
        value={choice.endpoint}
        data={served.map(({ name }) => name)}
        onChange={(next) => {
          set.endpoint(next);
          set.deployment(null);
        }}
      />
      <Choice label="Deployment" all="Any, or none" value={choice.deployment} data={[...new Set(deployments)]} onChange={set.deployment} />
      <Choice label="Time" all="All time" value={choice.range} data={TIME_RANGES} onChange={set.range} />
      <Choice label="Feedback" all="Any, or none" value={choice.feedback} data={FEEDBACK} onChange={set.feedback} />
      <TextInput
        label="Search"
        placeholder="status:ok"
        value={choice.q}
        onChange={(event) => {
          set.q(event.currentTarget.value);
        }}
      />
    </SimpleGrid>
  );
}

function foundWords({ traces, more }: DataFromTracesPreview, limit: number): string {
  if (traces === 0) return "No trace fits. Widen the time, or take a filter away.";
  if (traces === 1) return "1 trace fits and becomes a row.";
  const found = `${more ? "More than " : ""}${formatNumber(traces)} traces fit`;
  return more || traces > limit ? `${found}; the newest, at most ${formatNumber(limit)}, become rows.` : `${found}; each becomes a row.`;
}

function Seen({ source }: { readonly source: TraceSource }) {
  const { data: found, error } = source.preview;
  if (error) return <ErrorPanel error={error} />;
  if (!found) return <Text size="sm" c="dimmed">Looking for traces</Text>;
  const columns = [...new Set(found.rows.flatMap((row) => Object.keys(row)))];
  return (
    <>
      <Text size="sm" role="status">{foundWords(found, source.limit)}</Text>
      {found.rows.length > 0 && <PreviewTable preview={{ columns, rows: found.rows, problem: null }} />}
      {found.traces > 0 && found.rows.length === 0 && (
        <Text size="sm" c="var(--fy-warn)">The newest of them have neither inputs nor outputs: nothing can be made a row of. Were prompts and answers kept? The telemetry policy says.</Text>
      )}
    </>
  );
}

/** Makes the next version of a data asset of the traces that were found. */
function Make({ source }: { readonly source: TraceSource }) {
  const { name, setName, limit, setLimit, make, preview, choice } = source;
  return (
    <Stack gap="sm">
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Data asset"
          value={name}
          error={nameProblem(name)}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <NumberInput
          label="Rows at most"
          w={130}
          min={1}
          max={MOST}
          allowDecimal={false}
          thousandSeparator=","
          value={limit}
          onChange={(next) => {
            setLimit(Math.min(MOST, Math.max(1, Number(next) || 1)));
          }}
        />
        <GuardedButton
          variant="default"
          leftSection={<IconDatabasePlus size={15} />}
          off={nameProblem(name) ?? ((preview.data?.rows.length ?? 0) === 0 ? "No trace was found that could become a row." : null)}
          loading={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          Make rows of them
        </GuardedButton>
      </Group>
      <Text size="xs" c="dimmed">
        They are kept as a data asset, so that the run can be repeated with the same rows. If there is one of this name, it gets another version.
      </Text>
      {make.error && <ErrorPanel error={make.error} />}
      <CodeBlock code={dataCommandOf(name, choice, limit)} label="Copy command" wrap />
    </Stack>
  );
}

function Made({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const [, name = "", version = ""] = draft.asset.split(":");
  const rows = useQuery(dataAssets.get(workspace, name, version)).data?.rows;
  return (
    <Stack gap={8}>
      <Group gap={8} wrap="nowrap">
        <IconDatabase size={17} aria-hidden />
        <TextLink to="/w/$workspace/data/$name" params={{ workspace, name }} search={{ version } as never} fz="sm" fw={500}>
          {name} {version}
        </TextLink>
        {typeof rows === "number" && (
          <Text size="xs" c="dimmed" className="fy-num">
            {formatNumber(rows)} {rows === 1 ? "row" : "rows"}
          </Text>
        )}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            draft.setAsset(null);
          }}
        >
          Choose other traces
        </Button>
      </Group>
      {draft.assetError && <ErrorPanel error={draft.assetError} />}
      {draft.preview && <PreviewTable preview={draft.preview} />}
    </Stack>
  );
}

/** Rows from traces: which of them, what they look like, and the data asset that is made of them and used. */
export function TracesPicker({ draft }: { readonly draft: RunDraft }) {
  const source = useTraceSource((made) => {
    draft.setAsset(made.reference);
  });
  if (draft.asset !== "") return <Made draft={draft} />;
  return (
    <Stack gap="md">
      <Filters source={source} />
      <Seen source={source} />
      <Make source={source} />
    </Stack>
  );
}
