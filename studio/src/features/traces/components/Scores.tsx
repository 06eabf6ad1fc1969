import { ActionIcon, Button, Group, Stack, Text, Textarea, Tooltip } from "@mantine/core";
import { IconThumbDown, IconThumbDownFilled, IconThumbUp, IconThumbUpFilled, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { session } from "@/api/identity";
import { scores } from "@/api/scores";
import type { Score, ScoreWrite } from "@/api/types";
import { useRights } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { Section } from "@/ui/Panel";

const FEEDBACK = "feedback";
/** Until a score shows, it is asked for again this often; it takes less than a second. */
const SHOWS_MS = 700;

function said(score: Score): string {
  if (score.value !== null) return formatNumber(score.value, Number.isInteger(score.value) ? 0 : 3);
  return score.label ?? "";
}

function Line({ score, onRemove }: { readonly score: Score; readonly onRemove: (() => void) | undefined }) {
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
      {onRemove && (
        <Tooltip label="Take back">
          <ActionIcon size="sm" c="dimmed" aria-label={`Take back ${score.name}`} onClick={onRemove}>
            <IconTrash size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function useScores(traceId: string, spanId: string | null) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(scores.of(workspace, traceId));
  const me = useQuery(session.me());
  const again = () => {
    window.setTimeout(() => void client.invalidateQueries({ queryKey: ["scores", workspace, traceId] }), SHOWS_MS);
  };
  const give = useMutation({ mutationFn: (body: Omit<ScoreWrite, "trace_id">) => scores.give(workspace, { trace_id: traceId, ...body }), onSuccess: again });
  const remove = useMutation({ mutationFn: (id: string) => scores.withdraw(workspace, id), onSuccess: again });
  const all = (list.data?.items ?? []).filter((score) => score.span_id === null || score.span_id === spanId);
  const mine = all.find((score) => score.name === FEEDBACK && score.author === me.data?.name && score.span_id === spanId);
  return { list, all, mine, give, remove };
}

interface ThumbProps {
  readonly good: boolean;
  readonly pressed: boolean;
  readonly busy: boolean;
  readonly onClick: () => void;
}

function Thumb({ good, pressed, busy, onClick }: ThumbProps) {
  const label = good ? "Good answer" : "Bad answer";
  const Icon = good ? (pressed ? IconThumbUpFilled : IconThumbUp) : pressed ? IconThumbDownFilled : IconThumbDown;
  const colour = good ? "var(--fy-good)" : "var(--fy-bad)";
  return (
    <Tooltip label={label}>
      <ActionIcon c={pressed ? colour : "dimmed"} aria-label={label} aria-pressed={pressed} loading={busy} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

function CommentBox({ busy, onSend }: { readonly busy: boolean; readonly onSend: (text: string) => void }) {
  const [comment, setComment] = useState("");
  const text = comment.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text === "") return;
        onSend(text);
        setComment("");
      }}
    >
      <Textarea
        aria-label="Comment"
        placeholder="What is right or wrong with it?"
        autosize
        minRows={1}
        maxRows={6}
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value);
        }}
      />
      {text !== "" && (
        <Group justify="flex-end" mt={6}>
          <Button type="submit" size="compact-sm" loading={busy}>
            Comment
          </Button>
        </Group>
      )}
    </form>
  );
}

/** What people and evaluators think of a trace, and what you think. With a span, of that span too. */
export function Scores({ traceId, spanId = null }: { readonly traceId: string; readonly spanId?: string | null }) {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const { list, all, mine, give, remove } = useScores(traceId, spanId);
  const send = (value: number | null, comment: string | null) => {
    give.mutate({ name: FEEDBACK, span_id: spanId, value, comment });
  };
  const error = list.error ?? give.error ?? remove.error;
  const thumbs = [true, false].map((good) => {
    const value = good ? 1 : 0;
    return <Thumb key={value} good={good} pressed={mine?.value === value} busy={give.isPending} onClick={() => send(value, mine?.comment ?? null)} />;
  });
  return (
    <Section title="Feedback" aside={write && <Group gap={4}>{thumbs}</Group>}>
      <Stack gap={10}>
        {error && <ErrorPanel error={error} />}
        {all.map((score) => (
          <Line key={score.score_id} score={score} onRemove={write ? () => remove.mutate(score.score_id) : undefined} />
        ))}
        {all.length === 0 && list.isSuccess && (
          <Text size="sm" c="dimmed">
            Nobody has said anything yet.
          </Text>
        )}
        {write && <CommentBox busy={give.isPending} onSend={(text) => send(mine?.value ?? null, text)} />}
      </Stack>
    </Section>
  );
}
