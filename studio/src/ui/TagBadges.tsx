import { Badge, Group } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";

/** Access tags that are shown and not changed here. */
export function TagBadges({ tags }: { readonly tags: readonly string[] }) {
  return (
    <Group gap={4} wrap="nowrap">
      {tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none" style={{ flex: "none" }} leftSection={<IconLock size={11} aria-hidden />}>
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
