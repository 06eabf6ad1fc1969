// Made from the server's OpenAPI document by `npm run codegen`. Not edited by hand.

export interface paths {
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Me */
        get: operations["me_api_v1_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign In */
        post: operations["sign_in_api_v1_sign_in_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign Out */
        post: operations["sign_out_api_v1_sign_out_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Workspaces */
        get: operations["workspaces_api_v1_workspaces_get"];
        put?: never;
        /** Create Workspace */
        post: operations["create_workspace_api_v1_workspaces_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Audit */
        get: operations["list_audit_api_v1_workspaces__workspace__audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Connections */
        get: operations["list_connections_api_v1_workspaces__workspace__connections_get"];
        put?: never;
        /** Create Connection */
        post: operations["create_connection_api_v1_workspaces__workspace__connections_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/connections/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Connection */
        get: operations["get_connection_api_v1_workspaces__workspace__connections__name__get"];
        /** Put Connection */
        put: operations["put_connection_api_v1_workspaces__workspace__connections__name__put"];
        post?: never;
        /** Delete Connection */
        delete: operations["delete_connection_api_v1_workspaces__workspace__connections__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/connections/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test Connection */
        post: operations["test_connection_api_v1_workspaces__workspace__connections__name__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Endpoints */
        get: operations["list_endpoints_api_v1_workspaces__workspace__endpoints_get"];
        put?: never;
        /** Create Endpoint */
        post: operations["create_endpoint_api_v1_workspaces__workspace__endpoints_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Endpoint */
        get: operations["get_endpoint_api_v1_workspaces__workspace__endpoints__name__get"];
        put?: never;
        post?: never;
        /** Delete Endpoint */
        delete: operations["delete_endpoint_api_v1_workspaces__workspace__endpoints__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create Deployment */
        post: operations["create_deployment_api_v1_workspaces__workspace__endpoints__name__deployments_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete Deployment */
        delete: operations["delete_deployment_api_v1_workspaces__workspace__endpoints__name__deployments__deployment__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Endpoint Logs */
        get: operations["endpoint_logs_api_v1_workspaces__workspace__endpoints__name__logs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/traffic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put Traffic */
        put: operations["put_traffic_api_v1_workspaces__workspace__endpoints__name__traffic_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Flows */
        get: operations["list_flows_api_v1_workspaces__workspace__flows_get"];
        put?: never;
        /** Create Flow */
        post: operations["create_flow_api_v1_workspaces__workspace__flows_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Flow */
        get: operations["get_flow_api_v1_workspaces__workspace__flows__flow__get"];
        put?: never;
        post?: never;
        /** Delete Flow */
        delete: operations["delete_flow_api_v1_workspaces__workspace__flows__flow__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Files */
        get: operations["list_files_api_v1_workspaces__workspace__flows__flow__files_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get File */
        get: operations["get_file_api_v1_workspaces__workspace__flows__flow__files__path__get"];
        /** Put File */
        put: operations["put_file_api_v1_workspaces__workspace__flows__flow__files__path__put"];
        post?: never;
        /** Delete File */
        delete: operations["delete_file_api_v1_workspaces__workspace__flows__flow__files__path__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Graph */
        get: operations["get_graph_api_v1_workspaces__workspace__flows__flow__graph_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Test Flow */
        post: operations["test_flow_api_v1_workspaces__workspace__flows__flow__test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Templates */
        get: operations["list_templates_api_v1_workspaces__workspace__flows_templates_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Jobs */
        get: operations["list_jobs_api_v1_workspaces__workspace__jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Job */
        get: operations["get_job_api_v1_workspaces__workspace__jobs__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel Job */
        post: operations["cancel_job_api_v1_workspaces__workspace__jobs__id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Job Events */
        get: operations["job_events_api_v1_workspaces__workspace__jobs__id__events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume Job */
        post: operations["resume_job_api_v1_workspaces__workspace__jobs__id__resume_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Keys */
        get: operations["list_keys_api_v1_workspaces__workspace__keys_get"];
        put?: never;
        /** Create Key */
        post: operations["create_key_api_v1_workspaces__workspace__keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/keys/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke Key */
        delete: operations["revoke_key_api_v1_workspaces__workspace__keys__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Models */
        get: operations["list_models_api_v1_workspaces__workspace__models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Model */
        get: operations["get_model_api_v1_workspaces__workspace__models__name__get"];
        put?: never;
        post?: never;
        /** Delete Model */
        delete: operations["delete_model_api_v1_workspaces__workspace__models__name__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/{name}/pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pull Model */
        post: operations["pull_model_api_v1_workspaces__workspace__models__name__pull_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Overview */
        get: operations["overview_api_v1_workspaces__workspace__overview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Traces */
        get: operations["list_traces_api_v1_workspaces__workspace__traces_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/traces/{trace_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get Trace */
        get: operations["get_trace_api_v1_workspaces__workspace__traces__trace_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Users */
        get: operations["list_users_api_v1_workspaces__workspace__users_get"];
        put?: never;
        /** Create User */
        post: operations["create_user_api_v1_workspaces__workspace__users_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete User */
        delete: operations["delete_user_api_v1_workspaces__workspace__users__name__delete"];
        options?: never;
        head?: never;
        /** Update User */
        patch: operations["update_user_api_v1_workspaces__workspace__users__name__patch"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/users/{name}/sign-in-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** User Link */
        post: operations["user_link_api_v1_workspaces__workspace__users__name__sign_in_link_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ApiKey
         * @description A key without its secret: `prefix` is its first characters, to recognise it by.
         */
        ApiKey: {
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Expires At */
            expires_at?: string | null;
            /** Last Used At */
            last_used_at?: string | null;
            /** Name */
            name: string;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at?: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "owner" | "contributor" | "reader" | "invoker";
        };
        /**
         * ApiKeyCreate
         * @description Make a key. `expires_in_days` None means that it never expires.
         */
        ApiKeyCreate: {
            /** Expires In Days */
            expires_in_days?: number | null;
            /** Name */
            name: string;
            /**
             * Role
             * @default invoker
             * @enum {string}
             */
            role?: "owner" | "contributor" | "reader" | "invoker";
        };
        /**
         * ApiKeyCreated
         * @description A new key with its secret. It is shown this once.
         */
        ApiKeyCreated: {
            key: components["schemas"]["ApiKey"];
            /** Secret */
            secret: string;
        };
        /**
         * AuditEntry
         * @description Who changed what, and when.
         */
        AuditEntry: {
            /** Action */
            action: string;
            /** Actor */
            actor: string;
            /** At */
            at: string;
            /** Detail */
            detail: {
                [key: string]: unknown;
            };
            /** Id */
            id: string;
            /** Target */
            target: string;
        };
        /**
         * Connection
         * @description A connection. Secrets never come back: `secrets` holds the names that are set, no values.
         */
        Connection: {
            /**
             * Built In
             * @default false
             */
            built_in?: boolean;
            /** Configs */
            configs: {
                [key: string]: string;
            };
            /** Created At */
            created_at: string;
            /** Name */
            name: string;
            /** Secrets */
            secrets: string[];
            /**
             * Type
             * @enum {string}
             */
            type: "local" | "azure_open_ai" | "open_ai" | "serverless" | "scripted" | "cognitive_search" | "azure_ai_services" | "azure_content_safety" | "form_recognizer" | "serp" | "qdrant" | "weaviate" | "custom";
            /** Updated At */
            updated_at: string;
        };
        /**
         * ConnectionTest
         * @description The result of one real call through the connection.
         */
        ConnectionTest: {
            /** Detail */
            detail: string;
            /** Latency Ms */
            latency_ms?: number | null;
            /**
             * Models
             * @default []
             */
            models?: string[];
            /** Ok */
            ok: boolean;
        };
        /**
         * ConnectionWrite
         * @description Make or replace a connection. A secret given as ``******`` or ``<no-change>`` keeps its present value.
         */
        ConnectionWrite: {
            /** Configs */
            configs?: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /** Secrets */
            secrets?: {
                [key: string]: string;
            };
            /**
             * Type
             * @enum {string}
             */
            type: "local" | "azure_open_ai" | "open_ai" | "serverless" | "scripted" | "cognitive_search" | "azure_ai_services" | "azure_content_safety" | "form_recognizer" | "serp" | "qdrant" | "weaviate" | "custom";
        };
        /**
         * Deployment
         * @description A deployment. Exactly one of `flow` (with the `digest` of its snapshot) and `model` is set; `error` is problem details.
         */
        Deployment: {
            /** Created At */
            created_at: string;
            /** Digest */
            digest?: string | null;
            /** Endpoint */
            endpoint: string;
            /** Environment Variables */
            environment_variables?: {
                [key: string]: string;
            };
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /** Flow */
            flow?: string | null;
            /** Instance Count */
            instance_count: number;
            /** Job */
            job?: string | null;
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /** Replicas */
            replicas: components["schemas"]["Replica"][];
            /**
             * State
             * @enum {string}
             */
            state: "deploying" | "healthy" | "unhealthy" | "failed" | "deleting";
            /** Updated At */
            updated_at: string;
        };
        /**
         * DeploymentCreate
         * @description Deploy a flow of the workspace (`flow`), an uploaded snapshot (`snapshot`, its digest), or a catalog model (`model`).
         */
        DeploymentCreate: {
            /** Environment Variables */
            environment_variables?: {
                [key: string]: string;
            };
            /** Flow */
            flow?: string | null;
            /**
             * Instance Count
             * @default 1
             */
            instance_count?: number;
            /** Model */
            model?: string | null;
            /**
             * Name
             * @default blue
             */
            name?: string;
            /** Snapshot */
            snapshot?: string | null;
        };
        /**
         * Endpoint
         * @description A real-time endpoint. `traffic` maps deployment to per cent and sums to 0 or 100; the URIs are absolute paths.
         */
        Endpoint: {
            /** Created At */
            created_at: string;
            /** Deployments */
            deployments: components["schemas"]["Deployment"][];
            /** Description */
            description: string | null;
            /** Name */
            name: string;
            /** Openai Path */
            openai_path: string;
            /** Scoring Path */
            scoring_path: string;
            /** Swagger Path */
            swagger_path: string;
            /** Traffic */
            traffic: {
                [key: string]: number;
            };
            /** Updated At */
            updated_at: string;
        };
        /**
         * EndpointCreate
         * @description Make an endpoint. Its name has 3 to 32 characters: letters, digits and hyphens, a letter first.
         */
        EndpointCreate: {
            /** Description */
            description?: string | null;
            /** Name */
            name: string;
        };
        /**
         * Finding
         * @description One thing that validation found. `code` is stable; `line` and `column` count from 1.
         */
        Finding: {
            /** Code */
            code: string;
            /** Column */
            column?: number | null;
            /** File */
            file?: string | null;
            /** Line */
            line?: number | null;
            /** Message */
            message: string;
            /** Node */
            node?: string | null;
            /** Remedy */
            remedy?: string | null;
            /**
             * Severity
             * @enum {string}
             */
            severity: "error" | "warning";
        };
        /**
         * Flow
         * @description A flow folder of the workspace.
         */
        Flow: {
            /** Description */
            description: string | null;
            /** Digest */
            digest: string;
            /** Errors */
            errors: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "dag" | "flex" | "prompty";
            /** Name */
            name: string;
            /** Nodes */
            nodes: number;
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "standard" | "chat" | "evaluation";
            /** Updated At */
            updated_at: string;
        };
        /**
         * FlowCreate
         * @description Make a flow from a template.
         */
        FlowCreate: {
            /** Name */
            name: string;
            /**
             * Template
             * @default standard
             */
            template?: string;
        };
        /**
         * FlowFile
         * @description A file of a flow folder. `content` is None in listings and for binary files.
         */
        FlowFile: {
            /** Bytes */
            bytes: number;
            /** Content */
            content?: string | null;
            /** Etag */
            etag: string;
            /** Path */
            path: string;
        };
        /**
         * FlowFileWrite
         * @description New text of a file.
         */
        FlowFileWrite: {
            /** Content */
            content: string;
        };
        /**
         * FlowGraph
         * @description A flow as inputs, outputs, nodes and edges, with what validation found. What could not be read is left out.
         */
        FlowGraph: {
            /** Edges */
            edges: components["schemas"]["GraphEdge"][];
            /** Findings */
            findings: components["schemas"]["Finding"][];
            /** Inputs */
            inputs: components["schemas"]["FlowInput"][];
            /** Nodes */
            nodes: components["schemas"]["GraphNode"][];
            /** Outputs */
            outputs: components["schemas"]["FlowOutput"][];
        };
        /**
         * FlowInput
         * @description An input of a flow, as its form needs it.
         */
        FlowInput: {
            /** Default */
            default?: unknown;
            /** Description */
            description?: string | null;
            /**
             * Enum
             * @default []
             */
            enum?: unknown[];
            /**
             * Has Default
             * @default false
             */
            has_default?: boolean;
            /**
             * Is Chat History
             * @default false
             */
            is_chat_history?: boolean;
            /**
             * Is Chat Input
             * @default false
             */
            is_chat_input?: boolean;
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /**
         * FlowOutput
         * @description An output of a flow and the reference it comes from.
         */
        FlowOutput: {
            /**
             * Is Chat Output
             * @default false
             */
            is_chat_output?: boolean;
            /** Name */
            name: string;
            /** Reference */
            reference: string;
            /** Type */
            type: string;
        };
        /**
         * FlowTemplate
         * @description A flow to start from.
         */
        FlowTemplate: {
            /** Description */
            description: string;
            /** Name */
            name: string;
            /**
             * Purpose
             * @enum {string}
             */
            purpose: "standard" | "chat" | "evaluation";
            /** Title */
            title: string;
        };
        /**
         * FlowTest
         * @description Run a flow once with these inputs.
         */
        FlowTest: {
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
        };
        /**
         * GraphEdge
         * @description Data that flows from `source` to `target`; flow inputs and outputs are the nodes ``inputs`` and ``outputs``.
         */
        GraphEdge: {
            /** Label */
            label: string;
            /** Source */
            source: string;
            /** Target */
            target: string;
        };
        /**
         * GraphNode
         * @description A node as the graph shows it.
         */
        GraphNode: {
            /** Connection */
            connection?: string | null;
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /**
             * Kind
             * @enum {string}
             */
            kind: "llm" | "prompt" | "python" | "tool" | "aggregation";
            /** Line */
            line?: number | null;
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /** Source */
            source?: string | null;
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Job
         * @description A piece of durable work. `error` is problem details; `target` is what it works on, ``<kind>/<name>``.
         */
        Job: {
            /**
             * Attempt
             * @default 0
             */
            attempt?: number;
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Ended At */
            ended_at?: string | null;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Result */
            result?: unknown;
            /** Stages */
            stages: components["schemas"]["JobStage"][];
            /** Started At */
            started_at?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "canceling" | "completed" | "failed" | "canceled";
            /** Target */
            target: string;
            /** Title */
            title: string;
        };
        /**
         * JobStage
         * @description One stage of a job. `done` of `total` in `unit` (bytes, rows, …) when it counts; None when it does not.
         */
        JobStage: {
            /** Detail */
            detail?: string | null;
            /** Done */
            done?: number | null;
            /** Ended At */
            ended_at?: string | null;
            /** Name */
            name: string;
            /** Started At */
            started_at?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "pending" | "running" | "completed" | "failed" | "canceled";
            /** Total */
            total?: number | null;
            /** Unit */
            unit?: string | null;
        };
        /**
         * LogLines
         * @description The last lines that a replica wrote.
         */
        LogLines: {
            /** Lines */
            lines: string[];
            /** Replica */
            replica: string;
        };
        /**
         * Me
         * @description Who is asking, and where they may go.
         */
        Me: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "user" | "key";
            /** Name */
            name: string;
            /** Version */
            version: string;
            /** Workspaces */
            workspaces: components["schemas"]["Workspace"][];
        };
        /**
         * Model
         * @description A model of the catalog: its card, and whether it is on this machine.
         *
         *     `engine_state` tells of its engine process: ``stopped`` starts by itself at the next call.
         */
        Model: {
            /** Bytes Present */
            bytes_present: number;
            /** Bytes Total */
            bytes_total: number;
            /** Capabilities */
            capabilities: string[];
            /** Context Length */
            context_length: number;
            /** Description */
            description: string;
            /** Dimensions */
            dimensions: number | null;
            /** Display Name */
            display_name: string;
            /**
             * Engine State
             * @default none
             * @enum {string}
             */
            engine_state?: "none" | "stopped" | "starting" | "running" | "failed";
            /** Files */
            files: components["schemas"]["ModelFile"][];
            /** Intended Use */
            intended_use: string;
            /** Languages */
            languages: string[];
            /** License */
            license: string;
            /** Limits */
            limits: string;
            /** Name */
            name: string;
            /** Parameters */
            parameters: number;
            /** Publisher */
            publisher: string;
            /** Pull Job */
            pull_job?: string | null;
            /** Pulled At */
            pulled_at?: string | null;
            /** Sample Input */
            sample_input: unknown;
            /**
             * State
             * @enum {string}
             */
            state: "not_pulled" | "pulling" | "ready" | "damaged";
            /**
             * Task
             * @enum {string}
             */
            task: "chat-completion" | "completion" | "embeddings" | "rerank";
        };
        /**
         * ModelFile
         * @description One file of a model: the addresses where it can be had, tried in order, its size in bytes and SHA-256.
         */
        ModelFile: {
            /** Bytes */
            bytes: number;
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
            /** Sources */
            sources: string[];
        };
        /**
         * Money
         * @description An amount in millionths of a currency's unit, as text because JSON numbers end at 2^53.
         */
        Money: {
            /**
             * Currency
             * @default USD
             */
            currency?: string;
            /** Micros */
            micros: string;
        };
        /**
         * Overview
         * @description State of a workspace at a glance. `requests_24h`, `errors_24h` and `tokens_24h` count endpoint and model calls of the last day.
         */
        Overview: {
            /** Errors 24H */
            errors_24h: number;
            /** Jobs */
            jobs: components["schemas"]["Job"][];
            /** Requests 24H */
            requests_24h: number;
            /** Stages */
            stages: components["schemas"]["StageCount"][];
            /** Tokens 24H */
            tokens_24h: number;
            /** Traces */
            traces: components["schemas"]["Trace"][];
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_ApiKey_: {
            /** Items */
            items: components["schemas"]["ApiKey"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_AuditEntry_: {
            /** Items */
            items: components["schemas"]["AuditEntry"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Connection_: {
            /** Items */
            items: components["schemas"]["Connection"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Endpoint_: {
            /** Items */
            items: components["schemas"]["Endpoint"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Flow_: {
            /** Items */
            items: components["schemas"]["Flow"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_FlowFile_: {
            /** Items */
            items: components["schemas"]["FlowFile"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_FlowTemplate_: {
            /** Items */
            items: components["schemas"]["FlowTemplate"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Job_: {
            /** Items */
            items: components["schemas"]["Job"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_LogLines_: {
            /** Items */
            items: components["schemas"]["LogLines"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Model_: {
            /** Items */
            items: components["schemas"]["Model"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Trace_: {
            /** Items */
            items: components["schemas"]["Trace"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_User_: {
            /** Items */
            items: components["schemas"]["User"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Workspace_: {
            /** Items */
            items: components["schemas"]["Workspace"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Replica
         * @description One process that serves a deployment.
         */
        Replica: {
            /** Error */
            error?: string | null;
            /** Name */
            name: string;
            /** Pid */
            pid?: number | null;
            /**
             * Restarts
             * @default 0
             */
            restarts?: number;
            /** Started At */
            started_at?: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "starting" | "ready" | "restarting" | "stopped" | "failed";
        };
        /**
         * SignIn
         * @description Exchange a one-time sign-in token (from the link) or an API key for a session cookie. Give exactly one.
         */
        SignIn: {
            /** Api Key */
            api_key?: string | null;
            /** Token */
            token?: string | null;
        };
        /**
         * SignInLink
         * @description A link that signs one person in, once, until it expires.
         */
        SignInLink: {
            /** Expires At */
            expires_at: string;
            /** Url */
            url: string;
        };
        /**
         * Span
         * @description One span. `cost` None means that the price is not known; 0 means free. Token counts are None where none were told.
         */
        Span: {
            /** Attributes */
            attributes?: {
                [key: string]: unknown;
            };
            /** Completion Tokens */
            completion_tokens?: number | null;
            cost?: components["schemas"]["Money"] | null;
            /** Deployment */
            deployment?: string | null;
            /** Duration Ms */
            duration_ms: number;
            /** Endpoint */
            endpoint?: string | null;
            /**
             * Events
             * @default []
             */
            events?: components["schemas"]["SpanEvent"][];
            /**
             * Kind
             * @enum {string}
             */
            kind: "flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal";
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /** Node */
            node?: string | null;
            /** Parent Id */
            parent_id: string | null;
            /** Prompt Tokens */
            prompt_tokens?: number | null;
            /** Span Id */
            span_id: string;
            /** Start Offset Ms */
            start_offset_ms: number;
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "unset" | "ok" | "error";
            /** Status Message */
            status_message: string | null;
            /** Trace Id */
            trace_id: string;
        };
        /**
         * SpanEvent
         * @description Something that happened within a span.
         */
        SpanEvent: {
            /** At */
            at: string;
            /** Attributes */
            attributes: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
        };
        /**
         * StageCount
         * @description How many things a stage holds, how many of them are well, busy, or in trouble.
         */
        StageCount: {
            /** Bad */
            bad: number;
            /** Busy */
            busy: number;
            /** Good */
            good: number;
            /** Stage */
            stage: string;
            /** Total */
            total: number;
        };
        /**
         * Trace
         * @description A trace in a list: its root span and sums over its model calls.
         */
        Trace: {
            /** Completion Tokens */
            completion_tokens: number;
            cost: components["schemas"]["Money"] | null;
            /** Duration Ms */
            duration_ms: number;
            /** Endpoint */
            endpoint?: string | null;
            /** Input Preview */
            input_preview?: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal";
            /** Models */
            models: string[];
            /** Name */
            name: string;
            /** Output Preview */
            output_preview?: string | null;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Spans */
            spans: number;
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "unset" | "ok" | "error";
            /** Trace Id */
            trace_id: string;
        };
        /**
         * TraceDetail
         * @description A trace with all its spans, oldest first.
         */
        TraceDetail: {
            /** Spans */
            spans: components["schemas"]["Span"][];
            trace: components["schemas"]["Trace"];
        };
        /**
         * TrafficUpdate
         * @description Split requests by deployment, per cent; the sum is 0 or 100.
         */
        TrafficUpdate: {
            /** Traffic */
            traffic: {
                [key: string]: number;
            };
        };
        /**
         * User
         * @description A person in this workspace.
         */
        User: {
            /** Created At */
            created_at: string;
            /** Last Seen At */
            last_seen_at?: string | null;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "owner" | "contributor" | "reader" | "invoker";
        };
        /**
         * UserCreate
         * @description Let a person in, with a role in this workspace.
         */
        UserCreate: {
            /** Name */
            name: string;
            /**
             * Role
             * @default contributor
             * @enum {string}
             */
            role?: "owner" | "contributor" | "reader" | "invoker";
        };
        /**
         * UserUpdate
         * @description Change a person's role; it takes effect at once.
         */
        UserUpdate: {
            /**
             * Role
             * @enum {string}
             */
            role: "owner" | "contributor" | "reader" | "invoker";
        };
        /** ValidationError */
        ValidationError: {
            /** Context */
            ctx?: Record<string, never>;
            /** Input */
            input?: unknown;
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
        };
        /**
         * Workspace
         * @description A room of its own for assets, people and spans.
         */
        Workspace: {
            /** Created At */
            created_at: string;
            /** Display Name */
            display_name: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "owner" | "contributor" | "reader" | "invoker";
        };
        /**
         * WorkspaceCreate
         * @description Make a workspace; whoever makes it owns it.
         */
        WorkspaceCreate: {
            /** Display Name */
            display_name?: string | null;
            /** Name */
            name: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    me_api_v1_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
        };
    };
    sign_in_api_v1_sign_in_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    sign_out_api_v1_sign_out_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    workspaces_api_v1_workspaces_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Workspace_"];
                };
            };
        };
    };
    create_workspace_api_v1_workspaces_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspaceCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_audit_api_v1_workspaces__workspace__audit_get: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditEntry_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_connections_api_v1_workspaces__workspace__connections_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Connection_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_connection_api_v1_workspaces__workspace__connections_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_connection_api_v1_workspaces__workspace__connections__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_connection_api_v1_workspaces__workspace__connections__name__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_connection_api_v1_workspaces__workspace__connections__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    test_connection_api_v1_workspaces__workspace__connections__name__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionTest"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_endpoints_api_v1_workspaces__workspace__endpoints_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Endpoint_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_endpoint_api_v1_workspaces__workspace__endpoints_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_endpoint_api_v1_workspaces__workspace__endpoints__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_endpoint_api_v1_workspaces__workspace__endpoints__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_deployment_api_v1_workspaces__workspace__endpoints__name__deployments_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_deployment_api_v1_workspaces__workspace__endpoints__name__deployments__deployment__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment: string;
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    endpoint_logs_api_v1_workspaces__workspace__endpoints__name__logs_get: {
        parameters: {
            query?: {
                deployment?: string | null;
                tail?: number;
            };
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LogLines_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_traffic_api_v1_workspaces__workspace__endpoints__name__traffic_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrafficUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_flows_api_v1_workspaces__workspace__flows_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Flow_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_flow_api_v1_workspaces__workspace__flows_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flow"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_flow_api_v1_workspaces__workspace__flows__flow__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Flow"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_flow_api_v1_workspaces__workspace__flows__flow__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_files_api_v1_workspaces__workspace__flows__flow__files_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FlowFile_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_file_api_v1_workspaces__workspace__flows__flow__files__path__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                path: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowFile"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    put_file_api_v1_workspaces__workspace__flows__flow__files__path__put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                path: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowFileWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowFile"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_file_api_v1_workspaces__workspace__flows__flow__files__path__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                path: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_graph_api_v1_workspaces__workspace__flows__flow__graph_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowGraph"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    test_flow_api_v1_workspaces__workspace__flows__flow__test_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowTest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_templates_api_v1_workspaces__workspace__flows_templates_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_FlowTemplate_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_jobs_api_v1_workspaces__workspace__jobs_get: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                status?: ("queued" | "running" | "canceling" | "completed" | "failed" | "canceled") | null;
            };
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Job_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_job_api_v1_workspaces__workspace__jobs__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    cancel_job_api_v1_workspaces__workspace__jobs__id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    job_events_api_v1_workspaces__workspace__jobs__id__events_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    resume_job_api_v1_workspaces__workspace__jobs__id__resume_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_keys_api_v1_workspaces__workspace__keys_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKey_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_key_api_v1_workspaces__workspace__keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    revoke_key_api_v1_workspaces__workspace__keys__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_models_api_v1_workspaces__workspace__models_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Model_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_model_api_v1_workspaces__workspace__models__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_model_api_v1_workspaces__workspace__models__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    pull_model_api_v1_workspaces__workspace__models__name__pull_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    overview_api_v1_workspaces__workspace__overview_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_traces_api_v1_workspaces__workspace__traces_get: {
        parameters: {
            query?: {
                cursor?: string | null;
                endpoint?: string | null;
                kind?: ("flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal") | null;
                limit?: number;
                model?: string | null;
                q?: string | null;
                status?: ("unset" | "ok" | "error") | null;
            };
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Trace_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    get_trace_api_v1_workspaces__workspace__traces__trace_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                trace_id: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceDetail"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_users_api_v1_workspaces__workspace__users_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_User_"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    create_user_api_v1_workspaces__workspace__users_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    delete_user_api_v1_workspaces__workspace__users__name__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    update_user_api_v1_workspaces__workspace__users__name__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    user_link_api_v1_workspaces__workspace__users__name__sign_in_link_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
}
