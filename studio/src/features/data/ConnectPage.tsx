import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { datastores } from "@/api/datastores";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Page, PageHeader } from "@/ui/Page";
import { Wizard } from "@/ui/Wizard";
import { CredentialsStep, NameStep, PlaceStep, TypePicker } from "./components/StoreFields";
import { StoreTestResult } from "./components/StoreTestResult";
import { draftFor, labelOf, problemsOf, STORE_KINDS, type StoreDraft, toWrite, yamlOf } from "./logic/stores";

function SameAs({ draft }: { readonly draft: StoreDraft }) {
  const [form, setForm] = useState("file");
  const file = `${draft.name === "" ? "datastore" : draft.name}.yaml`;
  return (
    <>
      <SegmentedControl
        aria-label="The same as"
        size="xs"
        data={[
          { value: "file", label: "File" },
          { value: "command", label: "Command" },
        ]}
        value={form}
        onChange={setForm}
      />
      {form === "file" ? <CodeBlock code={yamlOf(draft)} label="Copy file" wrap /> : <CodeBlock code={`flowyard datastore create --file ${file}`} label="Copy command" wrap />}
    </>
  );
}

const missing = (problems: Readonly<Record<string, string>>, keys: readonly { readonly key: string }[]) => keys.some(({ key }) => problems[key] !== undefined);

/** Connects a datastore: which type, where, with which credentials; tried before it is made. */
export function ConnectPage() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const [draft, setDraft] = useState<StoreDraft>(() => draftFor("azure_blob"));
  const [pressed, setPressed] = useState(false);
  const found = problemsOf(draft);
  const problems = pressed ? found : {};
  const test = useMutation({ mutationFn: () => datastores.tryOut(workspace, toWrite(draft)) });
  const create = useMutation({
    mutationFn: () => datastores.create(workspace, toWrite(draft)),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["datastores", workspace] });
      await navigate({ to: "/w/$workspace/data/datastores/$store", params: { workspace, store: made.name } });
    },
  });
  const change = (part: Partial<StoreDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    test.reset();
    create.reset();
  };
  const whenWhole = (then: () => void) => () => {
    setPressed(true);
    if (Object.keys(found).length === 0) then();
  };
  const kind = STORE_KINDS[draft.type];
  const fields = kind?.credentials.find((set) => set.name === draft.credential)?.fields ?? [];
  const step = { draft, problems, change };
  return (
    <Page>
      <PageHeader
        title="Connect a datastore"
        parent={{ label: "Data", target: linkOptions({ to: "/w/$workspace/data", params: { workspace }, search: { tab: "datastores" } as never }) }}
        meta="A place with files or tables under a name. Nothing is copied: they are read where they are, when they are needed."
      />
      <Wizard
        steps={[
          {
            name: "type",
            title: "Type",
            done: true,
            content: (
              <TypePicker
                value={draft.type}
                onChange={(type) => {
                  setPressed(false);
                  change({ ...draftFor(type), name: draft.name, description: draft.description });
                }}
              />
            ),
          },
          { name: "where", title: "Where", heading: labelOf(draft.type), done: !missing(found, kind?.configs ?? []), content: <PlaceStep {...step} /> },
          { name: "credentials", title: "Credentials", done: !missing(found, fields), content: <CredentialsStep {...step} /> },
          { name: "name", title: "Name", done: found.name === undefined, content: <NameStep {...step} /> },
          {
            name: "test",
            title: "Test",
            heading: "Does it answer?",
            done: test.data?.ok === true,
            content: (
              <Stack gap="sm">
                <Group gap="sm">
                  <GuardedButton off={off} variant="default" leftSection={<IconPlugConnected size={16} />} loading={test.isPending} onClick={whenWhole(() => test.mutate())}>
                    Test connection
                  </GuardedButton>
                  {pressed && Object.keys(found).length > 0 && (
                    <Text size="sm" c="var(--fy-bad)" role="alert">
                      Fill in what is marked above first.
                    </Text>
                  )}
                </Group>
                {test.data && <StoreTestResult result={test.data} />}
                {test.error && <ErrorPanel error={test.error} />}
              </Stack>
            ),
          },
        ]}
        side={
          <Stack gap="sm">
            <Text size="sm">
              A datastore <b>{draft.name === "" ? "…" : draft.name}</b> is made. Whoever may read this workspace&apos;s data reads its files through the server, without its credentials.
            </Text>
            <SameAs draft={draft} />
            {create.error && <ErrorPanel error={create.error} />}
            <GuardedButton off={off} loading={create.isPending} onClick={whenWhole(() => create.mutate())}>
              Connect
            </GuardedButton>
            {test.data?.ok === false && (
              <Text size="xs" c="dimmed">
                It can be made although it cannot be reached now.
              </Text>
            )}
          </Stack>
        }
      />
    </Page>
  );
}
