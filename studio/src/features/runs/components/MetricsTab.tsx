import { Stack, Text } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { isRunning, runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { DetailSkeleton } from "@/ui/Skeletons";
import type { Run } from "../model";
import { EvaluateButton } from "./EvaluateButton";
import { MetricsTable, metricsOf } from "./MetricsTable";
import classes from "./OverviewTab.module.css";
import { ScoresTable } from "./ScoresTable";

/** What aggregation gave, and the means and distributions of all outputs that are numbers; for each variant. */
export function MetricsTab({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const query = useQuery({ ...runs.comparison(workspace, [run.name]), refetchInterval: isRunning(run) ? 3000 : false });
  const variants = metricsOf(run);
  const found = query.data;
  if (query.error && !found) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!found) return <DetailSkeleton />;
  const nothing = Object.keys(variants).length === 0 && found.scores.length === 0;
  if (nothing) {
    return (
      <EmptyState
        icon={IconChartBar}
        title="No metrics"
        text="A flow's aggregation logs metrics, and outputs that are numbers get a mean. This run has neither. An evaluation flow over its outputs gives it scores, without running it again."
      >
        {!isRunning(run) && (
          <EvaluateButton run={run.name} />
        )}
      </EmptyState>
    );
  }
  return (
    <Stack gap="md" maw={1100}>
      {Object.keys(variants).length > 0 && (
        <section className={classes.card} aria-labelledby="metrics">
          <h2 className={classes.title} id="metrics">
            Metrics of the aggregation
          </h2>
          <MetricsTable variants={variants} parts={run.metric_parts ?? {}} />
        </section>
      )}
      {found.scores.length > 0 && (
        <section className={classes.card} aria-labelledby="scores">
          <h2 className={classes.title} id="scores">
            Scores of the rows
          </h2>
          <Text size="sm" c="dimmed">
            Every output that is a number or true or false: its mean, and how its values spread over the rows that have it, of {formatNumber(found.sides.reduce((sum, side) => sum + side.completed, 0))}{" "}
            completed ones.
          </Text>
          <ScoresTable sides={found.sides} scores={found.scores} />
        </section>
      )}
    </Stack>
  );
}
