import { Stack, Text } from "@mantine/core";
import { formatDuration, formatNumber } from "@/lib/format";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { StatusBadge } from "@/ui/StatusBadge";
import { ValueView } from "@/ui/ValueView";
import { withRemedy } from "../../logic/remedies";
import { shownOutputs, tokensOf, type TestRun } from "../../logic/testRun";
import { PlaceLink } from "../FileLink";
import { TraceLink } from "../TraceLink";

/** What a run with one variant gave: outputs, time, tokens. */
export function VariantResult({ flow, run }: { readonly flow: string; readonly run: TestRun }) {
  const tokens = tokensOf(run);
  const facts = [
    run.durationMs === null ? null : formatDuration(run.durationMs),
    tokens === null ? null : `${formatNumber(tokens.prompt)} + ${formatNumber(tokens.completion)} tokens`,
  ].filter((fact) => fact !== null);
  return (
    <Stack gap="xs" aria-busy={run.phase === "running"}>
      <Text size="xs" c="dimmed" className="fy-num" component="div">
        <StatusBadge status={run.phase} tone={run.phase === "stopped" ? "off" : undefined} /> {facts.join(" · ")} <TraceLink traceId={run.traceId} />
      </Text>
      {run.error && (
        <ErrorPanel error={withRemedy(run.error)}>
          <PlaceLink flow={flow} problem={run.error} />
        </ErrorPanel>
      )}
      {Object.entries(shownOutputs(run)).map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="dimmed" mb={4}>
            {name}
          </Text>
          <ValueView value={value} label={`Copy ${name}`} maxHeight={240} />
        </div>
      ))}
    </Stack>
  );
}
