import { useQuery } from "@tanstack/react-query";
import { IconBox } from "@tabler/icons-react";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { CardsSkeleton } from "@/ui/Skeletons";
import { FilterMenu, SearchBox } from "@/ui/TableBar";
import { ModelCard } from "./components/ModelCard";
import classes from "./components/Models.module.css";
import { STATES, TASKS } from "./tasks";

const TASK_OPTIONS = Object.entries(TASKS).map(([value, { label }]) => ({ value, label }));
const STATE_OPTIONS = Object.entries(STATES).map(([value, label]) => ({ value, label }));
const PULLING_MS = 2000;

function fits(model: Model, query: string, task: string, state: string): boolean {
  if ((task && model.task !== task) || (state && model.state !== state)) return false;
  const text = `${model.name} ${model.display_name} ${model.publisher} ${model.description}`.toLowerCase();
  return text.includes(query.trim().toLowerCase());
}

/** The catalog: what models there are, and which are on this machine. */
export function ModelsPage() {
  const workspace = useWorkspace();
  const [query, setQuery] = useUrlState("q");
  const [task, setTask] = useUrlState("task");
  const [state, setState] = useUrlState("state");
  const list = useQuery({
    ...models.list(workspace),
    refetchInterval: (current) => (current.state.data?.items.some((model) => model.state === "pulling") ? PULLING_MS : false),
  });
  return (
    <Page>
      <PageHeader title="Models" meta="Open models that run on this machine, without a key. Models behind connections are called by connection/model." />
      <div style={{ display: "flex", gap: 8, flexWrap: "wrap" }}>
        <SearchBox value={query} set={setQuery} placeholder="Search models" />
        <FilterMenu label="Task" value={task} options={TASK_OPTIONS} onChange={setTask} />
        <FilterMenu label="State" value={state} options={STATE_OPTIONS} onChange={setState} />
      </div>
      <Loaded query={list} skeleton={<CardsSkeleton />}>
        {({ items }) => {
          const shown = items.filter((model) => fits(model, query, task, state));
          if (shown.length === 0) return <EmptyState icon={IconBox} title="No model fits" text="No model of the catalog fits this search and these filters." />;
          return (
            <div className={classes.grid}>
              {shown.map((model) => (
                <ModelCard key={model.name} model={model} workspace={workspace} />
              ))}
            </div>
          );
        }}
      </Loaded>
    </Page>
  );
}
