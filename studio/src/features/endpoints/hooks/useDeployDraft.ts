import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import { flows } from "@/api/flows";
import type { AuthMode, Endpoint, Job } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { type DeployPlan, type Instances, NO_BOUNDS, readVariables, requestOf, type Source } from "../logic/deployPlan";
import { type GateDraft, readGates } from "../logic/gates";
import { readInit } from "../logic/init";
import { nameProblem, nextDeploymentName, suggestName } from "../logic/names";
import { readScale } from "../logic/scale";
import { type Canary, type CanaryDraft, NO_CANARY, readCanary } from "../logic/steps";

export type Kind = Source["kind"];

export interface Started {
  readonly job: Job;
  readonly endpoint: string;
  readonly deployment: string;
  /** What the traffic does once it is up. */
  readonly canary: Canary | null;
}

/** What is deployed: the address names a flow or a model, an archive is chosen here. */
function useSource() {
  const [flow, setFlow] = useUrlState("flow");
  const [model, setModel] = useUrlState("model");
  const [wanted, setWanted] = useState<Kind | null>(null);
  const [archive, setArchive] = useState<File | null>(null);
  const [script, setScript] = useState("score.py");
  const kind: Kind = wanted ?? (model === "" ? "flow" : "model");
  const name = kind === "flow" ? flow : model;
  const named: Source | null = kind === "script" || name === "" ? null : { kind, name };
  const scripted: Source | null = kind === "script" && archive && script.endsWith(".py") ? { kind, archive, script } : null;
  return { kind, setKind: setWanted, name, setName: kind === "flow" ? setFlow : setModel, archive, setArchive, script, setScript, source: named ?? scripted };
}

/** What a flex flow's class or a prompty is made with: asked for only where the flow is one. */
function useInit(source: Source | null) {
  const workspace = useWorkspace();
  const [written, write] = useState("");
  const isFlow = source?.kind === "flow";
  const list = useQuery({ ...flows.list(workspace), enabled: isFlow });
  const flow = isFlow ? list.data?.items.find((each) => each.name === source.name) : undefined;
  const asked = flow !== undefined && flow.kind !== "dag";
  const read = asked ? readInit(written) : { value: {} };
  return { asked, written, write, value: "value" in read ? read.value : null, problem: "problem" in read ? read.problem : null };
}

function endpointProblem(name: string, isNew: boolean, known: readonly string[]): string | null {
  if (isNew && known.includes(name)) return "There is an endpoint of this name already. Choose “Existing endpoint” to add a deployment to it.";
  return isNew ? nameProblem(name) : name === "" ? "Choose an endpoint." : null;
}

/** Where it is deployed to: what was typed, and what stands there until something is. */
function usePlace(source: Source | null, all: readonly Endpoint[]) {
  const [given] = useUrlState("endpoint");
  const [job] = useUrlState("job");
  const [chosenNew, setIsNew] = useState<boolean | null>(null);
  const [typedName, setName] = useState<string | null>(null);
  const [typedDeployment, setDeployment] = useState<string | null>(null);
  const [authMode, setAuthMode] = useState<AuthMode>("key");
  const known = all.map((each) => each.name);
  const isNew = chosenNew ?? given === "";
  const first = isNew ? suggestName(source === null ? "my-endpoint" : source.kind === "script" ? source.archive.name.replace(/\.zip$/i, "") : source.name) : (known[0] ?? "");
  const name = typedName ?? (isNew || given === "" ? first : given);
  const target = isNew ? undefined : all.find((each) => each.name === name);
  const taken = target?.deployments.map((each) => each.name) ?? [];
  const deployment = typedDeployment ?? nextDeploymentName(taken);
  return {
    known,
    isNew,
    chooseNew: (next: boolean): void => {
      setIsNew(next);
      setName(null);
      setDeployment(null);
    },
    name,
    setName,
    // The endpoint that a deploy under way has made is not one that there was already.
    nameIssue: job === "" ? endpointProblem(name, isNew, known) : null,
    target,
    deployment,
    setDeployment,
    deploymentIssue: nameProblem(deployment),
    authMode,
    setAuthMode,
    replaces: taken.includes(deployment),
  };
}

/** How the traffic moves: only where another deployment has some, and this one is new. */
function useCanary({ target, deployment, replaces }: ReturnType<typeof usePlace>) {
  const [written, write] = useState<CanaryDraft>(NO_CANARY);
  const possible = !replaces && Object.entries(target?.traffic ?? {}).some(([name, share]) => name !== deployment && share > 0);
  const draft = possible ? written : NO_CANARY;
  const value = readCanary(draft, deployment);
  const change = (part: Partial<CanaryDraft>): void => {
    write((before) => ({ ...before, ...part }));
  };
  return { possible, draft, change, value, ready: !draft.wanted || value !== null };
}

async function carryOut(workspace: string, plan: DeployPlan): Promise<Started> {
  const snapshot = plan.source.kind === "script" ? (await endpoints.upload(workspace, plan.source.archive)).digest : null;
  if (plan.isNew) await endpoints.create(workspace, { name: plan.endpoint, description: null, auth_mode: plan.authMode });
  const job = await endpoints.deploy(workspace, plan.endpoint, requestOf(plan, snapshot));
  return { job, endpoint: plan.endpoint, deployment: plan.deployment, canary: plan.canary };
}

/** A deployment in the making, beside the endpoints that there are. */
export function useDeployDraft(all: readonly Endpoint[]) {
  const workspace = useWorkspace();
  const what = useSource();
  const init = useInit(what.source);
  const place = usePlace(what.source, all);
  const canary = useCanary(place);
  const [instances, setInstances] = useState<Instances>(NO_BOUNDS);
  const [written, setGates] = useState<readonly GateDraft[]>([]);
  const gates = readGates(written);
  // Another flow has other evaluations.
  const [judged, judgeBy] = useState<{ readonly flow: string; readonly run: string } | null>(null);
  const evaluation = judged !== null && what.source?.kind === "flow" && judged.flow === what.source.name ? judged.run : null;
  const [anyway, setAnyway] = useState(false);
  const variables = readVariables(instances.variables);
  const steps = {
    what: what.source !== null && init.problem === null,
    where: place.nameIssue === null && place.deploymentIssue === null,
    how: readScale(instances.scale) !== null && "value" in variables,
    traffic: canary.ready,
  };
  const plan: DeployPlan | null =
    what.source && init.value ? { source: what.source, endpoint: place.name, isNew: place.isNew, authMode: place.authMode, deployment: place.deployment, instances, init: init.value, gates, evaluation, checked: null, anyway, canary: canary.value } : null;
  return {
    what,
    init,
    place,
    canary,
    instances,
    setInstance: (change: Partial<Instances>): void => {
      setInstances((before) => ({ ...before, ...change }));
    },
    variablesProblem: "problem" in variables ? variables.problem : null,
    gates: { drafts: written, change: setGates },
    evaluation,
    judgeBy: (run: string | null): void => {
      judgeBy(run === null ? null : { flow: what.name, run });
    },
    anyway,
    setAnyway,
    steps,
    plan,
    ready: plan !== null && Object.values(steps).every(Boolean),
    /** `checked`: the digest of the snapshot that was looked at. */
    deploy: (checked: string | null): Promise<Started> => {
      if (plan === null) throw new Error("There is nothing to deploy yet.");
      return carryOut(workspace, { ...plan, checked });
    },
  };
}

export type DeployDraft = ReturnType<typeof useDeployDraft>;
