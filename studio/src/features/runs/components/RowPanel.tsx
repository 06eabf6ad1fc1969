import { CloseButton, Text, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconTimelineEvent } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { readProblem } from "@/api/problem";
import { runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Cost, Duration, Num, RelativeTime } from "@/ui/figures";
import { GuardedIcon } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink, TextLink } from "@/ui/links";
import { Panel, Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { useIsFlow } from "../hooks/useIsFlow";
import type { Run, RunLine, RunLineDetail } from "../model";
import { NodeList } from "./NodeList";

interface RowPanelProps {
  readonly run: Run;
  readonly line: number;
  readonly variant: string;
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
  readonly onClose: () => void;
}

interface StepProps {
  readonly label: string;
  readonly onClick: (() => void) | null;
  readonly children: React.ReactNode;
}

function Step({ label, onClick, children }: StepProps) {
  return (
    <Tooltip label={label}>
      <GuardedIcon label={label} off={onClick === null ? "There is none." : null} {...(onClick ? { onClick } : {})}>
        {children}
      </GuardedIcon>
    </Tooltip>
  );
}

/** Where in the flow's files a row failed, as a link into the editor. */
function ErrorPlace({ flow, error }: { readonly flow: string; readonly error: RunLine["error"] }) {
  const workspace = useWorkspace();
  const known = useIsFlow(flow);
  const location = readProblem(error)?.location;
  if (!location?.file || !known) return null;
  const search = { tab: "files", file: location.file, ...(location.line ? { line: String(location.line) } : {}) };
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow }} search={search as never} ff="monospace" fz={12}>
      {location.line ? `${location.file}:${location.line}` : location.file}
    </TextLink>
  );
}

function Facts({ row }: { readonly row: RunLine }) {
  const tokens = (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0);
  return (
    <KeyValue
      entries={[
        ["Variant", row.variant !== "" && row.variant],
        ["Duration", <Duration key="duration" value={row.duration_ms} />],
        ["Began", row.started_at && <RelativeTime value={row.started_at} />],
        ["Tokens", tokens > 0 && <Num value={tokens} />],
        ["Cost", row.cost_micros != null && <Cost value={{ micros: String(row.cost_micros) }} />],
      ]}
    />
  );
}

function Values({ values, what }: { readonly values: Readonly<Record<string, unknown>>; readonly what: string }) {
  const entries = Object.entries(values);
  if (entries.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None.
      </Text>
    );
  return entries.map(([name, value]) => (
    <div key={name}>
      <Text size="xs" c="dimmed" ff="monospace" mb={2}>
        {name}
      </Text>
      <ValueView value={value} label={`Copy ${what} ${name}`} maxHeight={220} />
    </div>
  ));
}

function Detail({ run, detail }: { readonly run: Run; readonly detail: RunLineDetail }) {
  const { row, nodes } = detail;
  const problem = readProblem(row.error);
  return (
    <>
      {problem && (
        <ErrorPanel error={problem}>
          <ErrorPlace flow={run.flow} error={row.error} />
        </ErrorPanel>
      )}
      <Facts row={row} />
      <Section title="Inputs">
        <Values values={row.inputs} what="input" />
      </Section>
      {row.status === "completed" && (
        <Section title="Outputs">
          <Values values={row.outputs} what="output" />
        </Section>
      )}
      <Section title={`Nodes (${formatNumber(nodes.length)})`}>
        <NodeList nodes={nodes} />
      </Section>
    </>
  );
}

/** One row of a run: inputs, outputs, error, and what each node did. */
export function RowPanel({ run, line, variant, previous, next, onClose }: RowPanelProps) {
  const workspace = useWorkspace();
  const query = useQuery(runs.line(workspace, run.name, line, variant));
  const row = query.data?.row;
  return (
    <Panel
      head={
        <>
          <Text component="h2" fw={600} m={0} className="fy-num">
            Row {formatNumber(line)}
          </Text>
          {row && <StatusBadge status={row.status} />}
          <span style={{ flex: 1 }} />
          {row?.trace_id && (
            <ButtonLink
              size="compact-sm"
              variant="default"
              leftSection={<IconTimelineEvent size={14} />}
              to="/w/$workspace/traces/$traceId"
              params={{ workspace, traceId: row.trace_id }}
            >
              Trace
            </ButtonLink>
          )}
          <Step label="Previous row" onClick={previous}>
            <IconChevronUp size={16} />
          </Step>
          <Step label="Next row" onClick={next}>
            <IconChevronDown size={16} />
          </Step>
          <CloseButton aria-label="Close the row" onClick={onClose} />
        </>
      }
    >
      <Loaded query={query}>{(detail) => <Detail run={run} detail={detail} />}</Loaded>
    </Panel>
  );
}
