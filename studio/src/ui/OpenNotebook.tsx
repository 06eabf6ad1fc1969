import { Button, Modal, Stack, Text } from "@mantine/core";
import { IconNotebook } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { notebooks } from "@/api/notebooks";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "./ErrorPanel";
import { GuardedButton, GuardedItem } from "./GuardedButton";

interface OpenNotebookProps {
  /** What the notebook is about: `flow/<name>`, `data/<name>/<version>`, `run/<name>`, `trace/<id>`, `endpoint/<name>`, `index/<name>/<version>`. */
  readonly about: string;
  /** Done first: what was typed is saved. */
  readonly before?: () => Promise<unknown>;
}

interface Opening {
  /** Why it cannot be opened by who is signed in; null: it can. */
  readonly off: string | null;
  readonly pending: boolean;
  readonly open: () => void;
  /** Says why a notebook could not be opened. Place it outside of menus, which close. */
  readonly dialog: ReactNode;
}

/** Opens a notebook in a tab of its own, which says itself how far it is. */
export function useNotebook({ about, before }: OpenNotebookProps): Opening {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const [blocked, setBlocked] = useState<string | null>(null);
  const start = useMutation({
    mutationFn: async (tab: Window | null) => {
      try {
        await before?.();
        const { url } = await notebooks.open(workspace, about);
        if (tab === null) {
          setBlocked(url);
          return;
        }
        // The notebook's page has no way back to this one.
        tab.opener = null;
        tab.location.replace(url);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
  const close = (): void => {
    start.reset();
    setBlocked(null);
  };
  const dialog = (
    <Modal opened={start.error !== null || blocked !== null} onClose={close} size={520} title={<Text fw={600}>The notebook is not open</Text>}>
      {start.error !== null && <ErrorPanel error={start.error} />}
      {blocked !== null && (
        <Stack gap="md" align="flex-start">
          <Text size="sm">The browser did not let this page open a tab.</Text>
          <Button component="a" href={blocked} target="_blank" rel="noopener noreferrer" onClick={close}>
            Open the notebook
          </Button>
        </Stack>
      )}
    </Modal>
  );
  // The tab is opened by the click itself: a browser would take one that comes later for an advertisement.
  return { off, pending: start.isPending, open: () => start.mutate(window.open("", "_blank")), dialog };
}

/** The entry in a menu of actions; `opening.dialog` stands beside the menu. */
export function NotebookItem({ opening }: { readonly opening: Opening }) {
  return (
    <GuardedItem leftSection={<IconNotebook size={15} />} off={opening.off} onClick={opening.open}>
      Open in notebook
    </GuardedItem>
  );
}

/** The same as a button. */
export function NotebookButton(props: OpenNotebookProps) {
  const opening = useNotebook(props);
  return (
    <>
      <GuardedButton variant="default" leftSection={<IconNotebook size={16} />} off={opening.off} loading={opening.pending} onClick={opening.open}>
        Open in notebook
      </GuardedButton>
      {opening.dialog}
    </>
  );
}
