import { Anchor, Badge, Group, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { IndexTuning, TuningAnswer, TuningAnswers as Answers } from "@/api/types";
import { formatDuration, formatMoney, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { points } from "../logic/measured";
import { ANSWER_MEASURES, difference, orderedAnswers } from "../logic/tuned";

function columnsOf(answers: Answers): Column<TuningAnswer>[] {
  const varied = answers.variants.length > 0;
  return [
    {
      id: "trial",
      header: "Trial",
      value: (row) => Number(row.trial.slice(1)),
      cell: (row) => (
        <Group gap={6} wrap="nowrap">
          {row.trial}
          {row.recommended && <Badge tt="none">recommended</Badge>}
        </Group>
      ),
      width: 170,
    },
    ...(varied ? [{ id: "variant", header: "Variant", value: (row: TuningAnswer) => row.variant.slice(2, -1) }] : []),
    { id: "score", header: `${ANSWER_MEASURES[answers.measure]}, points`, align: "right", value: (row) => row.found.score.mean, cell: (row) => points(row.found.score) },
    { id: "confirmed", header: "Confirmed", align: "right", value: (row) => row.confirmed?.score.mean, cell: (row) => (row.confirmed ? points(row.confirmed.score) : "") },
    { id: "difference", header: "To the present", align: "right", value: (row) => row.difference?.difference, cell: (row) => (row.difference ? difference(row.difference.difference, row.difference.low, row.difference.high) : "") },
    { id: "unknown", header: "Don't know", align: "right", value: (row) => row.found.unknown, cell: (row) => `${formatNumber(100 * row.found.unknown, 0)} %` },
    { id: "f1", header: "F1", align: "right", value: (row) => row.found.f1_score?.mean, cell: (row) => (row.found.f1_score ? points(row.found.f1_score) : "") },
    ...(answers.judge
      ? (["groundedness", "relevance"] as const).map((name) => ({
          id: name,
          header: name === "groundedness" ? "Groundedness" : "Relevance",
          align: "right" as const,
          value: (row: TuningAnswer) => row.found[name]?.mean,
          cell: (row: TuningAnswer) => (row.found[name] ? points(row.found[name]) : ""),
        }))
      : []),
    { id: "tokens", header: "Tokens", align: "right", value: (row) => row.found.prompt_tokens + row.found.completion_tokens, cell: (row) => formatNumber(row.found.prompt_tokens + row.found.completion_tokens, 0) },
    { id: "cost", header: "Cost", align: "right", value: (row) => (row.found.cost ? Number(row.found.cost.micros) : undefined), cell: (row) => (row.found.cost ? formatMoney(row.found.cost.micros, row.found.cost.currency ?? "USD") : "") },
    { id: "latency", header: "P50", align: "right", value: (row) => row.found.latency_p50_ms, cell: (row) => formatDuration(row.found.latency_p50_ms) },
    {
      id: "questions",
      header: "Questions",
      align: "right",
      value: (row) => row.found.questions,
      cell: (row) => (row.found.failed > 0 ? `${formatNumber(row.found.questions)}, ${formatNumber(row.found.failed)} failed` : formatNumber(row.found.questions)),
    },
  ];
}

/** What the flow answered by the best configurations, with each of its variants. */
export function TuningAnswers({ tuning, answers }: { readonly tuning: IndexTuning; readonly answers: Answers }) {
  const workspace = useWorkspace();
  const columns = useMemo(() => columnsOf(answers), [answers]);
  const rows = useMemo(() => orderedAnswers(tuning), [tuning]);
  const [first, second] = answers.runs ?? [];
  return (
    <section aria-label="Answers">
      <Group justify="space-between" align="baseline" mb={6}>
        <Title order={2} size="h4">
          Answers of {answers.flow}
        </Title>
        <Text size="sm">
          Every question, answer and trace:{" "}
          {first !== undefined && (
            <Anchor renderRoot={(props) => <Link to="/w/$workspace/runs/$run" params={{ workspace, run: first }} {...props} />}>those that were chosen by</Anchor>
          )}
          {second !== undefined && (
            <>
              {", "}
              <Anchor renderRoot={(props) => <Link to="/w/$workspace/runs/$run" params={{ workspace, run: second }} {...props} />}>those that confirm</Anchor>
            </>
          )}
        </Text>
      </Group>
      <DataTable name="answers" plain columns={columns} rows={rows} rowId={({ trial, variant }) => `${trial} ${variant}`} />
    </section>
  );
}
