import { Button } from "@mantine/core";
import { IconListTree, IconMessages } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { linkOptions, useParams } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { traces } from "@/api/traces";
import { formatNumber } from "@/lib/format";
import { searchOf } from "@/lib/traceSearch";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { EmptyState } from "@/ui/EmptyState";
import { Cost, Duration, Num, RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink, TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { DetailSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { readPayloads } from "@/ui/conversation/messages";
import { CostOrUnknown } from "./components/CostOrUnknown";
import classes from "./components/Session.module.css";
import { costOf, inOrder, isCut, pauseBefore } from "./logic/session";
import type { Trace } from "./model";

const REFRESH_MS = 5000;

/** What went in and came out, whole: asked for when a preview ends too early. */
function Whole({ traceId }: { readonly traceId: string }) {
  const query = useQuery(traces.short(useWorkspace(), traceId));
  return (
    <Loaded query={query} skeleton={<DetailSkeleton />}>
      {({ spans }) => {
        const { input, output } = readPayloads(spans[0]?.attributes ?? {});
        return (
          <div className={classes.whole}>
            <ValueView value={input} label="Copy input" maxHeight={420} />
            <ValueView value={output} label="Copy output" maxHeight={420} />
          </div>
        );
      }}
    </Loaded>
  );
}

/** Why there is no answer to see. */
function reasonOf(trace: Trace): string {
  if (trace.withheld) return "Withheld: made of documents with access tags that you do not have. Ask an owner of the workspace for the tags.";
  return trace.status === "error" ? "It failed before an answer came." : "No output was kept.";
}

function Turn({ trace, before }: { readonly trace: Trace; readonly before: Trace | undefined }) {
  const workspace = useWorkspace();
  const [whole, setWhole] = useState(false);
  const pause = pauseBefore(trace, before);
  const tokens = trace.prompt_tokens + trace.completion_tokens;
  return (
    <li className={classes.turn}>
      {pause && <div className={classes.pause}>{pause} later</div>}
      {whole ? (
        <Whole traceId={trace.trace_id} />
      ) : (
        <>
          {trace.input_preview && <div className={classes.asked}>{trace.input_preview}</div>}
          <div className={classes.answer}>{trace.output_preview ?? <span className={classes.none}>{reasonOf(trace)}</span>}</div>
        </>
      )}
      <div className={classes.facts}>
        {trace.status !== "ok" && <StatusBadge status={trace.status} />}
        <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: trace.trace_id }} size="xs">
          {trace.name}
        </TextLink>
        <RelativeTime value={trace.started_at} />
        <Duration value={trace.duration_ms} />
        {tokens > 0 && (
          <span>
            <Num value={tokens} /> tokens
          </span>
        )}
        {trace.models.length > 0 && <CostOrUnknown trace={trace} />}
        {isCut(trace) && (
          <Button size="compact-xs" variant="subtle" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? "Show the beginning" : "Show all of it"}
          </Button>
        )}
      </div>
    </li>
  );
}

function Meta({ rows, more }: { readonly rows: readonly Trace[]; readonly more: boolean }) {
  const failed = rows.filter((trace) => trace.status === "error").length;
  const tokens = rows.reduce((sum, trace) => sum + trace.prompt_tokens + trace.completion_tokens, 0);
  const cost = costOf(rows);
  return (
    <>
      <span>
        {more ? `the last ${formatNumber(rows.length)} turns` : `${formatNumber(rows.length)} ${rows.length === 1 ? "turn" : "turns"}`}
      </span>
      {failed > 0 && <span style={{ color: "var(--fy-bad)" }}>{formatNumber(failed)} failed</span>}
      {tokens > 0 && <span>{formatNumber(tokens)} tokens</span>}
      {cost && <Cost value={cost} />}
      {rows[0] && (
        <span>
          since <RelativeTime value={rows[0].started_at} />
        </span>
      )}
    </>
  );
}

/** One conversation as it was had: what was asked and answered, turn by turn, the oldest first. */
export function SessionPage() {
  const workspace = useWorkspace();
  const { sessionId = "" } = useParams({ strict: false });
  const q = searchOf("session", sessionId);
  const query = useInfiniteQuery({
    ...traces.pages(workspace, { q }),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
  });
  const rows = useMemo(() => inOrder(query.data?.pages.flatMap((page) => page.items) ?? []), [query.data]);
  return (
    <Page>
      <PageHeader
        title={sessionId}
        parent={{ label: "Sessions", target: linkOptions({ to: "/w/$workspace/traces/sessions", params: { workspace } }) }}
        badge={<CopyButton value={sessionId} label="Copy session id" />}
        meta={rows.length > 0 && <Meta rows={rows} more={query.hasNextPage} />}
      >
        <ButtonLink variant="default" leftSection={<IconListTree size={15} />} to="/w/$workspace/traces" params={{ workspace }} search={{ q }}>
          As traces
        </ButtonLink>
      </PageHeader>
      <Loaded query={query} skeleton={<DetailSkeleton />}>
        {() =>
          rows.length === 0 ? (
            <EmptyState icon={IconMessages} title="No turn of this session is kept" text="Its traces are older than what is kept, or no trace ever named this session." />
          ) : (
            <>
              {query.hasNextPage && (
                <Button variant="default" size="compact-md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Load earlier turns
                </Button>
              )}
              <ol className={classes.turns} aria-label="Turns">
                {rows.map((trace, at) => (
                  <Turn key={trace.trace_id} trace={trace} before={rows[at - 1]} />
                ))}
              </ol>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
