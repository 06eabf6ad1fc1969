import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { isRunning, runs } from "@/api/runs";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { rowIdOf } from "../hooks/useLines";
import type { Run, UnreadAnswer } from "../model";
import classes from "./UnreadAnswers.module.css";

const AT_ONCE = 5;

function Answer({ run, answer }: { readonly run: Run; readonly answer: UnreadAnswer }) {
  const workspace = useWorkspace();
  return (
    <tr>
      <td>
        <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name: run.name }} search={{ tab: "rows", row: rowIdOf(answer) } as never} inherit className="fy-num">
          {formatNumber(answer.line)}
          {answer.variant !== "" && ` ${answer.variant}`}
        </TextLink>
      </td>
      <td>
        {answer.score}
        {answer.turn !== null && <div className={classes.small}>turn {formatNumber(answer.turn + 1)}</div>}
      </td>
      <td>{answer.reason}</td>
      <td className={classes.answer}>
        <div className={classes.text} tabIndex={0} role="group" aria-label={`What the judge answered for row ${answer.line}`}>
          {answer.answer === "" ? <span className={classes.small}>An empty answer.</span> : answer.answer}
          {answer.cut && "…"}
        </div>
      </td>
    </tr>
  );
}

/** Says which answers of judges could not be read, so that nobody takes the means of the others for those of all rows. */
export function UnreadAnswers({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const query = useInfiniteQuery({
    ...runs.unreadAnswers(workspace, run.name, AT_ONCE),
    enabled: (run.counts?.completed ?? 0) > 0,
    refetchInterval: isRunning(run) ? 5000 : false,
  });
  const found = query.data?.pages[0];
  if (!found || found.total === 0) return null;
  const answers = query.data?.pages.flatMap((page) => page.items) ?? [];
  const words = `${formatNumber(found.total)} ${found.total === 1 ? "answer of a judge" : "answers of judges"} could not be read`;
  return (
    <Alert color="yellow" variant="light" icon={<IconAlertTriangle size={16} aria-hidden />} p="sm">
      <Stack gap="sm">
        <Text size="sm">
          <b>{words}.</b> On {formatNumber(found.rows)} of {formatNumber(found.of)} rows a score is missing, and no mean counts it. A model that follows the judge&rsquo;s instructions better helps most often.
        </Text>
        <div className={classes.scroll} tabIndex={0} role="region" aria-label="Answers that could not be read">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">Row</th>
                <th scope="col">Score</th>
                <th scope="col">Why</th>
                <th scope="col">What the judge answered</th>
              </tr>
            </thead>
            <tbody>
              {answers.map((answer) => (
                <Answer key={`${rowIdOf(answer)} ${answer.score} ${answer.turn ?? ""}`} run={run} answer={answer} />
              ))}
            </tbody>
          </table>
        </div>
        {query.hasNextPage && (
          <Group gap="sm">
            <Button variant="default" size="compact-sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more
            </Button>
            <Text size="xs" c="dimmed" className="fy-num">
              {formatNumber(answers.length)} of {formatNumber(found.total)}
            </Text>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
