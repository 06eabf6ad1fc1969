import { Group, Paper, Text } from "@mantine/core";
import type { DatastoreTest } from "@/api/types";
import { Duration } from "@/ui/figures";
import { StatusBadge } from "@/ui/StatusBadge";

/** How a datastore was reached: what was seen, or what failed and what to do. */
export function StoreTestResult({ result }: { readonly result: DatastoreTest }) {
  return (
    <Paper p="md" role="status">
      <Group gap="sm" mb={4}>
        <StatusBadge status={result.ok ? "ok" : "failed"} label={result.ok ? "It answers" : "It cannot be reached"} />
        {result.latency_ms !== null && <Duration value={result.latency_ms} c="dimmed" fz="sm" />}
      </Group>
      <Text size="sm">{result.detail}</Text>
      {result.remedy && (
        <Text size="sm" c="dimmed">
          {result.remedy}
        </Text>
      )}
    </Paper>
  );
}
