import { Button, Group } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconPlayerTrackNext } from "@tabler/icons-react";
import { GuardedButton, GuardedIcon } from "@/ui/GuardedButton";
import { useTestRun } from "../hooks/useFlowRun";
import classes from "./RunButtons.module.css";

interface RunButtonsProps {
  readonly node: string;
  /** There is little room: what is run less often is an icon. */
  readonly isNarrow?: boolean;
}

/** Runs a node alone, or from it on; Stop while something runs. */
export function RunButtons({ node, isNarrow = false }: RunButtonsProps) {
  const { run, off, hasParts, start, stop } = useTestRun();
  if (!hasParts) return null;
  if (run.phase === "running")
    return (
      <Button size="compact-sm" variant="default" leftSection={<IconPlayerStop size={14} />} onClick={stop}>
        Stop
      </Button>
    );
  const onward = () => {
    start({ node, onward: true });
  };
  return (
    <Group gap={6} wrap="nowrap">
      <GuardedButton size="compact-sm" off={off} leftSection={<IconPlayerPlay size={14} />} aria-label={`Run this node: ${node}`} onClick={() => { start({ node, onward: false }); }}>
        Run this
      </GuardedButton>
      {isNarrow ? (
        <GuardedIcon label={`Run from ${node} on`} off={off} onClick={onward}>
          <IconPlayerTrackNext size={15} />
        </GuardedIcon>
      ) : (
        <GuardedButton size="compact-sm" variant="default" off={off} leftSection={<IconPlayerTrackNext size={14} />} aria-label={`Run from here: ${node}`} onClick={onward}>
          Run from here
        </GuardedButton>
      )}
    </Group>
  );
}

interface MarkProps {
  readonly label: string;
  readonly off: string | null;
  readonly onClick: () => void;
  readonly icon: typeof IconPlayerPlay;
}

function Mark({ label, off, onClick, icon: Icon }: MarkProps) {
  return (
    <button
      type="button"
      className={`${classes.mark} nodrag nopan`}
      aria-label={label}
      aria-disabled={off !== null}
      title={off ?? label}
      onClick={(event) => {
        event.stopPropagation();
        if (off === null) onClick();
      }}
    >
      <Icon size={14} stroke={2} aria-hidden />
    </button>
  );
}

/** The same in a node of the graph: small, and there when the node is pointed at or has the focus. A graph may have hundreds. */
export function RunMarks({ node }: { readonly node: string }) {
  const { run, off, hasParts, start, stop } = useTestRun();
  if (!hasParts) return null;
  const isRunning = run.phase === "running";
  return (
    <span className={classes.marks} data-run-marks>
      {isRunning ? (
        <Mark label="Stop" off={null} onClick={stop} icon={IconPlayerStop} />
      ) : (
        <>
          <Mark label={`Run ${node} alone`} off={off} onClick={() => { start({ node, onward: false }); }} icon={IconPlayerPlay} />
          <Mark label={`Run from ${node} on`} off={off} onClick={() => { start({ node, onward: true }); }} icon={IconPlayerTrackNext} />
        </>
      )}
    </span>
  );
}
