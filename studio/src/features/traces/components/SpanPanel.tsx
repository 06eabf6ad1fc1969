import { Group, Tabs, Text } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import { useRights } from "@/api/useRights";
import { formatDuration } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Duration, Num, RelativeTime } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { ButtonLink, TextLink } from "@/ui/links";
import { Section } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { readConversation, readPayloads } from "@/ui/conversation/messages";
import { replayOf } from "../logic/replay";
import type { Span } from "../model";
import { Conversation } from "@/ui/conversation/Conversation";
import { CostOrUnknown } from "./CostOrUnknown";
import { LargeValues } from "./LargeValues";
import classes from "./SpanPanel.module.css";
import { Scores } from "./Scores";
import { SPAN_KINDS } from "./spanKinds";

interface PanelTab {
  readonly value: string;
  readonly label: string;
  readonly content: ReactNode;
}

function Facts({ span }: { readonly span: Span }) {
  const isCall = span.kind === "llm" || span.kind === "embedding";
  return (
    <KeyValue
      entries={[
        ["Duration", <Duration key="duration" value={span.duration_ms} />],
        [
          "Began",
          <span key="began">
            <RelativeTime value={span.started_at} /> (+{formatDuration(span.start_offset_ms)})
          </span>,
        ],
        ["Model", span.model],
        ["Prompt tokens", span.prompt_tokens != null && <Num value={span.prompt_tokens} />],
        ["Completion tokens", span.completion_tokens != null && <Num value={span.completion_tokens} />],
        ["Cost", isCall && <CostOrUnknown key="cost" trace={{ cost: span.cost ?? null, models: ["called"] }} />],
        ["Node", span.node],
        ["Endpoint", span.endpoint && (span.deployment ? `${span.endpoint} / ${span.deployment}` : span.endpoint)],
      ]}
    />
  );
}

/** What can be done with a call of a model, and the call that it repeats. */
function Replays({ span }: { readonly span: Span }) {
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const [traceId, spanId] = [span.attributes?.["flowyard.replay.trace_id"], span.attributes?.["flowyard.replay.span_id"]];
  const repeats = typeof traceId === "string" && typeof spanId === "string";
  const can = replayOf(span) !== null;
  if (!repeats && !can) return null;
  return (
    <Group gap={12}>
      {can && (
        <ButtonLink off={invoke ? null : "Your role does not let you call models."} size="compact-sm" variant="default" leftSection={<IconRepeat size={14} />} to="/w/$workspace/traces/replay" params={{ workspace }} search={{ trace: span.trace_id, span: span.span_id } as never}>
          Replay
        </ButtonLink>
      )}
      {repeats && (
        <Text size="sm" c="dimmed">
          A replay of{" "}
          <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId }} search={{ span: spanId } as never} inherit>
            another call
          </TextLink>
        </Text>
      )}
    </Group>
  );
}

function Io({ span }: { readonly span: Span }) {
  const { input, output } = useMemo(() => readPayloads(span.attributes ?? {}), [span]);
  const absent = span.attributes?.["flowyard.withheld"] === true ? "withheld" : undefined;
  return (
    <>
      <Section title="Input">
        <ValueView value={input} label="Copy input" maxHeight={420} absent={absent} />
      </Section>
      <Section title="Output">
        <ValueView value={output} label="Copy output" maxHeight={420} absent={absent} />
      </Section>
    </>
  );
}

function Attributes({ span }: { readonly span: Span }) {
  const entries = Object.entries(span.attributes ?? {}).sort(([left], [right]) => left.localeCompare(right));
  if (entries.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None.
      </Text>
    );
  return (
    <dl className={classes.attributes}>
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Events({ span }: { readonly span: Span }) {
  const began = Date.parse(span.started_at);
  return (span.events ?? []).map((event) => (
    <Section
      key={`${event.name} ${event.at}`}
      title={event.name}
      aside={
        <Text size="xs" c="dimmed" className="fy-num">
          +{formatDuration(Math.max(0, Date.parse(event.at) - began))}
        </Text>
      }
    >
      <ValueView value={event.attributes} label="Copy event" />
    </Section>
  ));
}

function tabsOf(span: Span): readonly PanelTab[] {
  const conversation = readConversation(span.attributes ?? {});
  const events = span.events ?? [];
  return [
    ...(conversation ? [{ value: "messages", label: "Messages", content: <Conversation messages={conversation} /> }] : []),
    { value: "io", label: "Input/Output", content: <Io span={span} /> },
    { value: "attributes", label: "Attributes", content: <Attributes span={span} /> },
    ...(events.length > 0 ? [{ value: "events", label: `Events (${events.length})`, content: <Events span={span} /> }] : []),
    { value: "feedback", label: "Feedback", content: <Scores key={span.span_id} traceId={span.trace_id} spanId={span.span_id} /> },
    { value: "raw", label: "Raw", content: <CodeBlock code={JSON.stringify(span, null, 2)} label="Copy span" wrap /> },
  ];
}

/** What a span holds: facts, and tabs for messages, payloads, attributes, events and the span as it is stored. */
export const SpanPanel = memo(function SpanPanel({ span }: { readonly span: Span }) {
  const top = useRef<HTMLDivElement>(null);
  const look = SPAN_KINDS[span.kind];
  const [wanted, want] = useUrlState("view");
  const tabs = useMemo(() => tabsOf(span), [span]);
  const open = tabs.find((tab) => tab.value === wanted) ?? tabs[0];
  useEffect(() => {
    if (top.current) top.current.scrollTop = 0;
  }, [span]);
  return (
    <div ref={top} className={classes.panel}>
      <div className={classes.head}>
        <look.icon size={18} stroke={1.75} style={{ color: look.color }} role="img" aria-label={look.label} />
        <Text fw={600} flex={1} className={classes.name}>
          {span.name}
        </Text>
        <StatusBadge status={span.status} />
        <CopyButton value={span.span_id} label="Copy span id" />
      </div>
      <div className={classes.facts}>
        <Facts span={span} />
        <Replays span={span} />
        <LargeValues key={span.span_id} span={span} />
        {span.status === "error" && (
          <ErrorPanel error={{ code: "SpanFailed", title: "This step failed", status: 0, detail: span.status_message ?? "It left no message." }} />
        )}
      </div>
      <Tabs value={open?.value ?? null} onChange={want} className={classes.tabs}>
        <Tabs.List className={classes.tabList}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab.value} value={tab.value} fz="sm" fw={500} px={10}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {open && (
          <Tabs.Panel value={open.value} className={classes.content}>
            {open.content}
          </Tabs.Panel>
        )}
      </Tabs>
    </div>
  );
});
