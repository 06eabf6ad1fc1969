import { ActionIcon, Menu, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconDots, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { connections } from "@/api/connections";
import { endpoints } from "@/api/endpoints";
import { gateway } from "@/api/gateway";
import { models } from "@/api/models";
import type { Route } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard, type WizardStep } from "@/ui/Wizard";
import { BreakerBadge } from "./components/BreakerBadge";
import classes from "./components/Gateway.module.css";
import { CacheStep, FailureStep, LoggingStep, ModelsStep } from "./components/RouteSteps";
import { draftOf, NEW_ROUTE, type RouteDraft, routeFile, routeNameProblem, specOf, targetsProblem } from "./logic/routeDraft";
import { callsOf, worstBreaker } from "./logic/status";

/** The names of models that can be offered; those of connections begin with the connection. */
function useKnownModels(): readonly string[] {
  const workspace = useWorkspace();
  const catalog = useQuery(models.list(workspace));
  const deployed = useQuery(endpoints.list(workspace));
  const connected = useQuery(connections.list(workspace));
  return [
    ...(catalog.data?.items.map(({ name }) => name) ?? []),
    ...(deployed.data?.items.filter((each) => each.deployments.some(({ model }) => model)).map(({ name }) => `endpoint:${name}`) ?? []),
    ...(connected.data?.items.filter((each) => !each.built_in && each.type !== "custom").map(({ name }) => `${name}/`) ?? []),
  ];
}

