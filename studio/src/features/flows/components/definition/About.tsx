import { EditorCard } from "../editors/EditorCard";
import { Saved, tried } from "../editors/Saved";

interface AboutProps {
  /** Keys of the file, with their labels and what they say. */
  readonly fields: readonly (readonly [key: string, label: string, saved: string])[];
  /** Sets a key, or takes it away where the value is undefined. */
  readonly onSet: (key: string, value: string | undefined) => void;
}

/** What a flow says of itself. */
export function About({ fields, onSet }: AboutProps) {
  return (
    <EditorCard title="About">
      {fields.map(([key, label, saved]) => (
        <Saved
          key={key}
          label={label}
          data={[]}
          saved={saved}
          placeholder="None"
          onSave={(text) =>
            tried(() => {
              onSet(key, text === "" ? undefined : text);
            })
          }
        />
      ))}
    </EditorCard>
  );
}
