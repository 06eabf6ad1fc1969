import { Badge } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";

export const STALE = "The node, or what feeds it, has changed since: run it again.";

/** Says that a result is not what the node would give now. */
export function StaleMark() {
  return (
    <Badge size="sm" variant="light" color="yellow" tt="none" title={STALE} leftSection={<IconClockExclamation size={12} aria-hidden />}>
      Stale
    </Badge>
  );
}
