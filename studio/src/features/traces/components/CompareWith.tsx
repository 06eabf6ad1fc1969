import { Loader, Modal, ScrollArea, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { traces } from "@/api/traces";
import { searchOf } from "@/lib/traceSearch";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Duration, RelativeTime } from "@/ui/figures";
import { StatusBadge } from "@/ui/StatusBadge";
import type { Trace } from "../model";
import classes from "./CompareWith.module.css";

const SHOWN = 50;
const ID = /^[0-9a-f]{32}$/;

interface CompareWithProps {
  readonly trace: Trace;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Chooses the trace to compare this one with: others of its name first, any by a search or its id. */
export function CompareWith({ trace, opened, onClose }: CompareWithProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(() => searchOf("root.name", trace.name));
  const [q] = useDebouncedValue(typed.trim(), 250);
  const list = useInfiniteQuery({ ...traces.pages(workspace, q === "" || ID.test(q) ? {} : { q }, SHOWN), enabled: opened, placeholderData: (before) => before });
  const others = (list.data?.pages[0]?.items ?? []).filter((each) => each.trace_id !== trace.trace_id);
  const go = (right: string): void => void navigate({ to: "/w/$workspace/traces/compare", params: { workspace }, search: { left: trace.trace_id, right } as never });
  return (
    <Modal opened={opened} onClose={onClose} title="Compare with" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ID.test(typed.trim())) go(typed.trim());
        }}
      >
        <Stack gap={12}>
          <TextInput data-autofocus label="Search, or the id of a trace" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} rightSection={list.isFetching && <Loader size={14} />} />
          {list.error && <ErrorPanel error={list.error} />}
          <ScrollArea.Autosize mah={380}>
            <ul className={classes.list} aria-label="Traces">
              {others.map((each) => (
                <li key={each.trace_id}>
                  <UnstyledButton className={classes.item} onClick={() => go(each.trace_id)}>
                    <span className={`fy-truncate ${classes.name ?? ""}`}>{each.name}</span>
                    <StatusBadge status={each.status} bare />
                    <RelativeTime value={each.started_at} />
                    <Duration value={each.duration_ms} />
                    <span className={`fy-truncate ${classes.said ?? ""}`}>{each.output_preview ?? each.input_preview}</span>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          </ScrollArea.Autosize>
          {list.isSuccess && others.length === 0 && (
            <Text size="sm" c="dimmed">
              No other trace fits. Take the search away to see the newest.
            </Text>
          )}
        </Stack>
      </form>
    </Modal>
  );
}
