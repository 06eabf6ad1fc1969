import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import type { Field } from "@/ui/inputs/fields";
import { servedModel } from "../logic/state";
import { sampleBody, scoreFields } from "../logic/swagger";

export interface EndpointShape {
  /** The inputs that `/score` takes; null when they are not known (yet), or a model is served. */
  readonly fields: readonly Field[] | null;
  readonly model: string | null;
  /** A body to begin from. */
  readonly sample: unknown;
  readonly path: string;
  readonly error: unknown;
}

const CHAT = { messages: [{ role: "user", content: "Say hello." }], max_tokens: 128 };

/** How an endpoint is called: by its OpenAPI document, or as a model by OpenAI's protocol. */
export function useEndpointShape(endpoint: Endpoint): EndpointShape {
  const workspace = useWorkspace();
  const model = servedModel(endpoint);
  const isUp = endpoint.deployments.some((deployment) => deployment.state === "healthy");
  const swagger = useQuery({ ...endpoints.swagger(workspace, endpoint), enabled: model === null && isUp });
  return useMemo(() => {
    if (model !== null) {
      const path = `${endpoint.openai_path.replace(/\/$/, "")}/chat/completions`;
      return { fields: null, model, sample: { model, ...CHAT }, path, error: null };
    }
    const fields = scoreFields(swagger.data);
    return { fields, model, sample: fields ? sampleBody(fields) : {}, path: endpoint.scoring_path, error: swagger.error };
  }, [endpoint.openai_path, endpoint.scoring_path, model, swagger.data, swagger.error]);
}
