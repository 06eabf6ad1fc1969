import { Autocomplete, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { TextLink } from "@/ui/links";
import type { ChatShape, ChatTurn } from "../../logic/chat";
import { casesOf } from "../../logic/openings";
import { EXPECTED, testCaseOf, withCase } from "../../logic/testCase";

interface SaveTestCaseProps {
  readonly flow: string;
  readonly turn: ChatTurn;
  readonly shape: ChatShape;
  readonly answer: string;
  readonly onClose: () => void;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** A set of cases that is larger than this is no longer one that is kept by hand. */
const MOST_BYTES = 64_000_000;

/** The rows of a data asset as they are written: what a preview shows of them may be cut. */
async function linesOf(workspace: string, asset: DataAsset): Promise<string> {
  if (asset.bytes > MOST_BYTES) throw new Error(`${asset.name} has ${formatBytes(asset.bytes)}: choose a data asset of at most ${formatBytes(MOST_BYTES)}.`);
  const { file, text } = asset.files === 1 ? await data.text(workspace, asset.name, "latest") : { file: "", text: "" };
  if (!file.endsWith(".jsonl")) throw new Error(`${asset.name} is not one JSON Lines file, which a row could be added to: choose another data asset.`);
  return text;
}

/** Asks what should have been answered and where to keep it, and adds a row to a data asset: the next version of one, or a new one. */
export function SaveTestCase({ flow, turn, shape, answer, onClose }: SaveTestCaseProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const assets = useQuery(data.list(workspace));
  const names = (assets.data?.items ?? []).map(({ name }) => name);
  const [name, setName] = useState(casesOf(flow));
  const [expected, setExpected] = useState(answer);
  const save = useMutation({
    mutationFn: async () => {
      const found = assets.data?.items.find((asset) => asset.name === name);
      const text = withCase(found ? await linesOf(workspace, found) : "", testCaseOf(turn, shape, expected));
      const path = `${name}.jsonl`;
      return data.create(workspace, [{ path, file: new File([text], path) }], { name }, () => undefined, new AbortController().signal);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["data", workspace] }),
  });
  const problem = NAME.test(name) ? null : "Use 1 to 100 letters, digits and . _ -, a letter or digit first.";
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Save as a test case</Text>} size={520}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) save.mutate();
        }}
      >
        <Stack gap="md">
          <Autocomplete
            label="Data asset"
            description={names.includes(name) ? "It gets another version, with one row more." : "A new one is made."}
            data={names}
            value={name}
            error={problem}
            disabled={save.isSuccess}
            onChange={setName}
          />
          <Textarea
            label="Expected answer"
            description={`The column ${EXPECTED}; the flow's inputs are the other columns.`}
            autosize
            minRows={3}
            maxRows={12}
            value={expected}
            disabled={save.isSuccess}
            data-autofocus
            onChange={(event) => {
              setExpected(event.currentTarget.value);
            }}
          />
          {save.error && <ErrorPanel error={save.error} />}
          {save.data && (
            <Text size="sm" role="status">
              Saved as{" "}
              <TextLink to="/w/$workspace/data/$name" params={{ workspace, name: save.data.name }} inherit>
                {`${save.data.name}, version ${save.data.version}`}
              </TextLink>
              .
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {save.isSuccess ? "Close" : "Cancel"}
            </Button>
            {!save.isSuccess && (
              <GuardedButton type="submit" loading={save.isPending} off={problem ?? (assets.isPending ? "The data assets are being looked up." : null)}>
                Save
              </GuardedButton>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
