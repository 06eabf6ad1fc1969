import { Group, Text } from "@mantine/core";
import { metricText } from "../logic/values";
import type { Run } from "../model";

const SHOWN = 2;

/** The first metrics of a run; of one with variants, how many it has to compare. */
export function FewMetrics({ run }: { readonly run: Run }) {
  const entries = Object.entries(run.metrics ?? {});
  const variants = run.variants?.length ?? 0;
  if (entries.length === 0) {
    return (
      <Text span inherit c="dimmed">
        {variants > 1 ? `${variants} variants` : "–"}
      </Text>
    );
  }
  return (
    <Group gap={10} wrap="nowrap" maw="clamp(120px, 17vw, 460px)" style={{ overflow: "hidden" }} title={entries.map(([name, value]) => `${name} ${metricText(value)}`).join("\n")}>
      {entries.slice(0, SHOWN).map(([name, value]) => (
        <span key={name} className="fy-num fy-truncate">
          <Text span inherit c="dimmed">
            {name}
          </Text>{" "}
          {metricText(value)}
        </span>
      ))}
      {entries.length > SHOWN && (
        <Text span inherit c="dimmed">
          +{entries.length - SHOWN}
        </Text>
      )}
    </Group>
  );
}
