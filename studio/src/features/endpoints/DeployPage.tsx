import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard } from "@/ui/Wizard";
import { ChecksStep } from "./components/DeployChecksStep";
import { DeploySide } from "./components/DeployReview";
import { HowStep, TrafficStep, WhatStep, WhereStep } from "./components/DeploySteps";
import { useDeployChecks } from "./hooks/useDeployChecks";
import { useDeployDraft } from "./hooks/useDeployDraft";

function DeployWizard({ all }: { readonly all: readonly Endpoint[] }) {
  const draft = useDeployDraft(all);
  const found = useDeployChecks(draft);
  const passes = draft.what.source !== null && !found.pending && !found.error && found.checks.every((check) => check.outcome !== "bad");
  // Only a flow is tested and evaluated; what is found of a model stands with the verdict.
  const tested = draft.what.source === null || draft.what.source.kind === "flow";
  return (
    <Wizard
      steps={[
        { name: "what", title: "What", done: draft.steps.what, content: <WhatStep draft={draft} /> },
        { name: "where", title: "Where", done: draft.steps.where, content: <WhereStep draft={draft} /> },
        { name: "how", title: "Replicas", heading: "Replicas and bounds", done: draft.steps.how, content: <HowStep draft={draft} /> },
        { name: "traffic", title: "Traffic", done: draft.steps.where && draft.steps.traffic, content: <TrafficStep draft={draft} /> },
        ...(tested ? [{ name: "checks", title: "Checks", heading: "Test and evaluation", done: passes, content: <ChecksStep draft={draft} found={found} /> }] : []),
      ]}
      side={<DeploySide draft={draft} found={found} />}
    />
  );
}

/** Deploys a flow, a model or a scoring script: what, where, how many, and whether it will start. */
export function DeployPage() {
  const workspace = useWorkspace();
  return (
    <Page>
      <PageHeader
        title="Deploy"
        parent={{ label: "Endpoints", target: linkOptions({ to: "/w/$workspace/endpoints", params: { workspace } }) }}
        meta="Brings a flow, a model or a scoring script into service at an address of its own."
      />
      {/* The names that it proposes are right only beside those that there are. */}
      <Loaded query={useQuery(endpoints.list(workspace))}>{(list) => <DeployWizard all={list.items} />}</Loaded>
    </Page>
  );
}
