import { Button, Group, Stack } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { useDisclosure } from "@mantine/hooks";
import { IconDatabasePlus, IconInfoCircle, IconFolders, IconPlugConnected, IconSql, IconTable, IconTrash, IconUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { datastores } from "@/api/datastores";
import type { Datastore, StoredFile } from "@/api/types";
import { uploads, useUploads } from "@/api/uploads";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { Split } from "@/ui/Panel";
import { UrlTabs } from "@/ui/UrlTabs";
import { BookmarkDialog, type Bookmarked } from "./components/BookmarkDialog";
import classes from "./components/Data.module.css";
import { FileBrowser } from "./components/FileBrowser";
import { FilePanel } from "./components/FilePanel";
import { StoreFacts } from "./components/StoreFacts";
import { StoreTestResult } from "./components/StoreTestResult";
import { QueryTab, Tables } from "./components/Tables";
import { UploadList } from "./components/UploadList";
import { uriOf, within } from "./logic/paths";
import { droppedPath } from "@/lib/files";
import { isDatabase, labelOf, placeOf, whyOnlyRead } from "./logic/stores";

/** The folder of the address, and the file that is open beside it. */
function Files({ store }: { readonly store: Datastore }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const off = whyReadOnly(useRights(workspace)) ?? whyOnlyRead(store.type);
  const readOnly = whyReadOnly(useRights(workspace));
  const [path, setPath] = useUrlState("path", "", true);
  const [file, setFile] = useState<StoredFile | null>(null);
  const [asset, setAsset] = useState<Bookmarked | null>(null);
  const choose = useRef<() => void>(null);
  const mine = useUploads().filter((upload) => upload.workspace === workspace && upload.store === store.name);
  useEffect(
    () =>
      uploads.onEnd((upload) => {
        if (upload.status === "done" && upload.store === store.name) void client.invalidateQueries({ queryKey: ["datastores", workspace, store.name, "files"] });
      }),
    [client, workspace, store.name],
  );
  const go = (next: string) => {
    setFile(null);
    setPath(next);
  };
  const drop = (files: readonly File[]) => {
    uploads.add(workspace, store.name, files.map((each) => ({ path: within(path, droppedPath(each as File & { path?: string })), file: each })));
  };
  const upload = (
    <GuardedButton off={off} size="compact-sm" variant="default" leftSection={<IconUpload size={15} />} onClick={() => choose.current?.()}>
      Upload
    </GuardedButton>
  );
  const browser = (
    <Dropzone className={classes.dropFrame} onDrop={drop} openRef={choose} activateOnClick={false} activateOnKeyboard={false} disabled={off !== null} enablePointerEvents inputProps={{ "aria-label": "Files to upload" }}>
      <div className={classes.browser}>
        <FileBrowser
          key={store.name}
          store={store.name}
          path={path}
          onGo={go}
          onFile={setFile}
          openPath={file?.path ?? null}
          actions={
            <Group gap={6} wrap="nowrap">
              <GuardedButton off={readOnly} size="compact-sm" variant="default" leftSection={<IconDatabasePlus size={15} />} onClick={() => setAsset({ uri: uriOf(store.name, path, "folder"), kind: "folder" })}>
                Make a data asset from here
              </GuardedButton>
              {upload}
            </Group>
          }
          emptyNext={
            <Stack gap={6} align="center">
              {upload}
              {off === null && <span>or drop files and folders here</span>}
            </Stack>
          }
        />
        <UploadList items={mine} workspace={workspace} store={store.name} />
      </div>
    </Dropzone>
  );
  return (
    <>
      {file ? (
        <Split
          label={`The file ${file.path}`}
          width="clamp(340px, 34vw, 520px)"
          main={browser}
          side={<FilePanel key={file.path} store={store.name} file={file} onClose={() => setFile(null)} onAsset={() => setAsset({ uri: uriOf(store.name, file.path, "file"), kind: "file" })} />}
        />
      ) : (
        browser
      )}
      {asset && <BookmarkDialog key={asset.uri} what={asset} onClose={() => setAsset(null)} />}
    </>
  );
}

function Detail({ store }: { readonly store: Datastore }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const [deleting, { open, close }] = useDisclosure(false);
  const test = useMutation({ mutationFn: () => datastores.test(workspace, store.name) });
  const list = linkOptions({ to: "/w/$workspace/data", params: { workspace }, search: { tab: "datastores" } as never });
  const remove = async () => {
    await datastores.remove(workspace, store.name);
    await navigate(list);
    await client.invalidateQueries({ queryKey: ["datastores", workspace] });
  };
  return (
    <>
      <PageHeader
        title={store.name}
        badge={<CopyButton value={uriOf(store.name, "", "folder")} label="Copy URI" />}
        parent={{ label: "Datastores", target: list }}
        meta={
          <>
            <span>{labelOf(store.type)}</span>
            <span>{placeOf(store)}</span>
            {store.built_in ? (
              <span>Built in</span>
            ) : (
              <span>
                connected <RelativeTime value={store.created_at} />
              </span>
            )}
          </>
        }
      >
        {!store.built_in && (
          <GuardedButton off={off} variant="default" leftSection={<IconTrash size={15} />} onClick={open}>
            Delete
          </GuardedButton>
        )}
        <GuardedButton off={off} variant="default" leftSection={<IconPlugConnected size={16} />} loading={test.isPending} onClick={() => test.mutate()}>
          Test connection
        </GuardedButton>
      </PageHeader>
      {test.error && <ErrorPanel error={test.error} onRetry={() => test.mutate()} />}
      {test.data && (
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <div style={{ flex: 1 }}>
            <StoreTestResult result={test.data} />
          </div>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => test.reset()}>
            Hide
          </Button>
        </Group>
      )}
      <UrlTabs
        fill
        tabs={[
          ...(isDatabase(store)
            ? [
                { value: "tables", label: "Tables", icon: <IconTable size={15} />, content: () => <Tables store={store.name} /> },
                { value: "query", label: "Query", icon: <IconSql size={15} />, content: () => <QueryTab store={store.name} /> },
              ]
            : [{ value: "files", label: "Files", icon: <IconFolders size={15} />, content: () => <div style={{ height: "100%", minHeight: 320, display: "flex", flexDirection: "column" }}><Files store={store} /></div> }]),
          { value: "details", label: "Details", icon: <IconInfoCircle size={15} />, content: () => <StoreFacts store={store} /> },
        ]}
      />
      <ConfirmDelete
        opened={deleting}
        onClose={close}
        what={`datastore ${store.name}`}
        consequence="Its files stay where they are. Its credentials are gone for good, and data assets that point into it cannot be read any more."
        onConfirm={remove}
      />
    </>
  );
}

/** A datastore: its files or tables, whether it answers, what it is made of. */
export function StorePage() {
  const workspace = useWorkspace();
  const { store = "" } = useParams({ strict: false });
  const query = useQuery(datastores.get(workspace, store));
  return (
    <Page fill>
      <Loaded query={query}>{(found) => <Detail key={found.name} store={found} />}</Loaded>
    </Page>
  );
}
