import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Menu, type MenuItemProps, Tooltip } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import classes from "./GuardedButton.module.css";

interface Guarded {
  /** Why it is off; null: it is on. */
  readonly off: string | null;
  readonly onClick?: (() => void) | undefined;
}

const EVENTS = { hover: true, focus: true, touch: true };

function guard(off: string | null, onClick: (() => void) | undefined) {
  return {
    ...(off === null ? {} : { "aria-disabled": true, "aria-description": off }),
    onClick: (event: MouseEvent) => {
      if (off === null) onClick?.();
      else event.preventDefault();
    },
  };
}

interface GuardedButtonProps extends ButtonProps, Guarded {
  readonly type?: "button" | "submit";
  readonly "aria-label"?: string;
  readonly "aria-keyshortcuts"?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A button that says why it is off: it stays in the order of the keyboard, so that its reason can be found there too. */
export function GuardedButton({ off, onClick, children, ...props }: GuardedButtonProps) {
  return (
    <Tooltip label={off ?? ""} disabled={off === null} maw={280} events={EVENTS}>
      <Button {...props} {...(off === null ? {} : { "data-disabled": true })} {...guard(off, onClick)}>
        {children}
      </Button>
    </Tooltip>
  );
}

interface GuardedIconProps extends ActionIconProps, Guarded {
  readonly label: string;
  /** The key that does the same. */
  readonly hint?: string;
  readonly children: ReactNode;
}

/** The same as an icon; `label` says what it does. */
export function GuardedIcon({ off, onClick, label, hint, children, ...props }: GuardedIconProps) {
  return (
    <Tooltip label={off ?? (hint === undefined ? label : `${label} (${hint})`)} maw={280} events={EVENTS}>
      <ActionIcon {...props} aria-label={label} {...(off === null ? {} : { "data-disabled": true })} {...guard(off, onClick)}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

interface GuardedItemProps extends MenuItemProps, Guarded {
  readonly "aria-keyshortcuts"?: string;
}

/** The same in a menu, which stays open: the arrow keys come to what is off, too. */
export function GuardedItem({ off, onClick, color, children, ...props }: GuardedItemProps) {
  return (
    <Tooltip label={off ?? ""} disabled={off === null} maw={280} position="left" events={EVENTS}>
      <Menu.Item {...props} {...(off === null ? color !== undefined && { color } : { className: classes.off, closeMenuOnClick: false })} {...guard(off, onClick)}>
        {children}
      </Menu.Item>
    </Tooltip>
  );
}
