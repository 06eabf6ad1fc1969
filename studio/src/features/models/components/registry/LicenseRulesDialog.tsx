import { Button, Group, Modal, Stack, TagsInput, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { registry } from "@/api/registry";
import type { LicenseRules } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { LICENSE_CLASSES } from "../../logic/facets";

function Rules({ rules, onClose }: { readonly rules: LicenseRules; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const { manage } = useRights(workspace);
  const [allow, setAllow] = useState([...(rules.allow ?? [])]);
  const [deny, setDeny] = useState([...(rules.deny ?? [])]);
  const save = useMutation({
    mutationFn: () => registry.setLicenses(workspace, { allow, deny }),
    onSuccess: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ["registry", workspace] }), client.invalidateQueries({ queryKey: ["models", workspace] })]);
      onClose();
    },
  });
  const classes = Object.keys(LICENSE_CLASSES);
  return (
    <Stack gap="md">
      <Text size="sm">Which models this workspace deploys, by a license&apos;s name (Apache-2.0) or class. What serves already goes on.</Text>
      <TagsInput label="Deny" description="These are refused." data={classes} value={deny} onChange={setDeny} />
      <TagsInput label="Allow" description="When it is not empty, all others are refused too." data={classes} value={allow} onChange={setAllow} />
      {save.error && <ErrorPanel error={save.error} />}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <GuardedButton off={manage ? null : "Owners of the workspace set them."} loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </GuardedButton>
      </Group>
    </Stack>
  );
}

/** Which licenses the workspace deploys. */
export function LicenseRulesDialog({ onClose }: { readonly onClose: () => void }) {
  const query = useQuery(registry.licenses(useWorkspace()));
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>License rules</Text>}>
      <Loaded query={query}>{(rules) => <Rules rules={rules} onClose={onClose} />}</Loaded>
    </Modal>
  );
}
