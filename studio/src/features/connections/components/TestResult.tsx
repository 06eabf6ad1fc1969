import { Code, Group, Paper, Text } from "@mantine/core";
import type { ConnectionTest } from "@/api/types";
import { Duration } from "@/ui/figures";
import { StatusBadge } from "@/ui/StatusBadge";

/** What one real call through the connection gave. */
export function TestResult({ result }: { result: ConnectionTest }) {
  return (
    <Paper p="md" role="status">
      <Group gap="sm" mb={4}>
        <StatusBadge status={result.ok ? "ok" : "failed"} label={result.ok ? "It answers" : "It does not work"} />
        {result.latency_ms !== null && result.latency_ms !== undefined && <Duration value={result.latency_ms} c="dimmed" fz="sm" />}
      </Group>
      <Text size="sm">{result.detail}</Text>
      {result.models && result.models.length > 0 && (
        <Group gap={6} mt="sm">
          {result.models.slice(0, 24).map((model) => (
            <Code key={model}>{model}</Code>
          ))}
          {result.models.length > 24 && (
            <Text size="xs" c="dimmed">
              and {result.models.length - 24} more
            </Text>
          )}
        </Group>
      )}
    </Paper>
  );
}
