import { Button, SegmentedControl, Text } from "@mantine/core";
import { IconArrowsLeftRight, IconGitCompare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { traces } from "@/api/traces";
import { formatDuration, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { ButtonLink, TextLink } from "@/ui/links";
import { Loaded } from "@/ui/Loaded";
import { MergeView } from "@/ui/MergeView";
import { Page, PageHeader } from "@/ui/Page";
import { Split } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import classes from "./components/Compare.module.css";
import { CostOrUnknown } from "./components/CostOrUnknown";
import { PairRows } from "./components/PairRows";
import { change, differs, type Pair, pairTraces, textsOf } from "./logic/pairing";
import { buildSpanTree, tellingSpan } from "./logic/spanTree";
import type { Trace, TraceDetail } from "./model";

function Side({ label, trace, other }: { readonly label: string; readonly trace: Trace; readonly other?: Trace }) {
  const workspace = useWorkspace();
  const tokens = trace.prompt_tokens + trace.completion_tokens;
  const by = (before: number | undefined, after: number): string => {
    const text = change(before, after);
    return text === "" ? "" : ` (${text})`;
  };
  return (
    <section className={classes.side} aria-label={`${label} trace`}>
      <div className={classes.title}>
        <span className={classes.label}>{label}</span>
        <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: trace.trace_id }} fw={600} className="fy-truncate" title={trace.name}>
          {trace.name}
        </TextLink>
        <StatusBadge status={trace.status} />
      </div>
      <RelativeTime value={trace.started_at} />
      <span>
        {formatDuration(trace.duration_ms)}
        {by(other?.duration_ms, trace.duration_ms)}
      </span>
      <span>{formatNumber(trace.spans)} spans</span>
      {tokens > 0 && (
        <span>
          {formatNumber(tokens)} tokens{by(other && other.prompt_tokens + other.completion_tokens, tokens)}
        </span>
      )}
      <CostOrUnknown trace={trace} />
      {trace.models.length > 0 && <span>{trace.models.join(", ")}</span>}
    </section>
  );
}

/** What went in and came out of the two spans of a pair, with what differs between them. */
function Texts({ pair }: { readonly pair: Pair }) {
  const [left, right] = [pair.left?.span, pair.right?.span];
  const [one, other] = useMemo(() => [textsOf(left), textsOf(right)], [left, right]);
  const [wanted, want] = useUrlState("text", "output");
  const part = wanted === "input" ? "input" : "output";
  const same = one[part] === other[part];
  const nothing = one[part] === "" && other[part] === "";
  return (
    <div className={classes.texts}>
      <div className={classes.which}>
        <SegmentedControl
          size="xs"
          aria-label="What is compared"
          data={[
            { value: "input", label: "Input" },
            { value: "output", label: "Output" },
          ]}
          value={part}
          onChange={want}
        />
        <Text size="xs" c="dimmed" role="status">
          {nothing ? "Neither was recorded." : same ? "The same in both." : one[part] === "" ? "Only in the right trace." : other[part] === "" ? "Only in the left trace." : "They differ."}
        </Text>
      </div>
      <div className={classes.merge}>
        {!nothing && <MergeView key={`${pair.id} ${part}`} path={`${part}.txt`} theirs={one[part]} mine={other[part]} theirsLabel={`Left: ${left?.name ?? "not there"}`} mineLabel={`Right: ${right?.name ?? "not there"}`} />}
      </div>
    </div>
  );
}

function Compared({ left, right }: { readonly left: TraceDetail; readonly right: TraceDetail }) {
  const [forest, pairs] = useMemo(() => {
    const grown = buildSpanTree(left.spans);
    return [grown, pairTraces(grown, buildSpanTree(right.spans))];
  }, [left.spans, right.spans]);
  const first = useMemo(() => {
    const telling = tellingSpan(forest)?.span_id;
    return pairs.find((pair) => pair.left?.span.kind === "llm" && differs(pair)) ?? pairs.find((pair) => pair.left?.span.span_id === telling) ?? pairs[0];
  }, [forest, pairs]);
  const [step, setStep] = useUrlState("step");
  const selected = pairs.find((pair) => pair.id === step) ?? first;
  const shown = useDeferredValue(selected);
  return (
    <>
      <div className={classes.sides}>
        <Side label="Left" trace={left.trace} />
        <Side label="Right" trace={right.trace} other={left.trace} />
      </div>
      <div style={{ flex: 1, minHeight: 0 }}>
        <Split label="Texts of the selected step" width="46%" main={<PairRows pairs={pairs} selected={selected?.id ?? null} onSelect={setStep} />} side={shown && <Texts pair={shown} />} />
      </div>
    </>
  );
}

/** Two traces beside each other: which steps, how long, how many tokens, what they cost, and what was said. */
export function ComparePage() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [left] = useUrlState("left");
  const [right] = useUrlState("right");
  const given = left !== "" && right !== "";
  const one = useQuery({ ...traces.get(workspace, left), enabled: given });
  const other = useQuery({ ...traces.get(workspace, right), enabled: given });
  return (
    <Page fill>
      <PageHeader title="Compare traces" parent={{ label: "Traces", target: linkOptions({ to: "/w/$workspace/traces", params: { workspace } }) }} meta="The same steps beside each other; the differences are of the right against the left.">
        {given && (
          <Button variant="default" leftSection={<IconArrowsLeftRight size={15} />} onClick={() => void navigate({ to: ".", search: { left: right, right: left } as never, replace: true })}>
            Swap
          </Button>
        )}
      </PageHeader>
      {given ? (
        <Loaded query={one}>{(before) => <Loaded query={other}>{(after) => <Compared left={before} right={after} />}</Loaded>}</Loaded>
      ) : (
        <EmptyState icon={IconGitCompare} title="Two traces, side by side" text="Tick two traces in the list and choose Compare, or choose Compare with… on the page of a trace.">
          <ButtonLink to="/w/$workspace/traces" params={{ workspace }}>
            To the list
          </ButtonLink>
        </EmptyState>
      )}
    </Page>
  );
}
