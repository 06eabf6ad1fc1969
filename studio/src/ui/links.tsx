import { ActionIcon, type ActionIconProps, Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";
import { GuardedButton } from "./GuardedButton";

/** An address inside the studio; make it with the router's `linkOptions`, which checks it. */
export interface Target {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, string | undefined>;
  hash?: string;
}

type AnchorBaseProps = AnchorProps & { ref?: Ref<HTMLAnchorElement>; children?: ReactNode; title?: string };
const AnchorBase = ({ ref, ...props }: AnchorBaseProps) => <Anchor {...(ref ? { ref } : {})} {...props} />;
/** A text link inside the studio. */
export const TextLink = createLink(AnchorBase);

type ButtonBaseProps = ButtonProps & { ref?: Ref<HTMLAnchorElement>; children?: ReactNode; off?: string | null };
const ButtonBase = ({ ref, off = null, ...props }: ButtonBaseProps) => {
  if (off === null) return <Button component="a" {...(ref ? { ref } : {})} {...props} />;
  const { variant = "filled", size = "sm", leftSection, children } = props;
  return (
    <GuardedButton off={off} variant={variant} size={size} leftSection={leftSection}>
      {children}
    </GuardedButton>
  );
};
/** A link that looks like a button; with `off`, the reason, it leads nowhere. */
export const ButtonLink = createLink(ButtonBase);

type IconBaseProps = ActionIconProps & { ref?: Ref<HTMLAnchorElement>; children?: ReactNode; "aria-label": string };
const IconBase = ({ ref, ...props }: IconBaseProps) => <ActionIcon component="a" {...(ref ? { ref } : {})} {...props} />;
/** A link that is an icon. */
export const IconLink = createLink(IconBase);
