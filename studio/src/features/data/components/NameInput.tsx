import { TextInput } from "@mantine/core";
import { nameProblem } from "@/lib/names";

/** What a new asset is called; nothing where another version of one is made. */
export function NameInput({ asset, name, setName }: { readonly asset: string | undefined; readonly name: string; readonly setName: (name: string) => void }) {
  if (asset !== undefined) return null;
  return <TextInput label="Name" description="Runs name it azureml:<name>:<version>." value={name} error={name === "" ? null : nameProblem(name)} onChange={(event) => setName(event.currentTarget.value)} />;
}
