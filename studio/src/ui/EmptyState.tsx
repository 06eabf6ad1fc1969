import { Title } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

interface EmptyStateProps {
  icon: TablerIcon;
  title: string;
  /** What the noun is, in a sentence. */
  text: ReactNode;
  /** The level of its heading: 1 where it is all there is of a page. */
  order?: 1 | 2;
  /** The one next step. */
  children?: ReactNode;
}

/** Says what would be here, and offers the next step. */
export function EmptyState({ icon: Icon, title, text, order = 2, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <div className={classes.icon}>
        <Icon size={22} stroke={1.6} aria-hidden />
      </div>
      <Title order={order} size="h2">{title}</Title>
      <div className={classes.text}>{text}</div>
      {children && <div className={classes.next}>{children}</div>}
    </div>
  );
}
