import { Group, Text } from "@mantine/core";
import { metricText } from "../logic/values";
import type { Run } from "../model";

const SHOWN = 2;

/** The first metrics of a run; of one with variants, how many it has to compare. */
export function FewMetrics({ run }: { readonly run: Run }) {
  const entries = Object.keys(run.metric_parts ?? {}).flatMap((name): [string, unknown][] => (run.metrics && name in run.metrics ? [[name, run.metrics[name]]] : []));
  const variants = run.variants?.length ?? 0;
  if (entries.length === 0) {
    return (
      <Text span inherit c="dimmed">
        {variants > 1 ? `${variants} variants` : "–"}
      </Text>
    );
  }
  const shown = entries.slice(0, SHOWN);
  return (
    <Group gap={10} wrap="nowrap" maw="clamp(120px, 17vw, 460px)" style={{ overflow: "hidden" }} title={entries.map(([name, value]) => `${name} ${metricText(value)}`).join("\n")}>
      {shown.map(([name, value]) => (
        <Group key={name} gap={5} wrap="nowrap" className="fy-num" miw={0}>
          <Text span inherit c="dimmed" truncate>
            {name}
          </Text>
          <span style={{ flexShrink: 0 }}>{metricText(value)}</span>
        </Group>
      ))}
      {entries.length > shown.length && (
        <Text span inherit c="dimmed" style={{ flexShrink: 0 }}>
          +{entries.length - shown.length}
        </Text>
      )}
    </Group>
  );
}
