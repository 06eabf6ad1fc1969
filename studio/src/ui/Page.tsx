import { Title } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import { TextLink, type Target } from "./links";
import classes from "./Page.module.css";

interface PageProps {
  children: ReactNode;
  /** Takes the height of the window; what is inside scrolls by itself (lists, canvases). */
  fill?: boolean;
  /** Keeps lines short on wide screens (forms, prose). */
  narrow?: boolean;
}

/** The frame of a view. */
export function Page({ children, fill = false, narrow = false }: PageProps) {
  return <div className={[classes.page, fill ? classes.fill : "", narrow ? classes.narrow : ""].join(" ")}>{children}</div>;
}

interface PageHeaderProps {
  title: string;
  /** What stands beside the title: a status, a copy button. */
  badge?: ReactNode;
  /** One line below: what the noun is, or facts about this one. */
  meta?: ReactNode;
  /** The list this one belongs to. */
  parent?: { label: string; target: Target };
  /** Buttons; the primary action is the last. */
  children?: ReactNode;
}

/** Title, facts and actions of a view. Also names the browser's tab. */
export function PageHeader({ title, badge, meta, parent, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Flowyard`;
  }, [title]);
  return (
    <header className={classes.header}>
      <div className={classes.heading}>
        {parent && (
          <div className={classes.crumb}>
            <TextLink {...(parent.target as { to: "/" })} inherit c="dimmed">
              {parent.label}
            </TextLink>
            <IconChevronRight size={12} aria-hidden />
          </div>
        )}
        <div className={classes.title}>
          <Title order={1} title={title}>
            {title}
          </Title>
          {badge}
        </div>
        {meta && <div className={classes.meta}>{meta}</div>}
      </div>
      {children && <div className={classes.actions}>{children}</div>}
    </header>
  );
}