/** How the models of a route fare at the gateways that run. */
function Fares({ route }: { readonly route: Route }) {
  const workspace = useWorkspace();
  const status = useQuery(gateway.status(workspace));
  const gateways = status.data?.items ?? [];
  const names = [...new Set([...route.spec.targets.map(({ model }) => model), ...(route.spec.fallbacks ?? [])])];
  return (
    <table className={classes.table} aria-label="How calls to its models ended">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Breaker</th>
          <th scope="col" className={classes.number}>Answered</th>
          <th scope="col" className={classes.number}>Failed</th>
        </tr>
      </thead>
      <tbody>
        {names.map((model) => {
          const { answered, failed } = callsOf(gateways, route.name, model);
          return (
            <tr key={model}>
              <td>{model}</td>
              <td>
                <BreakerBadge state={worstBreaker(gateways, route.name, model)} />
              </td>
              <td className={classes.number}>{formatNumber(answered)}</td>
              <td className={classes.number}>{formatNumber(failed)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function callWith(name: string): string {
  return `curl -sS ${window.location.origin}/v1/chat/completions \\
  -H "Authorization: Bearer $FLOWYARD_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"model": "${name}", "messages": [{"role": "user", "content": "Hello"}]}'`;
}

interface SideProps {
  readonly draft: RouteDraft;
  readonly route: Route | null;
  readonly problem: string | null;
}

function Side({ draft, route, problem }: SideProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const rights = useRights(workspace);
  const changed = route === null || JSON.stringify(specOf(draftOf(route))) !== JSON.stringify(specOf(draft));
  const save = useMutation({
    mutationFn: () => (route ? gateway.replaceRoute(workspace, route.name, specOf(draft)) : gateway.createRoute(workspace, draft.name, specOf(draft))),
    onSuccess: async (saved) => {
      client.setQueryData<Route>(gateway.route(workspace, saved.name).queryKey, saved);
      await client.invalidateQueries({ queryKey: gateway.routes(workspace).queryKey, exact: true });
      await navigate({ to: "/w/$workspace/gateway/route", params: { workspace }, search: { name: saved.name } as never, replace: true });
    },
  });
  const readOnly = whyReadOnly(rights);
  return (
    <Stack gap={12}>
      <Text size="sm">
        {readOnly ?? problem ?? `Clients name ${draft.name} as their model; nothing else changes for them. ${route ? "A change holds within a second, and empties the route's cache." : "It answers within a second."}`}
      </Text>
      <GuardedButton
        leftSection={<IconDeviceFloppy size={16} />}
        off={readOnly ?? problem ?? (changed ? null : "Nothing was changed.")}
        loading={save.isPending}
        onClick={() => {
          save.mutate();
        }}
      >
        {route ? "Save route" : "Create route"}
      </GuardedButton>
      {save.error && <ErrorPanel error={save.error} />}
      {route && <Fares route={route} />}
      {route && <CodeBlock code={callWith(route.name)} label="Copy curl" wrap />}
      <CodeBlock code={routeFile(draft)} label="Copy route.yaml" wrap />
      <Text size="xs" c="dimmed">
        flowyard gateway route {route ? "update" : "create"} -f route.yaml
      </Text>
    </Stack>
  );
}

function Form({ route, taken }: { readonly route: Route | null; readonly taken: readonly string[] }) {
  const workspace = useWorkspace();
  const locked = whyReadOnly(useRights(workspace));
  const known = useKnownModels();
  const [draft, setDraft] = useState<RouteDraft>(() => (route ? draftOf(route) : NEW_ROUTE));
  const onChange = (change: Partial<RouteDraft>): void => {
    setDraft((before) => ({ ...before, ...change }));
  };
  const nameProblem = route ? null : routeNameProblem(draft.name, taken);
  const modelsProblem = targetsProblem(draft);
  const step = { draft, locked, onChange };
  const steps: WizardStep[] = [
    { name: "models", title: "Models", done: modelsProblem === null, content: <ModelsStep {...step} known={known} /> },
    { name: "failures", title: "Failures", heading: "When a model fails", done: true, content: <FailureStep {...step} known={known} /> },
    { name: "cache", title: "Cache", done: true, content: <CacheStep {...step} /> },
    { name: "logging", title: "Logging", heading: "What spans keep", done: true, content: <LoggingStep {...step} /> },
  ];
  const name: WizardStep = {
    name: "name",
    title: "Name",
    done: nameProblem === null,
    content: (
      <TextInput
        aria-label="Name"
        placeholder="chat"
        value={draft.name}
        error={draft.name === "" ? null : nameProblem}
        disabled={locked !== null}
        onChange={(event) => {
          onChange({ name: event.currentTarget.value });
        }}
      />
    ),
  };
  return <Wizard steps={route ? steps : [name, ...steps]} side={<Side draft={draft} route={route} problem={nameProblem ?? modelsProblem} />} />;
}

function RouteActions({ route }: { readonly route: Route }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const [deleting, remove] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={34} variant="default" aria-label="More actions">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <GuardedItem color="red" leftSection={<IconTrash size={15} />} off={off} onClick={remove.open}>
            Delete route
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`route ${route.name}`}
        consequence="Calls that name it are refused within a second. The models behind it stay."
        onConfirm={async () => {
          await gateway.removeRoute(workspace, route.name);
          await navigate({ to: "/w/$workspace/gateway", params: { workspace } });
          void client.invalidateQueries({ queryKey: gateway.routes(workspace).queryKey });
        }}
      />
    </>
  );
}

/** A route of the gateway, to be made or changed. */
export function RoutePage() {
  const workspace = useWorkspace();
  const [name] = useUrlState("name");
  const route = useQuery({ ...gateway.route(workspace, name), enabled: name !== "" });
  const routes = useQuery(gateway.routes(workspace));
  const parent = { label: "Gateway", target: linkOptions({ to: "/w/$workspace/gateway", params: { workspace } }) };
  return (
    <Page>
      <PageHeader title={name === "" ? "New route" : name} parent={parent} meta="One name for several models.">
        {route.data && name !== "" && <RouteActions route={route.data} />}
      </PageHeader>
      {name === "" ? (
        <Form route={null} taken={routes.data?.items.map((each) => each.name) ?? []} />
      ) : (
        <Loaded query={route}>{(found) => <Form key={found.name} route={found} taken={[]} />}</Loaded>
      )}
    </Page>
  );
}
