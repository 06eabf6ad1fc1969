import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { formatBytes, formatCount } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { CardTab } from "./components/CardTab";
import { ChatTry } from "./components/ChatTry";
import { DeploymentsTab } from "./components/DeploymentsTab";
import { EmbedTry } from "./components/EmbedTry";
import { FitTab } from "./components/FitTab";
import { ModelActions } from "./components/ModelActions";
import { NotPulled } from "./components/NotPulled";
import { PullProgress } from "./components/PullProgress";
import { RegistryTab } from "./components/registry/RegistryTab";
import { UseTab } from "./components/UseTab";
import { VerifiedBadge, VerifyTab } from "./components/VerifyTab";
import { isUsable, known, STATES, TASKS } from "./tasks";

function tryTab(model: Model): UrlTab[] {
  if (model.task === "rerank") return [];
  const content = () => {
    if (!isUsable(model)) return <NotPulled model={model} />;
    return model.task === "embeddings" ? <EmbedTry model={model} /> : <ChatTry model={model} />;
  };
  return [{ value: "try", label: "Try it", content }];
}

function Detail({ model, workspace }: { model: Model; workspace: string }) {
  const callable = model.task !== "rerank";
  const tabs: UrlTab[] = [
    { value: "card", label: "Model card", content: () => <CardTab model={model} /> },
    ...(model.access === "connection" ? [] : [{ value: "fit", label: "Will it fit", content: () => <FitTab model={model} /> }]),
    ...tryTab(model),
    { value: "verify", label: "Verify", content: () => <VerifyTab model={model} /> },
    { value: "versions", label: "Versions", content: () => <RegistryTab model={model.name} /> },
    ...(callable ? [{ value: "deployments", label: "Deployments", content: () => <DeploymentsTab model={model} /> }] : []),
    ...(callable ? [{ value: "use", label: "Use it", content: () => <UseTab model={model} /> }] : []),
  ];
  return (
    <>
      <PageHeader
        title={model.display_name}
        parent={{ label: "Models", target: { to: "/w/$workspace/models", params: { workspace } } }}
        badge={
          <>
            <StatusBadge status={model.state} label={STATES[model.state]} />
            {model.verified && <VerifiedBadge badge={model.verified} />}
          </>
        }
        meta={
          <>
            <span>{model.publisher}</span>
            <span>{TASKS[model.task].label}</span>
            <span>{known(model.parameters, formatCount)} parameters</span>
            {model.bytes_total === null ? null : <span>{formatBytes(model.bytes_total)}</span>}
            <span style={{ display: "inline-flex", alignItems: "center" }}>
              <code>{model.name}</code>
              <CopyButton value={model.name} label="Copy name" />
            </span>
          </>
        }
      >
        <ModelActions model={model} workspace={workspace} />
      </PageHeader>
      {model.pull_job && model.state !== "ready" && <PullProgress jobId={model.pull_job} workspace={workspace} />}
      <UrlTabs tabs={tabs} />
    </>
  );
}

/** A model: its card, its files, and a place to try it. */
export function ModelPage() {
  const workspace = useWorkspace();
  const { name } = useParams({ strict: false });
  const query = useQuery(models.get(workspace, name ?? ""));
  // Whoever leaves the end of the address of comparisons away means these, unless a model is called so.
  if (name === "compare" && query.error) return <Navigate to="/w/$workspace/models/compare/reports" params={{ workspace }} replace />;
  return (
    <Page>
      <Loaded query={query}>{(model) => <Detail model={model} workspace={workspace} />}</Loaded>
    </Page>
  );
}
