import { MultiSelect, NumberInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowsDiff, IconLayoutDashboard, IconListDetails } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Cost, Duration, Num } from "@/ui/figures";
import { TextLink } from "@/ui/links";
import { Page, PageHeader } from "@/ui/Page";
import { DetailSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import classes from "./components/Compare.module.css";
import { ComparedRows } from "./components/ComparedRows";
import card from "./components/OverviewTab.module.css";
import { ScoresTable } from "./components/ScoresTable";
import type { ComparedSide, RunComparison } from "./model";

const MOST_RUNS = 10;

function Sides({ sides }: { readonly sides: readonly ComparedSide[] }) {
  const workspace = useWorkspace();
  return (
    <div className={card.scroll} tabIndex={0} role="group" aria-label="What is compared">
      <table className={card.metrics}>
        <thead>
          <tr>
            <th scope="col">Compared</th>
            <th scope="col">Status</th>
            <th scope="col" className={card.number}>Completed</th>
            <th scope="col" className={card.number}>Failed</th>
            <th scope="col" className={card.number}>Mean duration</th>
            <th scope="col" className={card.number}>Tokens</th>
            <th scope="col" className={card.number}>Cost</th>
          </tr>
        </thead>
        <tbody>
          {sides.map((side, index) => (
            <tr key={side.label}>
              <th scope="row">
                <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name: side.run }} inherit>
                  {side.label}
                </TextLink>
                {index === 0 && <span className={card.small}> the others are compared with it</span>}
              </th>
              <td><StatusBadge status={side.status} bare /></td>
              <td className={card.number}><Num value={side.completed} /></td>
              <td className={card.number}><Num value={side.failed} c={side.failed > 0 ? "var(--fy-bad)" : undefined} /></td>
              <td className={card.number}><Duration value={side.mean_duration_ms} /></td>
              <td className={card.number}><Num value={side.prompt_tokens + side.completion_tokens} /></td>
              <td className={card.number}>{side.prompt_tokens + side.completion_tokens > 0 ? <Cost value={side.cost} /> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Picker({ names, onChange }: { readonly names: readonly string[]; readonly onChange: (names: readonly string[]) => void }) {
  const workspace = useWorkspace();
  const list = useInfiniteQuery(runs.pages(workspace, { archived: "also" }));
  const known = list.data?.pages.flatMap((page) => page.items) ?? [];
  const options = [...new Set([...names, ...known.map((run) => run.name)])];
  return (
    <MultiSelect
      aria-label="Runs to compare"
      placeholder={names.length < MOST_RUNS ? "Add a run" : ""}
      description="The first one is what the others are compared with. A run with variants is compared by variant."
      searchable
      maxValues={MOST_RUNS}
      data={options}
      value={[...names]}
      onChange={onChange}
      maw={900}
    />
  );
}

/** The difference that matters, which tells how many rows would be needed. What is no number above 0 is not asked for. */
function useLeast() {
  const [typed, setTyped] = useUrlState("least");
  const [settled] = useDebouncedValue(typed, 300);
  const least = Number(settled);
  return { typed, setTyped, least: settled !== "" && Number.isFinite(least) && least > 0 ? least : undefined };
}

function Least({ typed, onType }: { readonly typed: string; readonly onType: (typed: string | null) => void }) {
  return (
    <NumberInput
      label="Difference that matters"
      description="In a score's own unit: 0.02 is 2 points of a score from 0 to 1."
      placeholder="2 % of its range"
      min={0}
      step={0.01}
      allowNegative={false}
      value={typed}
      error={typed !== "" && !(Number(typed) > 0) ? "It has to be above 0." : null}
      onChange={(next) => {
        onType(next === "" ? null : String(next));
      }}
      w={360}
    />
  );
}

function Findings({ found, least }: { readonly found: RunComparison; readonly least: ReactNode }) {
  return (
    <>
      <section className={card.card} aria-labelledby="verdict">
        <h2 className={card.title} id="verdict">In short</h2>
        <ul className={classes.verdict}>
          {(found.sentences ?? []).map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        {found.scores.length > 0 && least}
        <Sides sides={found.sides} />
      </section>
      {found.metrics.length > 0 && (
        <section className={card.card} aria-labelledby="compared-metrics">
          <h2 className={card.title} id="compared-metrics">Metrics</h2>
          <ScoresTable sides={found.sides} scores={found.metrics} />
        </section>
      )}
      {found.scores.length > 0 && (
        <section className={card.card} aria-labelledby="compared-scores">
          <h2 className={card.title} id="compared-scores">Scores: means, the difference row by row with its 95 % interval, and how rows spread</h2>
          <ScoresTable sides={found.sides} scores={found.scores} />
        </section>
      )}
    </>
  );
}

function Comparison({ names }: { readonly names: readonly string[] }) {
  const workspace = useWorkspace();
  const { typed, setTyped, least } = useLeast();
  const query = useQuery({ ...runs.comparison(workspace, names, least), placeholderData: keepPreviousData });
  const found = query.data;
  if (query.error && !found) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!found) return <DetailSkeleton />;
  if (found.sides.length < 2) {
    return (
      <EmptyState
        icon={IconArrowsDiff}
        title="Choose what to compare it with"
        text={`${found.sides[0]?.label ?? "This run"} has one side only. Add another run above: the same rows with a changed prompt, model or flow.`}
      />
    );
  }
  const tabs: UrlTab[] = [
    {
      value: "overview",
      label: "Overview",
      icon: <IconLayoutDashboard size={15} />,
      content: () => (
        <div className={classes.grid}>
          <Findings found={found} least={<Least typed={typed} onType={setTyped} />} />
        </div>
      ),
    },
    {
      value: "rows",
      label: `Rows (${formatNumber(found.total)})`,
      icon: <IconListDetails size={15} />,
      content: () => <ComparedRows names={names} sides={found.sides} />,
    },
  ];
  return <UrlTabs tabs={tabs} fill />;
}

/** Runs, or the variants of one, side by side: what differs, and how sure that is. */
export function ComparePage() {
  const workspace = useWorkspace();
  const [text, setText] = useUrlState("runs");
  const names = useMemo(() => [...new Set(text.split(",").filter((name) => name !== ""))], [text]);
  return (
    <Page fill>
      <PageHeader
        title="Compare runs"
        parent={{ label: "Runs", target: linkOptions({ to: "/w/$workspace/runs", params: { workspace } }) }}
        meta="The same rows side by side: what differs, and whether that is more than chance."
      />
      <Picker
          names={names}
          onChange={(next) => {
            setText(next.length > 0 ? next.join(",") : null);
          }}
        />
        {names.length === 0 ? (
          <EmptyState icon={IconArrowsDiff} title="Nothing to compare yet" text="Choose runs above, or select some in the list of runs." />
        ) : (
          <Comparison names={names} />
        )}
    </Page>
  );
}
