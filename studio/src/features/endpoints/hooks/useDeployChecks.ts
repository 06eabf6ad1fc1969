import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { deploymentChecks } from "@/api/deploymentChecks";
import type { DeploymentCheck, DeploymentChecks, DeploymentCreate } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { requestOf } from "../logic/deployPlan";
import type { DeployDraft } from "./useDeployDraft";

const NOTHING: DeploymentCreate = {};

/** What stands for and against the deployment, as the server found it; the test is run when it is asked for. */
export function useDeployChecks(draft: DeployDraft) {
  const workspace = useWorkspace();
  const { plan } = draft;
  const { write } = useRights(workspace);
  const looked = write && plan !== null && plan.source.kind !== "script";
  const request = looked ? { ...requestOf(plan, null), anyway: false } : NOTHING;
  const look = useQuery({ ...deploymentChecks.look(workspace, request), enabled: looked, placeholderData: keepPreviousData });
  const run = useMutation({ mutationFn: (inputs: Record<string, unknown> | null) => deploymentChecks.test(workspace, { deployment: request, test: true, inputs }) });
  const found = looked ? look.data : undefined;
  // A test of other files says nothing about these.
  const tested = sameFiles(run.data, found) ? run.data : undefined;
  return {
    found,
    checks: found ? withTest(found, tested) : [],
    /** The snapshot that was looked at; null while another is being looked at, of which what is shown says nothing yet. */
    digest: look.isPlaceholderData ? null : (found?.digest ?? null),
    looking: looked && (look.isPending || look.isPlaceholderData),
    tested: tested?.test ?? null,
    test: run,
    pending: looked && look.isPending,
    error: looked ? look.error : null,
  };
}

function sameFiles(one: DeploymentChecks | undefined, other: DeploymentChecks | undefined): boolean {
  return typeof one?.digest === "string" && one.digest === other?.digest;
}

function withTest(found: DeploymentChecks, tested: DeploymentChecks | undefined): readonly DeploymentCheck[] {
  const test = tested?.checks.filter(({ name }) => name === "test") ?? [];
  const [evaluation, first] = [found.checks.filter(({ name }) => name === "evaluation"), found.checks.filter(({ name }) => name !== "evaluation")];
  return [...first, ...test, ...evaluation];
}

export type DeployChecks = ReturnType<typeof useDeployChecks>;
