import { Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Overview } from "@/api/types";
import { formatCount } from "@/lib/format";
import classes from "./Home.module.css";

interface FigureProps {
  workspace: string;
  value: number;
  label: string;
  search?: Record<string, string>;
}

function Figure({ workspace, value, label, search = {} }: FigureProps) {
  return (
    <Link to="/w/$workspace/traces" params={{ workspace }} search={search as never} className={classes.figure}>
      <div className={classes.figureValue}>{formatCount(value)}</div>
      <div className={classes.figureLabel}>{label}</div>
    </Link>
  );
}

/** What the endpoints and models did in the last day; each number leads to the traces behind it. */
export function DayFigures({ overview, workspace }: { overview: Overview; workspace: string }) {
  return (
    <section className={classes.panel}>
      <div className={classes.panelHead}>
        <Title order={2}>Last 24 hours</Title>
      </div>
      <div className={classes.figures}>
        <Figure workspace={workspace} value={overview.requests_24h} label="Requests" />
        <Figure workspace={workspace} value={overview.errors_24h} label="Errors" search={{ status: "error" }} />
        <Figure workspace={workspace} value={overview.tokens_24h} label="Tokens" />
      </div>
    </section>
  );
}
