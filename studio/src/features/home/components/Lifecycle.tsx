import { Link } from "@tanstack/react-router";
import type { Overview } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { LIFECYCLE } from "@/ui/shell/nav";
import { StatusIcon, type Tone } from "@/ui/StatusBadge";
import classes from "./Home.module.css";

type StageCount = Overview["stages"][number];

interface Words {
  readonly good: string;
  readonly busy: string;
  readonly bad: string;
  readonly empty: string;
  /** What the others are, where not all that are counted are the workspace's own. */
  readonly others?: string;
}

const WORDS: Record<string, Words> = {
  models: { good: "ready", busy: "pulling", bad: "damaged", empty: "None is on this machine yet", others: "in the catalog" },
  flows: { good: "valid", busy: "running", bad: "with errors", empty: "No flow yet" },
  endpoints: { good: "healthy", busy: "deploying", bad: "in trouble", empty: "Nothing is deployed yet" },
};

function State({ count, word, tone }: { count: number; word: string; tone: Tone }) {
  if (count === 0) return null;
  return (
    <span className={classes.state}>
      <StatusIcon tone={tone} size={13} />
      {formatNumber(count)} {word}
    </span>
  );
}

function StageCard({ stage, workspace }: { stage: StageCount; workspace: string }) {
  const place = LIFECYCLE.find((entry) => entry.to === `/w/$workspace/${stage.stage}`);
  if (!place) return null;
  const Icon = place.icon;
  const words: Words = WORDS[stage.stage] ?? { good: "well", busy: "busy", bad: "in trouble", empty: "Nothing yet" };
  const own = stage.good + stage.busy + stage.bad;
  return (
    <li className={classes.stage}>
      <Link to={place.to as "/w/$workspace/models"} params={{ workspace }} className={classes.card}>
        <div className={classes.head}>
          <span className={classes.icon}>
            <Icon size={17} stroke={1.7} aria-hidden />
          </span>
          {place.label}
          <span className={classes.total}>{formatNumber(words.others === undefined ? stage.total : own)}</span>
        </div>
        <div className={classes.states}>
          {own === 0 && words.empty}
          <State count={stage.good} word={words.good} tone="good" />
          <State count={stage.busy} word={words.busy} tone="busy" />
          <State count={stage.bad} word={words.bad} tone="bad" />
          {words.others !== undefined && stage.total > own && (
            <span>
              {formatNumber(stage.total - own)} more {words.others}
            </span>
          )}
        </div>
      </Link>
    </li>
  );
}

/** The stages from model to endpoint, connected, each with its live state. */
export function Lifecycle({ stages, workspace }: { stages: StageCount[]; workspace: string }) {
  return (
    <ol className={classes.lifecycle} aria-label="Lifecycle">
      {stages.map((stage) => (
        <StageCard key={stage.stage} stage={stage} workspace={workspace} />
      ))}
    </ol>
  );
}
