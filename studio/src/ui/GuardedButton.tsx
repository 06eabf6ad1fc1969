import { ActionIcon, Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";

interface Guarded {
  /** Why the button is off; null: it is on. */
  readonly off: string | null;
  readonly onClick?: () => void;
}

interface GuardedButtonProps extends ButtonProps, Guarded {
  readonly type?: "button" | "submit";
  readonly "aria-label"?: string;
  readonly "aria-keyshortcuts"?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function guard(off: string | null, onClick: (() => void) | undefined) {
  return {
    ...(off === null ? {} : { "data-disabled": true, "aria-disabled": true, "aria-description": off }),
    onClick: (event: MouseEvent) => {
      if (off === null) onClick?.();
      else event.preventDefault();
    },
  };
}

/** A button that says why it is off: it stays in the order of the keyboard, so that its reason can be found there too. */
export function GuardedButton({ off, onClick, children, ...props }: GuardedButtonProps) {
  return (
    <Tooltip label={off ?? ""} disabled={off === null} maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Button {...props} {...guard(off, onClick)}>
        {children}
      </Button>
    </Tooltip>
  );
}

interface GuardedIconProps extends Guarded {
  readonly label: string;
  readonly children: ReactNode;
}

/** The same as an icon; `label` says what it does. */
export function GuardedIcon({ off, onClick, label, children }: GuardedIconProps) {
  return (
    <Tooltip label={off ?? label} maw={280} events={{ hover: true, focus: true, touch: true }}>
      <ActionIcon aria-label={label} {...guard(off, onClick)}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
