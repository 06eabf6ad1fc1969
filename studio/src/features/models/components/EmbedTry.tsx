import { Group, Paper, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { cosine, embed } from "@/api/inference";
import type { Model } from "@/api/types";
import { formatDuration, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import classes from "./Try.module.css";

function samplesOf(model: Model): [string, string] {
  const input = (model.sample_input as { input?: unknown } | null)?.input;
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  const [first, second] = texts;
  return [typeof first === "string" ? first : "How do I reset my password?", typeof second === "string" ? second : "I forgot my password."];
}

/** How near two texts are to one another, by the model's vectors. */
export function EmbedTry({ model }: { model: Model }) {
  const workspace = useWorkspace();
  const [texts, setTexts] = useState(() => samplesOf(model));
  const compare = useMutation({ mutationFn: (input: string[]) => embed(workspace, model.name, input) });
  const { data } = compare;
  const [left, right] = data?.vectors ?? [];
  const change = (index: 0 | 1, text: string) => {
    setTexts(([first, second]) => (index === 0 ? [text, second] : [first, text]));
  };
  return (
    <Stack gap="md" maw={980}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {([0, 1] as const).map((index) => (
          <Textarea
            key={index}
            label={index === 0 ? "Text" : "Compared with"}
            autosize
            minRows={4}
            maxRows={12}
            value={texts[index]}
            onChange={(event) => {
              change(index, event.currentTarget.value);
            }}
          />
        ))}
      </SimpleGrid>
      <Group>
        <GuardedButton
          loading={compare.isPending}
          off={texts.some((text) => text.trim() === "") ? "Write all texts first." : null}
          onClick={() => {
            compare.mutate([...texts]);
          }}
        >
          Compare
        </GuardedButton>
      </Group>
      {compare.error && <ErrorPanel error={compare.error} />}
      {data && left && right && (
        <Paper p="md">
          <div className={classes.score}>
            <span className={classes.scoreValue}>{formatNumber(cosine(left, right), 3)}</span>
            <Text size="sm" c="dimmed">
              cosine similarity, from −1 to 1; 1 means the same direction
            </Text>
          </div>
          <div className={classes.figures}>
            <span>{formatNumber(left.length)} dimensions</span>
            <span>{formatDuration(data.totalMs)}</span>
            {data.tokens !== undefined && <span>{formatNumber(data.tokens)} tokens</span>}
            {data.traceId && (
              <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId: data.traceId }} inherit>
                Trace
              </TextLink>
            )}
          </div>
        </Paper>
      )}
    </Stack>
  );
}
