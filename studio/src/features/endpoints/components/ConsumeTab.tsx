import { Alert, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Endpoint } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { TextLink } from "@/ui/links";
import { useEndpointShape } from "../hooks/useEndpointShape";
import { snippets } from "../logic/snippets";
import classes from "./ConsumeTab.module.css";

/** Code that calls the endpoint, to copy. */
export function ConsumeTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const shape = useEndpointShape(endpoint);
  const [wanted, want] = useUrlState("code");
  const [pinned, pin] = useUrlState("deployment");
  const all = useMemo(
    () =>
      snippets({
        origin: window.location.origin,
        scoringPath: shape.path,
        openaiPath: endpoint.openai_path,
        body: shape.sample,
        deployment: pinned === "" ? null : pinned,
        model: shape.model,
      }),
    [endpoint, shape, pinned],
  );
  const open = all.find((snippet) => snippet.id === wanted) ?? all[0];
  return (
    <Stack gap="md" maw={960}>
      <Alert icon={<IconKey size={16} />} p="sm">
        <Text size="sm">
          The code reads its key from <code>FLOWYARD_API_KEY</code>: {endpoint.auth_mode === "aml_token" ? "a token of this endpoint, which works for an hour, under" : "one of this endpoint's own, under"}{" "}
          <TextLink to="/w/$workspace/endpoints/$name" params={{ workspace, name: endpoint.name }} search={{ tab: "keys" } as never} inherit underline="always">
            Keys
          </TextLink>
          , or one of the workspace with the role <b>invoker</b>, under{" "}
          <TextLink to="/w/$workspace/access" params={{ workspace }} search={{ tab: "keys" } as never} inherit underline="always">
            Access
          </TextLink>
          .
        </Text>
      </Alert>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Language"
          data={all.map(({ id, title }) => ({ value: id, label: title }))}
          value={open?.id ?? "curl"}
          onChange={want}
        />
        <Select
          aria-label="Deployment"
          w={220}
          placeholder="By traffic"
          clearable
          data={endpoint.deployments.map((deployment) => deployment.name)}
          value={pinned === "" ? null : pinned}
          onChange={pin}
        />
      </div>
      {open && <CodeBlock code={open.code} label={`Copy ${open.title} code`} />}
    </Stack>
  );
}
