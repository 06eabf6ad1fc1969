import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import type { UrlSearch } from "@/lib/url";

interface LeaveGuardProps {
  /** What is not saved, in a few words; empty: nothing, and nobody is asked. */
  readonly unsaved: string;
  /** Whether what is not saved is still there at another address of the same page. */
  readonly stays: (search: UrlSearch) => boolean;
}

/** Asks whoever is about to leave something that is not saved: the page's links, the browser's buttons, and closing it. */
export function LeaveGuard({ unsaved, stays }: LeaveGuardProps) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname || !stays(next.search as UrlSearch),
    enableBeforeUnload: true,
    disabled: unsaved === "",
    withResolver: true,
  });
  return (
    <Modal opened={blocker.status === "blocked"} onClose={() => blocker.reset?.()} title={<Text fw={600}>Leave without saving?</Text>}>
      <Stack gap="md">
        <Text size="sm">Not saved: {unsaved}. What is not saved is lost when you leave.</Text>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
