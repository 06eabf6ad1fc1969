import type { Endpoint } from "@/api/types";
import classes from "./TrafficBar.module.css";

const TONES = ["var(--fy-accent)", "var(--fy-node-python)", "var(--fy-node-tool)", "var(--fy-node-llm)", "var(--fy-node-prompt)"];

/** The split of the traffic as a bar and in words. */
export function TrafficBar({ endpoint }: { readonly endpoint: Pick<Endpoint, "traffic"> }) {
  const shares = Object.entries(endpoint.traffic).filter(([, share]) => share > 0);
  if (shares.length === 0) return <span className={classes.words}>none</span>;
  const words = shares.map(([name, share]) => `${name} ${share} %`).join(", ");
  return (
    <span className={classes.traffic} title={words}>
      <span className={classes.bar} aria-hidden>
        {shares.map(([name, share], index) => (
          <span key={name} style={{ width: `${share}%`, background: TONES[index % TONES.length] }} />
        ))}
      </span>
      <span className={classes.words}>{words}</span>
    </span>
  );
}
