import { useFlow } from "../../hooks/useFlowDocument";
import { removeInput, setInput } from "../../logic/edits/nodes";
import { setModel, setSetting, type NodeSettings } from "../../logic/edits/settings";
import type { GraphNode } from "../../model";
import { ModelFields } from "./ModelFields";

interface LlmFieldsProps {
  readonly node: GraphNode;
  readonly settings: NodeSettings;
}

/** The connection, model and parameters of an LLM node. */
export function LlmFields({ node, settings }: LlmFieldsProps) {
  const { edit } = useFlow();
  return (
    <ModelFields
      owner={{
        connection: settings.connection,
        model: node.model ?? "",
        api: settings.api,
        parameters: node.inputs ?? {},
        setConnection: (name) => {
          edit(`Set the connection of ${node.name}`, (doc) => {
            setSetting(doc, node.name, "connection", name);
          });
        },
        setModel: (model, type) => {
          edit(`Set the model of ${node.name}`, (doc) => {
            setModel(doc, node.name, model, type === "open_ai" || type === "serverless" ? "model" : "deployment_name");
          });
        },
        setApi: (api) => {
          edit(`Set the API of ${node.name}`, (doc) => {
            setSetting(doc, node.name, "api", api);
          });
        },
        setParameter: (name, value) => {
          edit(`${value === undefined ? "Unset" : "Set"} ${name} of ${node.name}`, (doc) => {
            if (value === undefined) removeInput(doc, node.name, name);
            else setInput(doc, node.name, name, value);
          });
        },
      }}
    />
  );
}
