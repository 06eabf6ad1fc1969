/** The file that the nodes of a DAG flow are in. */
export const FLOW_FILE = "flow.dag.yaml";
