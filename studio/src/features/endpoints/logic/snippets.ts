/** Code that calls an endpoint. The key is read from `FLOWYARD_API_KEY`, never written into the code. */

export interface Snippet {
  readonly id: "curl" | "python" | "javascript" | "openai" | "langchain";
  readonly title: string;
  readonly language: "shell" | "python" | "javascript";
  readonly code: string;
}

export interface Target {
  /** Scheme and host of the gateway, without a slash at the end. */
  readonly origin: string;
  readonly scoringPath: string;
  readonly openaiPath: string;
  readonly body: unknown;
  /** Pins one deployment; null follows the traffic split. */
  readonly deployment: string | null;
  /** Set when the endpoint serves a model and speaks OpenAI's protocol. */
  readonly model: string | null;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function pythonLiteral(value: unknown, indent = ""): string {
  const deeper = `${indent}    `;
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map((item) => pythonLiteral(item, indent)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  return `{\n${entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${pythonLiteral(item, deeper)},`).join("\n")}\n${indent}}`;
}

function curl(target: Target): string {
  const pin = target.deployment === null ? "" : ` \\\n  -H 'azureml-model-deployment: ${target.deployment}'`;
  return `curl -sS ${target.origin}${target.scoringPath} \\
  -H "Authorization: Bearer $FLOWYARD_API_KEY" \\
  -H 'Content-Type: application/json'${pin} \\
  -d ${singleQuoted(JSON.stringify(target.body, null, 2))}`;
}

function python(target: Target): string {
  const pin = target.deployment === null ? "" : `\n        "azureml-model-deployment": ${JSON.stringify(target.deployment)},`;
  return `import json
import os
import urllib.request

body = ${pythonLiteral(target.body)}
request = urllib.request.Request(
    ${JSON.stringify(target.origin + target.scoringPath)},
    data=json.dumps(body).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['FLOWYARD_API_KEY']}",
        "Content-Type": "application/json",${pin}
    },
)
with urllib.request.urlopen(request) as response:
    print(json.load(response))`;
}

function javascript(target: Target): string {
  const pin = target.deployment === null ? "" : `\n    "azureml-model-deployment": ${JSON.stringify(target.deployment)},`;
  return `const response = await fetch(${JSON.stringify(target.origin + target.scoringPath)}, {
  method: "POST",
  headers: {
    Authorization: \`Bearer \${process.env.FLOWYARD_API_KEY}\`,
    "Content-Type": "application/json",${pin}
  },
  body: JSON.stringify(${JSON.stringify(target.body, null, 2).replaceAll("\n", "\n  ")}),
});
if (!response.ok) throw new Error(await response.text());
console.log(await response.json());`;
}

function openai(target: Target, model: string): string {
  const pin = target.deployment === null ? "" : `\n    default_headers={"azureml-model-deployment": ${JSON.stringify(target.deployment)}},`;
  return `import os

from openai import OpenAI

client = OpenAI(
    base_url=${JSON.stringify(target.origin + target.openaiPath)},
    api_key=os.environ["FLOWYARD_API_KEY"],${pin}
)
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)`;
}

function langchainModel(target: Target, model: string): string {
  const pin = target.deployment === null ? "" : `\n    default_headers={"azureml-model-deployment": ${JSON.stringify(target.deployment)}},`;
  return `import os

from langchain_openai import ChatOpenAI

model = ChatOpenAI(
    base_url=${JSON.stringify(target.origin + target.openaiPath)},
    api_key=os.environ["FLOWYARD_API_KEY"],
    model=${JSON.stringify(model)},${pin}
)
for piece in model.stream("Say hello."):
    print(piece.content, end="", flush=True)`;
}

function langchainFlow(target: Target): string {
  const pin = target.deployment === null ? "" : `\n            "azureml-model-deployment": ${JSON.stringify(target.deployment)},`;
  return `import json
import os
import urllib.request

from langchain_core.runnables import RunnableLambda


def score(body: dict) -> dict:
    request = urllib.request.Request(
        ${JSON.stringify(target.origin + target.scoringPath)},
        data=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['FLOWYARD_API_KEY']}",
            "Content-Type": "application/json",${pin}
        },
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


flow = RunnableLambda(score)
print(flow.invoke(${pythonLiteral(target.body)}))`;
}

/** The snippets that fit an endpoint: the openai client too where a model is served. */
export function snippets(target: Target): readonly Snippet[] {
  const plain: Snippet[] = [
    { id: "curl", title: "curl", language: "shell", code: curl(target) },
    { id: "python", title: "Python", language: "python", code: python(target) },
    { id: "javascript", title: "JavaScript", language: "javascript", code: javascript(target) },
  ];
  if (target.model === null) return [...plain, { id: "langchain", title: "LangChain", language: "python", code: langchainFlow(target) }];
  const langchain: Snippet = { id: "langchain", title: "LangChain", language: "python", code: langchainModel(target, target.model) };
  return [{ id: "openai", title: "openai client", language: "python", code: openai(target, target.model) }, langchain, ...plain];
}
