import { Stack, Text } from "@mantine/core";
import type { DataAsset } from "@/api/types";
import { CodeBlock } from "@/ui/CodeBlock";
import { UrlTabs } from "@/ui/UrlTabs";

function snippets({ name, version, reference, rows }: DataAsset) {
  const read = rows === null ? "" : `\nfor row in workspace.data.preview("${name}", "${version}", limit=5).rows:\n    print(row.values)`;
  return {
    python: `from flowyard import Workspace\n\nworkspace = Workspace()\nasset = workspace.data.get("${name}", "${version}")\nprint(asset.rows, asset.fingerprint)${read}`,
    cli: `flowyard data show ${name}:${version}\nflowyard run create --flow my_flow --data ${reference}`,
    yaml: `# run.yaml\nflow: ./my_flow\ndata: ${reference}\ncolumn_mapping:\n  question: \${data.question}`,
  };
}

/** How programs, the command line and runs name the version. */
export function UseTab({ asset }: { readonly asset: DataAsset }) {
  const { python, cli, yaml } = snippets(asset);
  return (
    <Stack gap="md" maw={860}>
      <Text size="sm" c="dimmed">
        A version never changes: what names {asset.reference} reads the same rows tomorrow.
      </Text>
      <UrlTabs
        name="in"
        tabs={[
          { value: "python", label: "Python", content: () => <CodeBlock code={python} /> },
          { value: "cli", label: "Command line", content: () => <CodeBlock code={cli} /> },
          { value: "run", label: "run.yaml", content: () => <CodeBlock code={yaml} /> },
        ]}
      />
    </Stack>
  );
}
