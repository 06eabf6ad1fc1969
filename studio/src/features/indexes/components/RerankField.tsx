import { Autocomplete, type AutocompleteProps } from "@mantine/core";
import { useState } from "react";
import { useLocalModels } from "../hooks/useLocalModels";

interface RerankFieldProps extends Omit<AutocompleteProps, "value" | "onChange" | "data"> {
  /** The model's name; empty for none. */
  readonly value: string;
  readonly onChange: (model: string) => void;
}

/** The model that orders what is found anew: one of this machine, or one behind a connection by its name. */
export function RerankField({ value, onChange, ...props }: RerankFieldProps) {
  const [typed, setTyped] = useState(value);
  const { items } = useLocalModels("rerank");
  const choose = (next: string) => {
    setTyped(next);
    onChange(next.trim());
  };
  return (
    <Autocomplete
      clearable
      placeholder="None"
      title="Reads each of the best 30 with the question and orders them anew: a model of this machine, or connection/model"
      {...props}
      data={items.map(({ name }) => name)}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={choose}
      onClear={() => choose("")}
      onBlur={() => choose(typed)}
      onKeyDown={(event) => {
        if (event.key === "Enter") choose(typed);
      }}
    />
  );
}
