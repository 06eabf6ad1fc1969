import { Autocomplete, Button, Group, Modal, Select, Stack, Textarea } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { indexes } from "@/api/indexes";
import type { IndexVersion } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { GuardedButton } from "@/ui/GuardedButton";
import { KIND_NAMES, KINDS, rowOf, rowProblem, type WrittenQuestion } from "../logic/questionRows";

const NOTHING: WrittenQuestion = { question: "", answer: "", kind: null, document: "", context: "" };

interface AddQuestionProps {
  readonly version: IndexVersion;
  readonly onClose: () => void;
  readonly onAdd: (question: WrittenQuestion) => void;
}

/** Writes a question by hand. */
export function AddQuestion({ version, onClose, onAdd }: AddQuestionProps) {
  const documents = useInfiniteQuery(indexes.documents(useWorkspace(), version.name, version.version, false));
  const [written, setWritten] = useState(NOTHING);
  const change = (part: Partial<WrittenQuestion>) => setWritten((before) => ({ ...before, ...part }));
  const why = rowProblem(rowOf("", written));
  return (
    <Modal opened onClose={onClose} title="Add a question" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null) onAdd(written);
        }}
      >
        <Stack gap="md">
          <Textarea label="Question" data-autofocus autosize minRows={1} value={written.question} onChange={(event) => change({ question: event.currentTarget.value })} />
          <Textarea label="Answer" description="What is right. Measurements of retrieval need none, evaluators do." autosize minRows={1} value={written.answer} onChange={(event) => change({ answer: event.currentTarget.value })} />
          <Autocomplete
            label="Document"
            description="The one that answers it, by its key in the index."
            data={(documents.data?.pages ?? []).flatMap(({ items }) => items.map(({ key }) => key))}
            limit={30}
            value={written.document}
            onChange={(document) => change({ document })}
          />
          <Textarea label="Passage" description="Or the text that answers it, where no document is named." autosize minRows={2} maxRows={8} value={written.context} onChange={(event) => change({ context: event.currentTarget.value })} />
          <Select label="Kind" placeholder="Optional" clearable data={KINDS.filter((kind) => kind !== "conversation").map((kind) => ({ value: kind, label: KIND_NAMES[kind] }))} value={written.kind} onChange={(kind) => change({ kind })} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" off={why}>
              Add
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
