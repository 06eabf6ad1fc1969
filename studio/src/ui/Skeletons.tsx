import { Group, Paper, SimpleGrid, Skeleton, Stack } from "@mantine/core";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Rows of a table that are on their way. */
export function TableSkeleton({ rows = 8, columns = 5 }: { rows?: number; columns?: number }) {
  return (
    <Paper p={0} role="status" aria-busy aria-label="Loading">
      {range(rows).map((row) => (
        <Group key={row} h={40} px="md" gap="lg" wrap="nowrap" style={{ borderBottom: "1px solid var(--fy-border)" }}>
          {range(columns).map((column) => (
            <Skeleton key={column} height={10} width={column === 0 ? "28%" : `${10 + ((row * 7 + column * 5) % 9)}%`} />
          ))}
        </Group>
      ))}
    </Paper>
  );
}

/** Cards in a grid that are on their way. */
export function CardsSkeleton({ count = 3, height = 180 }: { count?: number; height?: number }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md" role="status" aria-busy aria-label="Loading">
      {range(count).map((card) => (
        <Skeleton key={card} height={height} radius={8} />
      ))}
    </SimpleGrid>
  );
}

/** The header and body of a detail page that are on their way. */
export function DetailSkeleton() {
  return (
    <Stack gap="lg" role="status" aria-busy aria-label="Loading">
      <Skeleton height={24} width={280} />
      <Skeleton height={14} width={420} />
      <Group align="flex-start" gap="lg" wrap="nowrap">
        <Skeleton height={320} style={{ flex: 1 }} />
        <Skeleton height={240} width={320} />
      </Group>
    </Stack>
  );
}
