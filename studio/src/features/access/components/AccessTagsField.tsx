import { TagsInput, Text } from "@mantine/core";
import type { AccessTags } from "@/api/types";
import { TagBadges } from "@/ui/TagBadges";
import type { AccessTagsOf } from "../hooks/useAccessTags";

interface AccessTagsFieldProps {
  readonly tags: AccessTagsOf;
  /** Whose; undefined: nobody's that is there. */
  readonly holder: AccessTags | undefined;
  /** Whether they may be changed. */
  readonly editable: boolean;
}

/** Somebody's access tags as chips: they are kept as soon as one is added or taken away. */
export function AccessTagsField({ tags, holder, editable }: AccessTagsFieldProps) {
  if (!holder) return <Text span inherit c="dimmed">–</Text>;
  if (holder.everything) return <Text span inherit c="dimmed">All documents, as an owner</Text>;
  if (!editable) return holder.tags.length > 0 ? <TagBadges tags={holder.tags} /> : <Text span inherit c="dimmed">None</Text>;
  return (
    <TagsInput
      aria-label={`Access tags of ${holder.name}`}
      size="xs"
      miw={200}
      maw={420}
      data={tags.known}
      value={holder.tags}
      placeholder={holder.tags.length > 0 ? "" : "Only what has no tag"}
      onChange={(value) => tags.set(holder, value)}
    />
  );
}
