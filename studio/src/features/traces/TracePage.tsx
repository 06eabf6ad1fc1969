import { Button, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconGitCompare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useDeferredValue, useMemo } from "react";
import { ApiError } from "@/api/problem";
import { traces } from "@/api/traces";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { Duration, Num, RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { NotebookButton } from "@/ui/OpenNotebook";
import { Page, PageHeader } from "@/ui/Page";
import { Split } from "@/ui/Panel";
import { DetailSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { WithheldNote } from "@/ui/WithheldNote";
import { CompareWith } from "./components/CompareWith";
import { CostOrUnknown } from "./components/CostOrUnknown";
import { SpanPanel } from "./components/SpanPanel";
import { SPAN_KINDS } from "./components/spanKinds";
import { TraceTree } from "./components/TraceTree";
import { buildSpanTree, tellingSpan } from "./logic/spanTree";
import type { Trace, TraceDetail } from "./model";

/** Spans reach the store a moment after the call: a trace that is not there yet is asked for again this often, each a second. */
const TraceGraph = lazy(() => import("./components/TraceGraph"));
const ARRIVAL_TRIES = 12;

function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 404;
}

function Meta({ trace }: { readonly trace: Trace }) {
  const workspace = useWorkspace();
  return (
    <>
      <span>{SPAN_KINDS[trace.kind].label}</span>
      <RelativeTime value={trace.started_at} />
      <Duration value={trace.duration_ms} />
      <span>
        <Num value={trace.spans} /> {trace.spans === 1 ? "span" : "spans"}
      </span>
      {trace.models.length > 0 && (
        <span title={`${formatNumber(trace.prompt_tokens)} prompt and ${formatNumber(trace.completion_tokens)} completion tokens`}>
          {formatNumber(trace.prompt_tokens)} → {formatNumber(trace.completion_tokens)} tokens
        </span>
      )}
      {trace.models.length > 0 && (
        <span>
          Cost <CostOrUnknown trace={trace} />
        </span>
      )}
      {trace.models.length > 0 && <span>{trace.models.join(", ")}</span>}
      {trace.endpoint && (
        <TextLink to="/w/$workspace/endpoints/$name" params={{ workspace, name: trace.endpoint }} inherit>
          {trace.endpoint}
        </TextLink>
      )}
    </>
  );
}

function Compare({ trace }: { readonly trace: Trace }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconGitCompare size={15} />} onClick={open}>
        Compare with…
      </Button>
      {opened && <CompareWith trace={trace} opened onClose={close} />}
    </>
  );
}

/** As a tree with its times, or as a graph of what called what; a single span is neither. */
function View({ detail }: { readonly detail: TraceDetail }) {
  const [view, show] = useUrlState("view", "tree");
  if (detail.spans.length < 2) return null;
  const data = [
    { value: "tree", label: "Tree" },
    { value: "graph", label: "Graph" },
  ];
  return <SegmentedControl size="xs" aria-label="How the spans are shown" data={data} value={view === "graph" ? "graph" : "tree"} onChange={show} />;
}

function Body({ detail }: { readonly detail: TraceDetail }) {
  const [chosen, choose] = useUrlState("span");
  const [view] = useUrlState("view");
  const forest = useMemo(() => buildSpanTree(detail.spans), [detail.spans]);
  const byId = useMemo(() => new Map(detail.spans.map((span) => [span.span_id, span])), [detail.spans]);
  const first = useMemo(() => tellingSpan(forest), [forest]);
  const selected = byId.get(chosen) ?? first;
  // Who holds an arrow key down sees the tree move; the panel follows when there is time.
  const shown = useDeferredValue(selected);
  return (
    <div style={{ flex: 1, minHeight: 0 }}>
      <Split
        label="Selected span"
        width="clamp(400px, 42%, 760px)"
        main={
          view === "graph" && detail.spans.length > 1 ? (
            <Suspense fallback={<DetailSkeleton />}>
              <TraceGraph forest={forest} selected={selected?.span_id ?? null} onSelect={choose} />
            </Suspense>
          ) : (
            <TraceTree forest={forest} selected={selected?.span_id ?? null} onSelect={choose} />
          )
        }
        side={shown && <SpanPanel span={shown} />}
      />
    </div>
  );
}

/** A trace: its spans as a tree and waterfall, and what each of them holds. */
export function TracePage() {
  const workspace = useWorkspace();
  const { traceId = "" } = useParams({ strict: false });
  const query = useQuery({
    ...traces.short(workspace, traceId),
    retry: (count, error) => count < (isMissing(error) ? ARRIVAL_TRIES : 2),
    retryDelay: 1000,
  });
  const parent = { label: "Traces", target: linkOptions({ to: "/w/$workspace/traces", params: { workspace } }) };
  const arriving = query.failureCount > 0 && isMissing(query.failureReason);
  return (
    <Page fill>
      {!query.data && (
        <PageHeader title="Trace" parent={parent} meta={arriving ? "The spans of this call are on their way to the store." : traceId} />
      )}
      <Loaded query={query} skeleton={<DetailSkeleton />}>
        {(detail) => (
          <>
            <PageHeader
              title={detail.trace.name}
              parent={parent}
              badge={
                <>
                  <StatusBadge status={detail.trace.status} />
                  <CopyButton value={detail.trace.trace_id} label="Copy trace id" />
                </>
              }
              meta={<Meta trace={detail.trace} />}
            >
              <View detail={detail} />
              <NotebookButton about={`trace/${detail.trace.trace_id}`} />
              <Compare trace={detail.trace} />
            </PageHeader>
            {detail.trace.withheld && (
              <WithheldNote title="Its texts are withheld from you">
                It is made of documents with access tags that you do not have. Times, tokens, cost and status are here. Ask an owner of the workspace for the
                tags.
              </WithheldNote>
            )}
            <Body detail={detail} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
