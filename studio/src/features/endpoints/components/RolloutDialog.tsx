import { Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint, RolloutStart } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { type Judging, NOBODY, readJudging } from "../logic/judging";
import { readSteps } from "../logic/steps";
import { JudgingFields } from "./JudgingFields";

const PER_CENT = 100;

function numberOf(value: number | string): number | null {
  return typeof value === "number" ? value : null;
}

function useRolloutForm(endpoint: Endpoint) {
  const share = (name: string): number => endpoint.traffic[name] ?? 0;
  const candidates = endpoint.deployments.map(({ name }) => name).filter((name) => share(name) < PER_CENT);
  const [to, setTo] = useState<string | null>(candidates.toSorted((one, other) => share(one) - share(other))[0] ?? null);
  const [steps, setSteps] = useState("5, 25, 50, 100");
  const [everyS, setEveryS] = useState<number | string>(60);
  const [errors, setErrors] = useState<number | string>(2);
  const [p95, setP95] = useState<number | string>("");
  const [ratio, setRatio] = useState<number | string>("");
  const [requests, setRequests] = useState<number | string>("");
  const [judging, setJudging] = useState(NOBODY);
  const read = readSteps(steps);
  const judged = readJudging(judging);
  const every = numberOf(everyS);
  const errorRate = numberOf(errors);
  const body: RolloutStart | null =
    to === null || every === null || "problem" in read || "problems" in judged
      ? null
      : {
          to,
          steps: read.value,
          every_s: every,
          max_error_rate: errorRate === null ? null : errorRate / PER_CENT,
          max_p95_ms: numberOf(p95),
          max_p95_ratio: numberOf(ratio),
          min_requests: numberOf(requests),
          ...judged.value,
        };
  const judge = (change: Partial<Judging>): void => {
    setJudging((before) => ({ ...before, ...change }));
  };
  return { candidates, to, setTo, steps, setSteps, problem: "problem" in read ? read.problem : null, everyS, setEveryS, errors, setErrors, p95, setP95, ratio, setRatio, requests, setRequests, judging, judge, judgingProblems: "problems" in judged ? judged.problems : {}, body };
}

/** Begins to move traffic to a deployment in steps. */
export function RolloutDialog({ endpoint, onClose }: { readonly endpoint: Endpoint; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const form = useRolloutForm(endpoint);
  const start = useMutation({
    mutationFn: (body: RolloutStart) => endpoints.startRollout(workspace, endpoint.name, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["endpoints", workspace, endpoint.name] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} size={560} title={<Text fw={600}>Roll out in steps</Text>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (form.body) start.mutate(form.body);
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            A breach of any bound moves the traffic back to what it is now. A step ends when its time is over and enough requests were answered.
          </Text>
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            <Select label="To deployment" data={form.candidates} value={form.to} allowDeselect={false} onChange={form.setTo} />
            <NumberInput label="Each step lasts" suffix=" s" min={5} allowDecimal={false} value={form.everyS} onChange={form.setEveryS} />
          </SimpleGrid>
          <TextInput
            label="Steps, per cent of the traffic"
            value={form.steps}
            error={form.problem}
            onChange={(event) => {
              form.setSteps(event.currentTarget.value);
            }}
          />
          <SimpleGrid cols={2} spacing="md" verticalSpacing={12}>
            <NumberInput label="Most errors" suffix=" %" min={0} max={PER_CENT} placeholder="No bound" value={form.errors} onChange={form.setErrors} />
            <NumberInput label="P95 at most" suffix=" ms" min={1} placeholder="No bound" value={form.p95} onChange={form.setP95} />
            <NumberInput label="P95 against the others" suffix=" times" min={1} placeholder="No bound" value={form.ratio} onChange={form.setRatio} />
            <NumberInput label="Requests before a verdict" min={1} allowDecimal={false} placeholder="20, or what the bound needs" value={form.requests} onChange={form.setRequests} />
          </SimpleGrid>
          <JudgingFields judging={form.judging} problems={form.judgingProblems} onChange={form.judge} />
          {start.error && <ErrorPanel error={start.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={form.body === null ? "A field is empty or cannot be read: fill it in first." : null} loading={start.isPending}>
              Start rollout
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
