import { Autocomplete, Fieldset, MultiSelect, NumberInput, Select, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { flows } from "@/api/flows";
import { useWorkspace } from "@/lib/workspace";
import { useLocalModels } from "../hooks/useLocalModels";
import { ANSWER_MEASURES, type AnswersDraft } from "../logic/tuned";

interface AnswersFieldsProps {
  readonly draft: AnswersDraft;
  readonly onChange: (next: Partial<AnswersDraft>) => void;
}

/** A flow that answers by the best configurations, with variants of one of its prompts. */
export function AnswersFields({ draft, onChange }: AnswersFieldsProps) {
  const workspace = useWorkspace();
  const every = useQuery(flows.list(workspace));
  const chat = useLocalModels("chat-completion");
  const graph = useQuery({ ...flows.graph(workspace, draft.flow), enabled: draft.flow !== "" });
  const groups = (graph.data?.nodes ?? [])
    .filter(({ variants }) => (variants ?? []).length > 0)
    .map(({ name, variants }) => ({ group: name, items: (variants ?? []).map((variant) => ({ value: `\${${name}.${variant}}`, label: `${name}.${variant}` })) }));
  const asked = draft.flow !== "";
  return (
    <Fieldset legend="Answers">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
        <Select
          label="A flow that answers"
          description="By what the best three configurations find, in the place of its lookup. Without one, only what is found is measured."
          placeholder="None"
          searchable
          clearable
          data={(every.data?.items ?? []).map(({ name }) => name)}
          value={asked ? draft.flow : null}
          onChange={(flow) => onChange({ flow: flow ?? "", variants: [] })}
        />
        <MultiSelect
          label="Variants to compare"
          description={asked && graph.isSuccess && groups.length === 0 ? "This flow has none: it answers as it is." : "Of one of its nodes, usually of its prompt."}
          placeholder={draft.variants.length === 0 ? "The flow as it is" : ""}
          disabled={groups.length === 0}
          data={groups}
          value={[...draft.variants]}
          onChange={(variants) => onChange({ variants })}
        />
        <Select
          label="What is to be high of answers"
          description="An answer that claims nothing, such as that it does not know, counts 0."
          disabled={!asked}
          data={Object.entries(ANSWER_MEASURES).map(([value, label]) => ({ value, label }))}
          value={draft.measure}
          allowDeselect={false}
          onChange={(measure) => onChange({ measure: measure as AnswersDraft["measure"] })}
        />
        <NumberInput
          label="Answers at most"
          description="Of all configurations, variants and questions together. Each runs the flow once."
          disabled={!asked}
          min={10}
          max={100_000}
          thousandSeparator=" "
          value={draft.most}
          onChange={(most) => onChange({ most: Number(most) || 0 })}
        />
        <Autocomplete
          label="Judge"
          description="A model that scores groundedness and relevance of each answer, two calls for each. A model of less than some billion parameters judges badly."
          placeholder="None, or CONNECTION/MODEL"
          disabled={!asked}
          data={chat.items.filter(({ state }) => state === "ready").map(({ name }) => name)}
          value={draft.judge}
          onChange={(judge) => onChange({ judge })}
        />
        <NumberInput
          label="Tokens of the judge at most"
          description="Of all its calls. What is not judged by then is left out, and the report says so."
          disabled={!asked || draft.judge.trim() === ""}
          min={1000}
          thousandSeparator=" "
          value={draft.judgeTokens}
          onChange={(tokens) => onChange({ judgeTokens: Number(tokens) || 0 })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
