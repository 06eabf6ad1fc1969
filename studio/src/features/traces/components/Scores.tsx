import { Group, Stack, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { Score } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { CommentBox, Thumbs } from "@/ui/feedback/Thumbs";
import { useScores } from "@/ui/feedback/useScores";
import { RelativeTime } from "@/ui/figures";
import { GuardedIcon } from "@/ui/GuardedButton";
import { Section } from "@/ui/Panel";

function said(score: Score): string {
  if (score.value !== null) return formatNumber(score.value, Number.isInteger(score.value) ? 0 : 3);
  return score.label ?? "";
}

function Line({ score, off, onRemove }: { readonly score: Score; readonly off: string | null; readonly onRemove: () => void }) {
  return (
    <Group gap={8} wrap="nowrap" align="flex-start">
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm">
          <Text span inherit fw={600}>
            {score.name}
          </Text>{" "}
          {said(score)}
        </Text>
        {score.comment && (
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {score.comment}
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {score.source === "evaluator" ? "evaluator " : ""}
          {score.author ?? "unknown"}, <RelativeTime value={score.at} inherit />
        </Text>
      </div>
      <GuardedIcon label="Take back" off={off} size="sm" c="dimmed" aria-label={`Take back ${score.name}`} onClick={onRemove}>
        <IconTrash size={14} />
      </GuardedIcon>
    </Group>
  );
}

/** What people and evaluators think of a trace, and what you think. With a span, of that span too. */
export function Scores({ traceId, spanId = null }: { readonly traceId: string; readonly spanId?: string | null }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const { list, all, mine, give, remove, send } = useScores(traceId, spanId);
  const error = list.error ?? give.error ?? remove.error;
  return (
    <Section title="Feedback" aside={<Thumbs off={off} value={mine?.value ?? null} busy={give.isPending} onChange={(value) => send(value, mine?.comment ?? null)} />}>
      <Stack gap={10}>
        {error && <ErrorPanel error={error} />}
        {all.map((score) => (
          <Line key={score.score_id} score={score} off={off} onRemove={() => remove.mutate(score.score_id)} />
        ))}
        {all.length === 0 && list.isSuccess && (
          <Text size="sm" c="dimmed">
            Nobody has said anything yet.
          </Text>
        )}
        <CommentBox off={off} busy={give.isPending} onSend={(text) => send(mine?.value ?? null, text)} />
      </Stack>
    </Section>
  );
}
