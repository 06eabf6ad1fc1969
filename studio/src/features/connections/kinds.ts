import type { ConnectionType } from "@/api/types";

/** A field of a connection's form. */
export interface Field {
  key: string;
  label: string;
  secret?: boolean;
  required?: boolean;
  placeholder?: string;
  description?: string;
  choices?: string[];
  multiline?: boolean;
}

/** A type of connection: what it is for, and what its form asks. */
export interface Kind {
  label: string;
  about: string;
  fields: Field[];
  /** Any further keys are taken too. */
  open?: boolean;
}

const key = (required = true): Field => ({ key: "api_key", label: "API key", secret: true, required });
const authMode: Field = { key: "auth_mode", label: "Sign-in", choices: ["key", "meid_token"], description: "key: an API key; meid_token: the identity of the machine" };

const prices: Field = {
  key: "prices",
  label: "Prices",
  multiline: true,
  description: "US dollars for a million tokens, by model; * for all others. They count before the public price list.",
  placeholder: "gpt-4o: {input: 2.0, output: 8.0, cached_input: 1.0}\n\"*\": {input: 0.5, output: 1.5}",
};

function service(about: string, label: string): Kind {
  return {
    label,
    about,
    fields: [{ key: "endpoint", label: "Endpoint", required: true, placeholder: "https://NAME.cognitiveservices.azure.com" }, { key: "api_version", label: "API version" }, key()],
  };
}

function database(label: string, placeholder: string): Kind {
  return { label, about: `A ${label} vector database.`, fields: [{ key: "api_base", label: "Address", required: true, placeholder }, key()] };
}

/** The types that can be made here, in the order of the form; keys as in prompt flow's connection YAML. */
export const KINDS: Record<ConnectionType, Kind> = {
  azure_open_ai: {
    label: "Azure OpenAI",
    about: "Deployments of an Azure OpenAI resource, called as connection/deployment.",
    fields: [
      { key: "api_base", label: "Endpoint", required: true, placeholder: "https://NAME.openai.azure.com" },
      { key: "api_version", label: "API version", placeholder: "2024-10-21" },
      authMode,
      { key: "resource_id", label: "Resource id" },
      key(false),
      prices,
    ],
  },
  open_ai: {
    label: "OpenAI",
    about: "OpenAI's models, called as connection/model.",
    fields: [{ key: "base_url", label: "Base URL", placeholder: "https://api.openai.com/v1" }, { key: "organization", label: "Organization" }, key(), prices],
  },
  serverless: {
    label: "OpenAI-compatible server",
    about: "Any server that speaks the OpenAI protocol: vLLM, llama.cpp, a serverless endpoint, a gateway.",
    fields: [{ key: "api_base", label: "Base URL", required: true, placeholder: "http://HOST:8000/v1" }, key(false), prices],
  },
  local: { label: "Local models", about: "Models that run on this machine. They cost nothing, unless you set a rate.", fields: [prices] },
  scripted: {
    label: "Scripted",
    about: "Answers from a script instead of a model: for tests that always end the same.",
    fields: [{ key: "script", label: "Script (YAML)", multiline: true, placeholder: "rules:\n  - match: hello\n    answer: Hi there." }, prices],
  },
  cognitive_search: {
    label: "Azure AI Search",
    about: "An Azure AI Search service.",
    fields: [{ key: "api_base", label: "Endpoint", required: true, placeholder: "https://NAME.search.windows.net" }, { key: "api_version", label: "API version" }, authMode, key(false)],
  },
  azure_ai_services: service("An Azure AI services resource.", "Azure AI services"),
  azure_content_safety: service("Azure AI Content Safety.", "Azure Content Safety"),
  form_recognizer: service("Azure Document Intelligence.", "Document Intelligence"),
  serp: { label: "SerpAPI", about: "Web search by SerpAPI.", fields: [key()] },
  qdrant: database("Qdrant", "http://HOST:6333"),
  weaviate: database("Weaviate", "http://HOST:8080"),
  custom: { label: "Custom", about: "Any keys and secrets, for the tools of your flows.", fields: [], open: true },
};

/** How a kept secret is said to the API: its value never comes back. */
export const KEPT = "******";

/** The label of a type; one that this studio does not know is shown as it is. */
export function labelOf(type: string): string {
  return (KINDS as Partial<Record<string, Kind>>)[type]?.label ?? type;
}
