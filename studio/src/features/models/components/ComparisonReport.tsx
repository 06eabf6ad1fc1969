import { Alert, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { comparisons } from "@/api/comparisons";
import type { ModelComparison } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { Cost } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusIcon, type Tone } from "@/ui/StatusBadge";
import classes from "./Comparison.module.css";
import panels from "./Models.module.css";

type Measure = NonNullable<ModelComparison["results"]>[number]["scores"][string];

const TONES: Record<string, Tone> = { better: "good", worse: "bad", no_difference_shown: "idle", not_comparable: "off" };

function measureText(measure: Measure | undefined): string {
  if (measure?.mean === null || measure?.mean === undefined) return "–";
  const { low, high, mean } = measure;
  const interval = typeof low === "number" && typeof high === "number" ? ` [${formatNumber(low, 2)}, ${formatNumber(high, 2)}]` : "";
  return `${formatNumber(mean, 3)}${interval}`;
}

function Results({ found }: { readonly found: ModelComparison }) {
  const results = found.results ?? [];
  const measures = [...new Set(results.flatMap((result) => Object.keys(result.scores)))];
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Results by model">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            {measures.map((measure) => (
              <th key={measure} scope="col">
                {measure}
              </th>
            ))}
            <th scope="col">P50</th>
            <th scope="col">P95</th>
            <th scope="col">Tokens/s</th>
            <th scope="col">Cost</th>
            <th scope="col">Rows</th>
          </tr>
        </thead>
        <tbody>
          {results.map((result) => (
            <tr key={result.model}>
              <th scope="row">{result.model}</th>
              {measures.map((measure) => (
                <td key={measure}>{measureText(result.scores[measure])}</td>
              ))}
              <td>{typeof result.latency_p50_ms === "number" ? formatDuration(result.latency_p50_ms) : "–"}</td>
              <td>{typeof result.latency_p95_ms === "number" ? formatDuration(result.latency_p95_ms) : "–"}</td>
              <td>{typeof result.tokens_per_s === "number" ? formatNumber(result.tokens_per_s, 1) : "–"}</td>
              <td>
                <Cost value={result.cost} />
              </td>
              <td>
                {formatNumber(result.completed)}
                {result.failed > 0 && <span title={result.first_error ?? ""}>, {formatNumber(result.failed)} failed</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rows({ found }: { readonly found: ModelComparison }) {
  const workspace = useWorkspace();
  const query = useQuery(comparisons.rows(workspace, found.id));
  return (
    <Loaded query={query} skeleton={<TableSkeleton columns={found.models.length + 2} />}>
      {({ items }) => (
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Answers by row">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">#</th>
                <th scope="col">Question</th>
                <th scope="col">Right answer</th>
                {found.models.map((model) => (
                  <th key={model} scope="col">
                    {model}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((row) => (
                <tr key={row.line}>
                  <td>{row.line}</td>
                  <td title={row.question}>{row.question}</td>
                  <td title={row.ground_truth ?? ""}>{row.ground_truth ?? "–"}</td>
                  {found.models.map((model) => (
                    <td key={model} title={row.answers[model] ?? row.errors?.[model] ?? ""}>
                      {row.answers[model] ?? <span style={{ color: "var(--fy-bad)" }}>{row.errors?.[model] ?? "no answer"}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  );
}

/** What came of a comparison: the verdict in words, figures with their intervals, and the rows behind them. */
export function ComparisonReport({ found }: { readonly found: ModelComparison }) {
  return (
    <Stack gap="md">
      <section className={panels.panel}>
        <Title order={2} size="h3" mb={6}>
          Verdict
        </Title>
        <Text size="sm" role="status">
          {found.verdict}
        </Text>
        <ul className={classes.pairs}>
          {(found.pairs ?? []).map((pair) => (
            <li key={`${pair.measure} ${pair.model}`}>
              <StatusIcon tone={TONES[pair.verdict] ?? "idle"} />
              {pair.sentence}
            </li>
          ))}
        </ul>
        {(found.warnings ?? []).map((warning) => (
          <Alert key={warning} color="yellow" mt="sm">
            {warning}
          </Alert>
        ))}
      </section>
      <Results found={found} />
      <Text size="xs" c="dimmed">
        Means with their 95 % intervals, over {formatNumber(found.rows)} rows of {found.data}; the others are compared with {found.models[0]}.
      </Text>
      <Rows found={found} />
    </Stack>
  );
}
