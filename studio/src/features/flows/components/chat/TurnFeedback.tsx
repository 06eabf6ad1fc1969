import { Button, Popover } from "@mantine/core";
import { IconMessage2 } from "@tabler/icons-react";
import { useState } from "react";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { CommentBox, Thumbs } from "@/ui/feedback/Thumbs";
import { useScores } from "@/ui/feedback/useScores";

/** Thumbs and a comment on an answer, kept as feedback on its trace. */
export function TurnFeedback({ traceId }: { readonly traceId: string }) {
  const { write } = useRights(useWorkspace());
  const { mine, give, send } = useScores(traceId, null);
  const [opened, setOpened] = useState(false);
  if (!write) return null;
  return (
    <>
      <Thumbs value={mine?.value ?? null} busy={give.isPending} onChange={(value) => { send(value, mine?.comment ?? null); }} />
      <Popover opened={opened} onChange={setOpened} width={320} position="bottom-start" trapFocus>
        <Popover.Target>
          <Button size="compact-xs" variant="subtle" leftSection={<IconMessage2 size={14} />} onClick={() => { setOpened(!opened); }}>
            {mine?.comment ? "Commented" : "Comment"}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <CommentBox
            busy={give.isPending}
            onSend={(text) => {
              send(mine?.value ?? null, text);
              setOpened(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {give.error && <ErrorPanel error={give.error} />}
    </>
  );
}
