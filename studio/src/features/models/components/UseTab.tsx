import { Stack, Text } from "@mantine/core";
import type { Model } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { TextLink } from "@/ui/links";
import { UrlTabs } from "@/ui/UrlTabs";

function snippets(model: Model, origin: string) {
  const embedding = model.task === "embeddings";
  const called = model.call ?? model.name;
  const path = embedding ? "embeddings" : "chat/completions";
  const body = embedding ? `{"model": "${called}", "input": ["Hello"]}` : `{"model": "${called}", "messages": [{"role": "user", "content": "Hello"}]}`;
  const curl = `curl ${origin}/v1/${path} \\\n  -H "Authorization: Bearer $FLOWYARD_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '${body}'`;
  const setup = `import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${origin}/v1", api_key=os.environ["FLOWYARD_API_KEY"])\n`;
  const python = embedding
    ? `${setup}answer = client.embeddings.create(model="${called}", input=["Hello"])\nprint(len(answer.data[0].embedding))`
    : `${setup}answer = client.chat.completions.create(\n    model="${called}",\n    messages=[{"role": "user", "content": "Hello"}],\n)\nprint(answer.choices[0].message.content)`;
  const javascript = `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${origin}/v1", apiKey: process.env.FLOWYARD_API_KEY });\n${
    embedding
      ? `const answer = await client.embeddings.create({ model: "${called}", input: ["Hello"] });\nconsole.log(answer.data[0].embedding.length);`
      : `const answer = await client.chat.completions.create({\n  model: "${called}",\n  messages: [{ role: "user", content: "Hello" }],\n});\nconsole.log(answer.choices[0].message.content);`
  }`;
  return { curl, python, javascript };
}

/** How a program calls the model: any OpenAI client does. */
export function UseTab({ model }: { model: Model }) {
  const workspace = useWorkspace();
  const { curl, python, javascript } = snippets(model, window.location.origin);
  return (
    <Stack gap="md" maw={860}>
      <Text size="sm" c="dimmed">
        Any OpenAI client works; only its base URL changes. Make a key with the role invoker under{" "}
        <TextLink to="/w/$workspace/access" params={{ workspace }} search={{ tab: "keys" } as never} inherit underline="always">
          Access
        </TextLink>
        .
      </Text>
      <UrlTabs
        name="in"
        tabs={[
          { value: "python", label: "Python", content: () => <CodeBlock code={python} /> },
          { value: "javascript", label: "JavaScript", content: () => <CodeBlock code={javascript} /> },
          { value: "curl", label: "curl", content: () => <CodeBlock code={curl} /> },
        ]}
      />
    </Stack>
  );
}
