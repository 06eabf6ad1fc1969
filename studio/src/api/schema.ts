// Made from the server's OpenAPI document by `npm run codegen`. Not edited by hand.

export interface paths {
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Me
         * @description Say who is asking and which workspaces they may enter.
         */
        get: operations["sign_in_get_me"];
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
        /**
         * Sign In
         * @description Open a browser session with the token of a sign-in link, or with an API key. The answer sets the session cookie.
         */
        post: operations["sign_in_sign_in"];
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
        /**
         * Sign Out
         * @description End the session of the cookie, everywhere. A request with a key alone ends nothing.
         */
        post: operations["sign_in_sign_out"];
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
        /**
         * List Workspaces
         * @description List the workspaces that the caller may enter.
         */
        get: operations["workspaces_list"];
        put?: never;
        /**
         * Create Workspace
         * @description Make a workspace; whoever makes it owns it.
         */
        post: operations["workspaces_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/access-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Access Tags
         * @description List members, keys, and endpoints that have tags, with their tags.
         */
        get: operations["access_tags_list"];
        put?: never;
        post?: never;
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
        /**
         * List Audit
         * @description List who changed what, newest first.
         */
        get: operations["audit_list"];
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
        /**
         * List Connections
         * @description List the connections, without the values of their secrets.
         */
        get: operations["connections_list"];
        put?: never;
        /**
         * Create Connection
         * @description Make a connection.
         */
        post: operations["connections_create"];
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
        /**
         * Get Connection
         * @description Show one connection, without the values of its secrets.
         */
        get: operations["connections_get"];
        /**
         * Replace Connection
         * @description Replace a connection, or make it. A secret given as ``******`` keeps its value.
         */
        put: operations["connections_replace"];
        post?: never;
        /**
         * Delete Connection
         * @description Delete a connection.
         */
        delete: operations["connections_delete"];
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
        /**
         * Test Connection
         * @description Make one real call through a connection.
         */
        post: operations["connections_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Data
         * @description List the data assets, the latest version of each.
         */
        get: operations["data_list"];
        put?: never;
        /**
         * Create Data
         * @description Make a version of data that was uploaded.
         */
        post: operations["data_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive Data
         * @description Archive an asset with all its versions: it is left out of lists, and what refers to it goes on working.
         */
        post: operations["data_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Data
         * @description Restore an archived asset.
         */
        post: operations["data_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Versions
         * @description List the versions of an asset, the latest first.
         */
        get: operations["data_list_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Data
         * @description Show one version; ``latest`` is the one that was made last.
         */
        get: operations["data_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Content
         * @description Read a part of a file of a version: at most 32 MiB, so give the range. No bytes: the file ends before.
         */
        get: operations["data_read_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download Data
         * @description Download a version that is one file.
         */
        get: operations["data_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Data
         * @description Show rows of a version with the schema, or the beginning of a text, or what files there are; only what that needs is read.
         */
        get: operations["data_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rerun Transform
         * @description Make what a transform made once more. Where it gives the same bytes, no version is made.
         */
        post: operations["transforms_rerun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/{name}/versions/{version}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Statistics
         * @description Show statistics of columns: counts, quantiles, histograms, frequent values. Over all rows those of a bookmark are fetched first.
         */
        get: operations["data_get_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/from-traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create From Traces
         * @description Make a version with a row for each chosen trace.
         */
        post: operations["data_create_from_traces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/from-traces/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview From Traces
         * @description Show the first rows of a version before it is made of traces; nothing is kept.
         */
        post: operations["data_preview_from_traces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Import
         * @description Make a version of what a database answers, as Parquet. The job's result says what was made.
         */
        post: operations["data_create_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Address
         * @description Show what is at an address in a datastore, as `preview_data` does.
         */
        get: operations["data_preview_address"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Schedules
         * @description List the schedules of imports, by the names of their assets.
         */
        get: operations["schedules_list"];
        put?: never;
        /**
         * Create Schedule
         * @description Import again and again, at the times of a cron expression in UTC. An answer that is that of the latest version makes no other one.
         */
        post: operations["schedules_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Schedule
         * @description Delete a schedule. The versions that it made stay.
         */
        delete: operations["schedules_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/schedules/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause Schedule
         * @description Pause a schedule.
         */
        post: operations["schedules_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/schedules/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Schedule
         * @description Let a schedule go on, with the next time from now.
         */
        post: operations["schedules_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/splits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Split
         * @description Divide the rows of a version among new assets. The job's result says what was made.
         */
        post: operations["data_create_split"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Address Statistics
         * @description Show statistics of the columns of what is at an address in a datastore; of large files they are over the beginning.
         */
        get: operations["data_get_address_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/transforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Transform
         * @description Make a version of a data asset from another one by steps. The job's result says what they did.
         */
        post: operations["transforms_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/data/transforms/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Transform
         * @description Try steps on the first rows; nothing is kept.
         */
        post: operations["transforms_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Datastores
         * @description List the datastores, without the values of their credentials.
         */
        get: operations["datastores_list"];
        put?: never;
        /**
         * Create Datastore
         * @description Make a datastore. Its credentials are kept encrypted and are never shown.
         */
        post: operations["datastores_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Datastore
         * @description Show one datastore, without the values of its credentials.
         */
        get: operations["datastores_get"];
        /**
         * Replace Datastore
         * @description Make a datastore, or put it in the place of the one of its name. One that is the same already stays as it is.
         */
        put: operations["datastores_replace"];
        post?: never;
        /**
         * Delete Datastore
         * @description Delete a datastore. Its files stay where they are.
         */
        delete: operations["datastores_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Columns
         * @description List the columns of a table or view.
         */
        get: operations["datastores_list_columns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read File
         * @description Read a part of a file: at most 32 MiB, so give the range. No bytes: the file ends before.
         */
        get: operations["datastores_read_file"];
        /**
         * Write File
         * @description Make or replace a file of the body, as a whole or not at all.
         */
        put: operations["datastores_write_file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Files
         * @description List files and folders right below a folder.
         */
        get: operations["datastores_list_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get File Info
         * @description Show a file's size, time and etag, or that something is a folder.
         */
        get: operations["datastores_get_file_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Query Tables
         * @description Run a statement that gives rows, in a transaction that only reads and at most 30 s, and show the first of its rows.
         */
        post: operations["datastores_query_tables"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rows
         * @description Show some rows of a table or view, in no order.
         */
        get: operations["datastores_list_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tables
         * @description List the tables and views of a datastore that is a database.
         */
        get: operations["datastores_list_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Datastore
         * @description Reach a datastore, and say what was seen, or what failed.
         */
        post: operations["datastores_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/datastores/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try Datastore
         * @description Reach a datastore as it would be made, and say what was seen, or what failed. Nothing of it is kept.
         */
        post: operations["datastores_try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/deployment-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Deployment Check
         * @description Look at what is to be deployed: whether it is valid, whether it answers a test, and whether its evaluation meets its gates.
         */
        post: operations["deployment_checks_create"];
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
        /**
         * List Endpoints
         * @description List the endpoints with their deployments and replicas.
         */
        get: operations["endpoints_list"];
        put?: never;
        /**
         * Create Endpoint
         * @description Make an endpoint without deployments.
         */
        post: operations["endpoints_create"];
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
        /**
         * Get Endpoint
         * @description Show an endpoint with its deployments and replicas.
         */
        get: operations["endpoints_get"];
        put?: never;
        post?: never;
        /**
         * Delete Endpoint
         * @description Delete an endpoint with its deployments; their replicas are stopped.
         */
        delete: operations["endpoints_delete"];
        options?: never;
        head?: never;
        /**
         * Update Endpoint
         * @description Change an endpoint's description, tags or mirrored traffic.
         */
        patch: operations["endpoints_update"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/access-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Endpoint Access Tags
         * @description Return an endpoint's tags.
         */
        get: operations["access_tags_get_endpoint"];
        /**
         * Set Endpoint Access Tags
         * @description Let an endpoint's deployments see documents by these tags and no others: whoever calls it gets answers made of them.
         */
        put: operations["access_tags_set_endpoint"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/collected-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Collected Data
         * @description List what each collection of each deployment holds, and what of it was dropped; without `since`, of the last 24 hours.
         */
        get: operations["endpoints_list_collected_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/collected-data/asset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep Collected Data
         * @description Make a version of a data asset of collected data.
         */
        post: operations["endpoints_keep_collected_data"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/collected-data/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Collected Data
         * @description Return collected data as a file.
         */
        get: operations["endpoints_export_collected_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Credentials
         * @description Show how an endpoint is called, and which of its keys there are; never their secrets.
         */
        get: operations["endpoints_get_credentials"];
        put?: never;
        post?: never;
        delete?: never;
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
        /**
         * Deploy
         * @description Begin to deploy a flow, a snapshot or a model. What serves now serves until the new replicas are ready.
         */
        post: operations["endpoints_deploy"];
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
        /**
         * Delete Deployment
         * @description Delete a deployment that takes no traffic.
         */
        delete: operations["endpoints_delete_deployment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Build Context
         * @description Download what serves as the context of a container image with a Kubernetes manifest: a zip archive, without secrets.
         */
        get: operations["endpoints_build_context"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Revisions
         * @description List what served under a deployment's name, the newest first.
         */
        get: operations["endpoints_list_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll Back
         * @description Begin to bring an earlier revision back. What serves now serves until its replicas are ready.
         */
        post: operations["endpoints_roll_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}/scale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Scale Deployment
         * @description Change how many replicas run, or how they are scaled. What serves goes on serving, and no revision is made.
         */
        patch: operations["endpoints_scale_deployment"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/{deployment}/scalings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Scalings
         * @description List how the number of replicas changed and why, the newest first.
         */
        get: operations["endpoints_list_scalings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/deployments/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan Deployment
         * @description Return what a deploy would bring into service, or why it would be refused.
         */
        post: operations["endpoints_plan_deployment"];
        delete?: never;
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
        /**
         * Get Logs
         * @description Return the last lines that the replicas wrote.
         */
        get: operations["endpoints_get_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Metrics
         * @description Tell requests, latency, errors, tokens, cost, processors and memory over a period, and what is under way and waits now.
         */
        get: operations["endpoints_get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/regenerate-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate Key
         * @description Make one of the endpoint's two keys, or make it anew; the answer shows it this once. The other key stays valid.
         */
        post: operations["endpoints_regenerate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rollouts
         * @description List an endpoint's rollouts, the newest first, with what each step saw and what that meant.
         */
        get: operations["rollouts_list"];
        put?: never;
        /**
         * Start Rollout
         * @description Begin to move traffic to a deployment in steps. The first step begins at once.
         */
        post: operations["rollouts_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/rollouts/abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Abort Rollout
         * @description End the rollout; traffic becomes what it was before.
         */
        post: operations["rollouts_abort"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/rollouts/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause Rollout
         * @description Let the rollout stay at its step; a breach still moves traffic back.
         */
        post: operations["rollouts_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/rollouts/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Rollout
         * @description Let a paused rollout go on.
         */
        post: operations["rollouts_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/endpoints/{name}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Token
         * @description Make a token that calls the endpoint for an hour; only where its auth_mode is aml_token.
         */
        post: operations["endpoints_create_token"];
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set Traffic
         * @description Split requests among the deployments, per cent; the sum is 0 or 100.
         */
        patch: operations["endpoints_set_traffic"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/evaluators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Evaluators
         * @description List the evaluators, those of installed packages included: what they need and what they measure.
         */
        get: operations["evaluators_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/evaluators/{evaluator}/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Flow
         * @description Make a flow of an evaluator, so that it scores the rows of runs, and can be changed.
         */
        post: operations["evaluators_create_flow"];
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
        /**
         * List Flows
         * @description List the flows, by name.
         */
        get: operations["flows_list"];
        put?: never;
        /**
         * Create Flow
         * @description Make a flow from a template.
         */
        post: operations["flows_create"];
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
        /**
         * Get Flow
         * @description Show a flow.
         */
        get: operations["flows_get"];
        put?: never;
        post?: never;
        /**
         * Delete Flow
         * @description Delete a flow with all its files. What is deployed of it goes on.
         */
        delete: operations["flows_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Flow
         * @description Download a flow's folder as a zip archive.
         */
        get: operations["flows_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clone Flow
         * @description Make a flow of another's files.
         */
        post: operations["flows_clone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete Code
         * @description Offer the names that can go on at a place of a Python file's text, in the flow's own session. The text is not run.
         */
        post: operations["flow_editing_complete_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Flow Events
         * @description Stream the versions of a flow's files: at once, and after every change, made here or on disk. Ends when the flow is deleted.
         */
        get: operations["flows_stream_flow_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/explanation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain Code
         * @description Say what the name at a place of a Python file's text is, in the flow's own session. The text is not run.
         */
        post: operations["flow_editing_explain_code"];
        delete?: never;
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
        /**
         * List Flow Files
         * @description List a flow's files, without their contents.
         */
        get: operations["flows_list_flow_files"];
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
        /**
         * Read Flow File
         * @description Read a file; its ETag is the version to give back when it is written.
         */
        get: operations["flows_read_flow_file"];
        /**
         * Write Flow File
         * @description Replace a file (If-Match: its ETag), or make a new one (If-None-Match: *).
         */
        put: operations["flows_write_flow_file"];
        post?: never;
        /**
         * Delete Flow File
         * @description Delete a file.
         */
        delete: operations["flows_delete_flow_file"];
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
        /**
         * Get Flow Graph
         * @description Show a flow as a graph, with all that is wrong with it. None of its code runs.
         */
        get: operations["flows_get_flow_graph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Flow History
         * @description List a flow's versions, the newest first, with who changed which files. The first is what is there now.
         */
        get: operations["flow_history_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/history/{version}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Diff Flow History
         * @description Show what differs between a version and another, file by file.
         */
        get: operations["flow_history_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/history/{version}/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name Flow History
         * @description Name a version, so that it is kept for good; null takes the name away.
         */
        put: operations["flow_history_name"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/history/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Flow History
         * @description Bring a version's files back, as a new version. What is there now stays in the history.
         */
        post: operations["flow_history_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/nodes/{node}/prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Render Prompt
         * @description Show a node's prompt with values, as it would be sent, in the flow's own session. No model is called.
         */
        post: operations["flow_editing_render_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/rename": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rename Flow
         * @description Give a flow another name; its history goes with it. Runs and deployments made of it keep the old one.
         */
        post: operations["flows_rename"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show Signatures
         * @description Say how what is called at a place of a Python file's text is called, in the flow's own session. The text is not run.
         */
        post: operations["flow_editing_show_signatures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Read Source
         * @description Say what the text of a file says of itself: variables of a template, tools or the entry of Python code, mistakes. None of it runs.
         */
        post: operations["flow_editing_read_source"];
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
        /**
         * Run Flow Test
         * @description Run a flow, or a part of it, once in a process of its own, and stream what happens. Closing the connection cancels the run.
         */
        post: operations["flows_run_flow_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Flow Tools
         * @description List the package tools that the flow's nodes may use, with what their forms need: those of the flow's own environment.
         */
        get: operations["flows_list_flow_tools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/{flow}/tools/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get Tool Values
         * @description Ask a package tool for the values of an input: its code runs in the flow's own session, with the flow's packages.
         */
        post: operations["flows_get_tool_values"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/flows/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Flow
         * @description Make a flow of a zip archive of its folder.
         */
        post: operations["flows_import"];
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
        /**
         * List Flow Templates
         * @description List the flows to start from.
         */
        get: operations["flows_list_flow_templates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/gateway/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Routes
         * @description List the routes.
         */
        get: operations["gateway_list_routes"];
        put?: never;
        /**
         * Create Route
         * @description Make a route; clients name it as their model.
         */
        post: operations["gateway_create_route"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/gateway/routes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Route
         * @description Get a route.
         */
        get: operations["gateway_get_route"];
        /**
         * Replace Route
         * @description Put a spec in the place of what the route was; it holds within a second.
         */
        put: operations["gateway_replace_route"];
        post?: never;
        /**
         * Delete Route
         * @description Delete a route.
         */
        delete: operations["gateway_delete_route"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/gateway/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Gateways
         * @description List the gateways that run: how calls to the routes' models fare there, their caches, what they add to a call.
         */
        get: operations["gateway_list_gateways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/index-uses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Uses
         * @description List which deployments ask which version of an index of documents.
         */
        get: operations["index_uses_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Indexes
         * @description List indexes, the one with the newest version first.
         */
        get: operations["indexes_list"];
        put?: never;
        /**
         * Build Index
         * @description Build an index of documents, or a new version of it: only what changed is read. The job's result is the version.
         */
        post: operations["indexes_build_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Index
         * @description Show an index and its newest version.
         */
        get: operations["indexes_get_index"];
        put?: never;
        post?: never;
        /**
         * Delete Index
         * @description Delete an index with all its versions.
         */
        delete: operations["indexes_delete_index"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/builds/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Index Build
         * @description Show a few of what each step of a build gave: files, a page's Markdown, chunks with their vectors, and what could not be read.
         */
        get: operations["indexes_get_index_build"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Diff Index
         * @description Say what lies between two versions.
         */
        get: operations["indexes_diff_index"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Label Index
         * @description Let a label stand on a version. ``latest`` is searched by default: put on an older version it rolls back.
         */
        put: operations["indexes_label_index"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/measurements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Measurements
         * @description List the measurements of an index, the newest first.
         */
        get: operations["index_measurements_list"];
        put?: never;
        /**
         * Create Index Measurement
         * @description Begin to measure what a version finds of a set of questions. The job's id is the measurement's.
         */
        post: operations["index_measurements_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/measurements/{measurement}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Index Measurement
         * @description Return a measurement, as far as it is.
         */
        get: operations["index_measurements_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/measurements/{measurement}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Measured Questions
         * @description List the questions with what each kind of search found.
         */
        get: operations["index_measurements_list_measured_questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/measurements/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Index Measurements
         * @description Compare two measurements on the same questions, question by question; the second may be of another index.
         */
        get: operations["index_measurements_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate Questions
         * @description Begin to make a question set of a version's documents. The job's result is a `GeneratedQuestions`; the set is a data asset.
         */
        post: operations["index_measurements_generate_questions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search Index
         * @description Search a version: the best chunks with every score.
         */
        post: operations["indexes_search_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/tunings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Tunings
         * @description List the searches over configurations of an index, the newest first.
         */
        get: operations["index_tunings_list"];
        put?: never;
        /**
         * Create Index Tuning
         * @description Begin to search for a better configuration. The job's id is the search's.
         */
        post: operations["index_tunings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/tunings/{tuning}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Index Tuning
         * @description Return a search, as far as it is.
         */
        get: operations["index_tunings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/tunings/{tuning}/adoptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adopt Index Tuning
         * @description Make a flow of a trial, with others as variants, and build the version of the index that it asks, where there is none yet.
         */
        post: operations["index_tunings_adopt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Versions
         * @description List versions, the newest first.
         */
        get: operations["indexes_list_index_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/versions/{version}/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Chunks
         * @description List the chunks of a document, in its order.
         */
        get: operations["indexes_list_index_chunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/versions/{version}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Index Documents
         * @description List the documents of a version, in the order of their keys.
         */
        get: operations["indexes_list_index_documents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/{name}/versions/{version}/documents/missing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List Missing Documents
         * @description Say which of the documents that questions name a version has no text of: such a question counts 0 when it is measured with.
         */
        post: operations["indexes_list_missing_documents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Chunks
         * @description Cut one document in several ways, side by side, before anything is built. Nothing is kept.
         */
        post: operations["indexes_preview_chunks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/indexes/previews/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Previewable Documents
         * @description List documents of data that could be cut for a preview, the first 200.
         */
        get: operations["indexes_list_previewable_documents"];
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
        /**
         * List Jobs
         * @description List jobs, the newest first.
         */
        get: operations["jobs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job
         * @description Show a job with its stages.
         */
        get: operations["jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Job
         * @description Cancel a job: a queued one at once, a running one as soon as it can.
         */
        post: operations["jobs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream Job Events
         * @description Stream what happens to a job until it has ended. Every event's id is its sequence number, its name its kind.
         */
        get: operations["jobs_stream_job_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/jobs/{job_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Job
         * @description Run a failed or canceled job again; the steps that it has recorded are not run again.
         */
        post: operations["jobs_resume"];
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
        /**
         * List Keys
         * @description List the keys, without their secrets.
         */
        get: operations["keys_list"];
        put?: never;
        /**
         * Create Key
         * @description Make a key. Its secret is in this answer and never again.
         */
        post: operations["keys_create"];
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
        /**
         * Revoke Key
         * @description Revoke a key; it stops working within a second.
         */
        delete: operations["keys_revoke"];
        options?: never;
        head?: never;
        /**
         * Update Key
         * @description Put limits in the place of a key's; they hold within a second.
         */
        patch: operations["keys_update"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/keys/{name}/access-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Key Access Tags
         * @description Return a key's tags.
         */
        get: operations["access_tags_get_key"];
        /**
         * Set Key Access Tags
         * @description Let a key have these tags and no others. Nobody gives tags that they do not have; an owner gives any.
         */
        put: operations["access_tags_set_key"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Limits
         * @description Get the limits of the workspace and of its keys, and what was used of them.
         */
        get: operations["limits_get"];
        /**
         * Set Limits
         * @description Put limits in the place of the workspace's; they hold within a second, for all keys and people together.
         */
        put: operations["limits_set"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Lineage
         * @description Show what something was made of, and what was made of it.
         */
        get: operations["lineage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/lineage/edges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Edges
         * @description List the edges to something (`up`) or from it, a page at a time.
         */
        get: operations["lineage_list_edges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/logs/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Export Logs
         * @description Run one SELECT and return its answer as a file; the header flowyard-truncated says true where there are more rows.
         */
        post: operations["logs_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/logs/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Query Logs
         * @description Run one SELECT over the workspace's telemetry.
         */
        post: operations["logs_query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/logs/saved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Saved
         * @description List the queries that the caller has saved, and those that others share in the workspace.
         */
        get: operations["logs_list_saved"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/logs/saved/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Save
         * @description Keep a query under a name, in the place of the caller's one of that name.
         */
        put: operations["logs_save"];
        post?: never;
        /**
         * Delete Saved
         * @description Delete one of the caller's saved queries.
         */
        delete: operations["logs_delete_saved"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/logs/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tables
         * @description List the tables that a query can ask, with their columns.
         */
        get: operations["logs_list_tables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-comparisons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Comparisons
         * @description List comparisons, the newest first.
         */
        get: operations["model_comparisons_list"];
        put?: never;
        /**
         * Create Model Comparison
         * @description Begin to compare models on a data asset. The job's id is the comparison's.
         */
        post: operations["model_comparisons_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-comparisons/{comparison}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model Comparison
         * @description Return a comparison, as far as it is.
         */
        get: operations["model_comparisons_get"];
        put?: never;
        post?: never;
        /**
         * Delete Model Comparison
         * @description Delete a comparison with its rows.
         */
        delete: operations["model_comparisons_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-comparisons/{comparison}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rows
         * @description List the rows with every model's answer and scores.
         */
        get: operations["model_comparisons_list_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-comparisons/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan
         * @description Say at most what a comparison would ask and cost. Nothing is called.
         */
        post: operations["model_comparisons_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Model Import
         * @description Start to import a model from a hub, an upload or a folder. Files that can run code when they are loaded are refused.
         */
        post: operations["models_create_model_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Verifications
         * @description List verifications, the newest first.
         */
        get: operations["model_verifications_list"];
        put?: never;
        /**
         * Create Model Verification
         * @description Begin to try a model. The job's id is the verification's; what is done so far can be read while it runs.
         */
        post: operations["model_verifications_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-verifications/{verification}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model Verification
         * @description Return a verification, as far as it is.
         */
        get: operations["model_verifications_get"];
        put?: never;
        post?: never;
        /**
         * Delete Model Verification
         * @description Delete a verification.
         */
        delete: operations["model_verifications_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/model-verifications/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan
         * @description Say what a verification would do and cost. Nothing is called.
         */
        post: operations["model_verifications_plan"];
        delete?: never;
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
        /**
         * List Models
         * @description List the models of the catalog that fit all filters, and count what each further filter would leave.
         */
        get: operations["models_list"];
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
        /**
         * Get Model
         * @description Return a model's card and state.
         */
        get: operations["models_get"];
        put?: never;
        post?: never;
        /**
         * Remove Model
         * @description Stop a model's engine and delete its files; it can be pulled again.
         */
        delete: operations["models_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/{name}/fit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Fit
         * @description Say whether a model fits into this machine's memory, counted from its card before anything is downloaded.
         */
        get: operations["models_get_fit"];
        put?: never;
        post?: never;
        delete?: never;
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
        /**
         * Pull Model
         * @description Start to download a model. While a pull of it runs, that job is returned.
         */
        post: operations["models_pull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify Model
         * @description Read a model's files, compare their hashes, and return it as ``ready`` or ``damaged``.
         */
        post: operations["models_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/notebooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open Notebook
         * @description Make an address that opens the caller's notebook server once, with a notebook about `of`.
         */
        post: operations["notebooks_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/notebooks/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server
         * @description Say whether the caller's notebook server runs, and whether what it needs is installed.
         */
        get: operations["notebooks_get_server"];
        put?: never;
        post?: never;
        /**
         * Stop Server
         * @description Stop the caller's notebook server, with what runs in it. The notebooks stay.
         */
        delete: operations["notebooks_stop_server"];
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
        /**
         * Get Overview
         * @description Show the lifecycle's stages with their state, what ran last, and the calls of the last 24 hours.
         */
        get: operations["overview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Registered Models
         * @description List the registered models, the latest version of each.
         */
        get: operations["models_list_registered"];
        put?: never;
        /**
         * Register Model
         * @description Register a version of a catalog's model, or of files that were uploaded.
         */
        post: operations["models_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive Registered Model
         * @description Archive a version, or all of a model: they are left out of lists, and what refers to them goes on working.
         */
        post: operations["models_archive_registered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Registered Model
         * @description Restore what was archived.
         */
        post: operations["models_restore_registered"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Model Versions
         * @description List the versions of a model, the latest first.
         */
        get: operations["models_list_model_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model Version
         * @description Return a version by its number, an alias, a stage, or ``latest``.
         */
        get: operations["models_get_model_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update Model Version
         * @description Change stage, description, tags or aliases of a version.
         */
        patch: operations["models_update_model_version"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/{name}/versions/{version}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Promote Model Version
         * @description Copy a version to another workspace; the right to write models is needed in both.
         */
        post: operations["models_promote_model_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/registered-models/licenses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get License Rules
         * @description Return which licenses the workspace deploys.
         */
        get: operations["models_get_license_rules"];
        /**
         * Set License Rules
         * @description Replace which licenses the workspace deploys; what serves already goes on.
         */
        put: operations["models_set_license_rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Runs
         * @description List runs, the newest first.
         */
        get: operations["runs_list"];
        put?: never;
        /**
         * Create Run
         * @description Make a run and queue it; its job's events tell how far it is.
         */
        post: operations["runs_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Run
         * @description Show a run: what was asked, how far it is, its metrics.
         */
        get: operations["runs_get"];
        put?: never;
        post?: never;
        /**
         * Delete Run
         * @description Delete a run that has ended, with all that it recorded.
         */
        delete: operations["runs_delete"];
        options?: never;
        head?: never;
        /**
         * Update Run
         * @description Change the words about a run; what is not sent stays.
         */
        patch: operations["runs_update"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive Run
         * @description Put a run away, so that lists leave it out.
         */
        post: operations["runs_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Run
         * @description Stop a run. What is done stays, and it can be resumed.
         */
        post: operations["runs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Run
         * @description Return a run's rows as a file.
         */
        get: operations["runs_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/line-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count Run Lines
         * @description Count rows of a run: completed, failed, and for each score those that passed.
         */
        get: operations["runs_count_run_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Run Lines
         * @description List rows of a run, those that have ended.
         */
        get: operations["runs_list_run_lines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/lines/{line}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Run Line
         * @description Show one row with what each node did.
         */
        get: operations["runs_get_run_line"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Run Logs
         * @description Return the last lines of a run's log.
         */
        get: operations["runs_list_run_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Run Metrics
         * @description Return what the aggregation gave, for each variant.
         */
        get: operations["runs_get_run_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Run
         * @description Take an archived run back.
         */
        post: operations["runs_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Run
         * @description Go on with a run that failed or was canceled, or run the failed rows of a completed one again. Completed rows stay.
         */
        post: operations["runs_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/{name}/unread-answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Run Unread Answers
         * @description List the answers of judges from which no score could be read.
         */
        get: operations["runs_list_run_unread_answers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Runs
         * @description Put runs, or the variants of one, side by side: rows, metrics, and how sure the differences of scores are.
         */
        get: operations["runs_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Run Data
         * @description Upload data: one file, or a zip archive of a folder. The same files give the same reference.
         */
        post: operations["runs_create_run_data"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/runs/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prune Runs
         * @description Delete old runs that have ended, and uploads and snapshots that nothing needs any more.
         */
        post: operations["runs_prune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Scores
         * @description List the scores of a trace and its spans that count, the earliest first.
         */
        get: operations["scores_list"];
        put?: never;
        /**
         * Give Score
         * @description Score a trace or a span. Your score of the same name for the same trace and span is replaced.
         */
        post: operations["scores_give"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/scores/{score_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw Score
         * @description Take a score back.
         */
        delete: operations["scores_withdraw"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create Snapshot
         * @description Upload a flow's folder as a zip archive. The same files give the same digest.
         */
        post: operations["flows_create_snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Figures
         * @description Count, sum and take percentiles over spans, by groups and over time.
         */
        get: operations["telemetry_get_figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Policy
         * @description Get the policy that holds; the defaults until somebody sets one.
         */
        get: operations["telemetry_get_policy"];
        /**
         * Set Policy
         * @description Set the policy. It holds within a second for all that comes in from then on; what is kept already is not rewritten.
         */
        put: operations["telemetry_set_policy"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/policy/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview Policy
         * @description Try rules on a text. Nothing of it is kept.
         */
        post: operations["telemetry_preview_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/policy/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Redaction Rules
         * @description List the rules of redaction, with how well each does on its labelled sentences.
         */
        get: operations["telemetry_list_redaction_rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description List the sessions with a trace in the period, the latest first. Their traces: GET /traces?q=session:ID.
         */
        get: operations["telemetry_list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description List the users of the applications with a trace in the period, the latest first.
         */
        get: operations["telemetry_list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/telemetry/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify
         * @description Read every segment of the workspace's telemetry and say what is missing, damaged or left over. Nothing is changed.
         */
        get: operations["telemetry_verify"];
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
        /**
         * List Traces
         * @description List traces, by default the newest first. Model, endpoint, flow and text may be those of any span of a trace.
         */
        get: operations["traces_list"];
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
        /**
         * Get Trace
         * @description Return a trace with all its spans, the earliest first.
         */
        get: operations["traces_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/traces/{trace_id}/spans/{span_id}/value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Span Value
         * @description Return the whole of one attribute: a text as it is, any other value as JSON.
         */
        get: operations["traces_get_span_value"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/traces/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Traces
         * @description Return whole traces as a file, the newest first, or those that are named in their order. It is written while it is sent.
         */
        get: operations["traces_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/traces/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Facets
         * @description Count the traces by the values of their fields; of very many only the newest are counted.
         *
         *     What the filter chooses of a field does not narrow that field: its counts say what another of its values would find.
         */
        get: operations["traces_list_facets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin Upload
         * @description Begin an upload of one or several files; with a key, go on with one of the same files that broke off.
         */
        post: operations["uploads_begin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/uploads/{upload}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Upload
         * @description Show how much of each file came.
         */
        get: operations["uploads_get"];
        put?: never;
        post?: never;
        /**
         * Abort Upload
         * @description Drop an upload with all that came.
         */
        delete: operations["uploads_abort"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/uploads/{upload}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete Upload
         * @description Keep an upload of which all is there: ``upload:<digest>`` names it, in a data asset and in a run.
         */
        post: operations["uploads_complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/uploads/{upload}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Write Part
         * @description Send a part of a file: at most 32 MiB. What came of a part that broke off stays.
         */
        put: operations["uploads_write_part"];
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
        /**
         * List Users
         * @description List who is in the workspace.
         */
        get: operations["users_list"];
        put?: never;
        /**
         * Create User
         * @description Let a person in, with a role.
         */
        post: operations["users_create"];
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
        /**
         * Delete User
         * @description End a person's membership of the workspace.
         */
        delete: operations["users_delete"];
        options?: never;
        head?: never;
        /**
         * Update User
         * @description Change a person's role; it takes effect at once.
         */
        patch: operations["users_update"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/users/{name}/access-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get User Access Tags
         * @description Return a member's tags.
         */
        get: operations["access_tags_get_user"];
        /**
         * Set User Access Tags
         * @description Let a member have these tags and no others; it takes effect at once.
         */
        put: operations["access_tags_set_user"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
        /**
         * Make Sign In Link
         * @description Make a link that signs a person in once, within 15 minutes.
         */
        post: operations["users_make_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check Health
         * @description Say that the server answers.
         */
        get: operations["health_check"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Version
         * @description Say which version of Flowyard answers.
         */
        get: operations["health_get_version"];
        put?: never;
        post?: never;
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
         * AccessRule
         * @description Documents whose keys begin with `under` are found only by callers who have one of `tags`. The longest rule that fits counts.
         */
        AccessRule: {
            /** Tags */
            tags: string[];
            /** Under */
            under: string;
        };
        /**
         * AccessTags
         * @description Somebody's tags: they see documents without tags, and those that have one of these. `everything`: all of them, as an owner.
         */
        AccessTags: {
            /**
             * Everything
             * @default false
             */
            everything?: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "user" | "key" | "endpoint";
            /** Name */
            name: string;
            /** Tags */
            tags: string[];
        };
        /**
         * AccessTagsUpdate
         * @description Let somebody have these tags and no others.
         */
        AccessTagsUpdate: {
            /** Tags */
            tags: string[];
        };
        /**
         * AnswerFigures
         * @description What a flow answered to some questions. Means are over the questions; None where no answer has the measure.
         *
         *     Attributes:
         *         questions: how many were asked, `failed` of them without an answer: these count 0.
         *         score: of the measure that was to be high.
         *         unknown: the share of answers that claim nothing, such as "I don't know".
         *         supported_claims, citation_recall, citation_precision: of answers that claim something (see the evaluator ``citations``).
         *         f1_score: words in common with the right answer.
         *         groundedness, relevance: what the judge said, 1 to 5 as 0 to 1, of answers that it judged.
         *         prompt_tokens, completion_tokens: of all models that the flow called, a mean.
         *         cost: of a question, a mean; None: of some model no price is known.
         *         latency_p50_ms, latency_p95_ms: of the whole flow but its lookup.
         */
        AnswerFigures: {
            citation_precision: components["schemas"]["MeasuredMean"] | null;
            citation_recall: components["schemas"]["MeasuredMean"] | null;
            /** Completion Tokens */
            completion_tokens: number;
            cost: components["schemas"]["Money"] | null;
            f1_score: components["schemas"]["MeasuredMean"] | null;
            /** Failed */
            failed: number;
            groundedness?: components["schemas"]["MeasuredMean"] | null;
            /** Latency P50 Ms */
            latency_p50_ms: number;
            /** Latency P95 Ms */
            latency_p95_ms: number;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Questions */
            questions: number;
            relevance?: components["schemas"]["MeasuredMean"] | null;
            score: components["schemas"]["MeasuredMean"];
            supported_claims: components["schemas"]["MeasuredMean"] | null;
            /** Unknown */
            unknown: number;
        };
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
            limits?: components["schemas"]["Limits"];
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
            role: "owner" | "contributor" | "reader" | "invoker" | "monitor";
        };
        /**
         * ApiKeyCreate
         * @description Make a key. `expires_in_days` None means that it never expires.
         */
        ApiKeyCreate: {
            /** Expires In Days */
            expires_in_days?: number | null;
            limits?: components["schemas"]["Limits"];
            /** Name */
            name: string;
            /**
             * Role
             * @default invoker
             * @enum {string}
             */
            role?: "owner" | "contributor" | "reader" | "invoker" | "monitor";
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
         * ApiKeyUpdate
         * @description Change a key's limits: these take the place of all that it had.
         */
        ApiKeyUpdate: {
            limits: components["schemas"]["Limits"];
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
         * ChunkPreview
         * @description A document cut in several ways. Nothing of it is kept.
         *
         *     Attributes:
         *         characters: of the document's text.
         *         pages: their numbers, as its reader counts them.
         *         page: the one that is shown: its characters from `start` up to `end`, of a long page the first 20,000.
         *         exact: tokens are counted by the model's own tokenizer; else they are estimated, as for a build by a connection's model.
         */
        ChunkPreview: {
            /** Characters */
            characters: number;
            /** Document */
            document: string;
            /** Embedding Model */
            embedding_model: string;
            /** End */
            end: number;
            /** Exact */
            exact: boolean;
            /** Media Type */
            media_type: string;
            /** Page */
            page: number;
            /** Pages */
            pages: number[];
            /** Start */
            start: number;
            /** Title */
            title: string;
            /** Ways */
            ways: components["schemas"]["PreviewedWay"][];
        };
        /**
         * ChunkPreviewCreate
         * @description Cut one document in several ways.
         *
         *     Attributes:
         *         document: its key: the path within the data, or as the index has it.
         *         ways: 1 to 4 ways of cutting, each with `max_tokens` of 8,192 at most.
         *         data: where the document is: ``azureml:<name>:<version>`` (or with a label), or an upload.
         *         index: or an index that has it, in `version`.
         *         version: of the index, or a label.
         *         embedding_model: whose tokens are counted. None: the index's, or of data the local one.
         *         page: whose chunks are shown. None: the first. A document without pages has one for each 6,000 characters.
         */
        ChunkPreviewCreate: {
            /** Data */
            data?: string | null;
            /** Document */
            document: string;
            /** Embedding Model */
            embedding_model?: string | null;
            /** Index */
            index?: string | null;
            /** Page */
            page?: number | null;
            /**
             * Version
             * @default latest
             */
            version?: string;
            /** Ways */
            ways: components["schemas"]["ChunkRecipe"][];
        };
        /**
         * ChunkRecipe
         * @description How documents are cut.
         *
         *     Attributes:
         *         strategy: ``structure``: at headings, paragraphs, rows of tables and definitions of code; ``tokens``: windows of one length.
         *         max_tokens: the most tokens of a chunk, as the embedding model counts them.
         *         overlap_tokens: how many of them a chunk has in common with the one before it, at most half of `max_tokens`.
         */
        ChunkRecipe: {
            /**
             * Max Tokens
             * @default 256
             */
            max_tokens?: number;
            /**
             * Overlap Tokens
             * @default 32
             */
            overlap_tokens?: number;
            /**
             * Strategy
             * @default structure
             * @enum {string}
             */
            strategy?: "structure" | "tokens";
        };
        /**
         * CodePlace
         * @description A place in the text of a Python file, as somebody types it: `line` from 1, `column` in characters from 0.
         */
        CodePlace: {
            /** Column */
            column: number;
            /** Line */
            line: number;
            /** Path */
            path: string;
            /** Text */
            text: string;
        };
        /**
         * CollectedAsset
         * @description Make a version of a data asset, JSON lines, of what was collected.
         *
         *     `name` None: what the deployment's file calls the first collection's data, else ``<endpoint>-<collection>``.
         */
        CollectedAsset: {
            /**
             * Collections
             * @default [
             *       "model_inputs",
             *       "model_outputs"
             *     ]
             */
            collections?: string[];
            /** Deployment */
            deployment?: string | null;
            /** Description */
            description?: string | null;
            /**
             * Form
             * @default rows
             * @enum {string}
             */
            form?: "rows" | "events";
            /**
             * Limit
             * @default 10000
             */
            limit?: number;
            /** Name */
            name?: string | null;
            /** Since */
            since?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Until */
            until?: string | null;
            /** Version */
            version?: string | null;
        };
        /**
         * CollectedData
         * @description What one collection of a deployment holds: records (one a request and `Collector.collect`), their rows, and when they came.
         *
         *     `dropped` counts what was not kept, by reason: ``too_large``, ``unfit``, ``queue_full``.
         */
        CollectedData: {
            /** Collection */
            collection: string;
            /** Deployment */
            deployment: string;
            /** Dropped */
            dropped?: {
                [key: string]: number;
            };
            /** First At */
            first_at: string;
            /** Last At */
            last_at: string;
            /** Records */
            records: number;
            /** Rows */
            rows: number;
        };
        /**
         * Collection
         * @description What is collected under one name: of which share of the requests (0 to 1; None: that of the collector).
         *
         *     `asset` is what the data asset is called that an export makes.
         */
        Collection: {
            /** Asset */
            asset?: string | null;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /** Sampling Rate */
            sampling_rate?: number | null;
        };
        /**
         * Column
         * @description A column of figures. `unit` is ``ms``, ``micros`` (of the row's currency), ``share`` or None.
         */
        Column: {
            /** Name */
            name: string;
            /**
             * Type
             * @enum {string}
             */
            type: "time" | "text" | "integer" | "number";
            /** Unit */
            unit?: string | null;
        };
        /**
         * ColumnStatistics
         * @description What the values of a column are like.
         *
         *     Attributes:
         *         count: how many are there; `missing`: how many are not.
         *         distinct: how many different ones, approximately (HyperLogLog, within a few percent).
         *         min, max, mean, std, quantiles: of numbers; of times `min` and `max`. Quantiles are approximate (t-digest), by ``0.05`` to ``0.95``.
         *         histogram: 20 bins of equal width, of numbers and times.
         *         top: the most frequent values.
         *         lengths: of texts and lists.
         *         samples: some values as they are, cut after 200 characters.
         */
        ColumnStatistics: {
            /** Count */
            count: number;
            /** Distinct */
            distinct?: number | null;
            /**
             * Histogram
             * @default []
             */
            histogram?: components["schemas"]["HistogramBin"][];
            /**
             * Kind
             * @enum {string}
             */
            kind: "number" | "text" | "boolean" | "time" | "list" | "other";
            lengths?: components["schemas"]["DataLengths"] | null;
            /** Max */
            max?: unknown;
            /** Mean */
            mean?: number | null;
            /** Min */
            min?: unknown;
            /** Missing */
            missing: number;
            /** Name */
            name: string;
            /** Quantiles */
            quantiles?: {
                [key: string]: number;
            } | null;
            /**
             * Samples
             * @default []
             */
            samples?: unknown[];
            /** Std */
            std?: number | null;
            /**
             * Top
             * @default []
             */
            top?: components["schemas"]["TopValue"][];
            /** Type */
            type: string;
        };
        /**
         * ComparedLine
         * @description One row on all sides; None where a side does not have it.
         */
        ComparedLine: {
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            /** Line */
            line: number;
            /** Sides */
            sides: (components["schemas"]["RunLine"] | null)[];
        };
        /**
         * ComparedMeasure
         * @description One number of one model, as a mean over rows with its 95 % interval.
         */
        ComparedMeasure: {
            /** High */
            high?: number | null;
            /** Low */
            low?: number | null;
            /** Mean */
            mean: number | null;
            /**
             * Rows
             * @default 0
             */
            rows?: number;
        };
        /**
         * ComparedModel
         * @description What one model did. Latencies in ms; `tokens_per_s` counts completion tokens over the time of the calls.
         *
         *     `cost` None: the price is not known.
         */
        ComparedModel: {
            /** Completed */
            completed: number;
            /**
             * Completion Tokens
             * @default 0
             */
            completion_tokens?: number;
            cost?: components["schemas"]["Money"] | null;
            /** Failed */
            failed: number;
            /** First Error */
            first_error?: string | null;
            /** Latency P50 Ms */
            latency_p50_ms?: number | null;
            /** Latency P95 Ms */
            latency_p95_ms?: number | null;
            /** Model */
            model: string;
            /**
             * Prompt Tokens
             * @default 0
             */
            prompt_tokens?: number;
            /** Scores */
            scores: {
                [key: string]: components["schemas"]["ComparedMeasure"];
            };
            /** Tokens Per S */
            tokens_per_s?: number | null;
        };
        /**
         * ComparedName
         * @description A metric, or an output whose values are numbers, with one value a side.
         *
         *     Attributes:
         *         edges: the bounds of a score's bins, one more than there are bins, from its least value on any side to its greatest; whole numbers
         *             have a bin each while they are few.
         *         share: all of a score's values lie between 0 and 1: its differences are told in points, which are hundredths.
         *         least_difference: the difference of a score that is taken to matter, in its unit; None where nobody said one and all values are
         *             the same.
         *         parts: the names of those that say more of it; None: this one says more of another.
         */
        ComparedName: {
            /**
             * Edges
             * @default []
             */
            edges?: number[];
            /** Least Difference */
            least_difference?: number | null;
            /** Name */
            name: string;
            parts?: components["schemas"]["MetricParts"] | null;
            /**
             * Share
             * @default false
             */
            share?: boolean;
            /** Values */
            values: components["schemas"]["ComparedValue"][];
        };
        /**
         * ComparedPair
         * @description One model against the first in one measure: the mean difference row by row, and what that says.
         *
         *     Attributes:
         *         difference: mean of (model - baseline); `low` and `high` its 95 % interval.
         *         p_value: two-sided, of the paired t-test; None where it does not exist.
         *         adjusted_p: the same after Holm's correction for all pairs of the comparison.
         *         verdict: ``better`` and ``worse`` mind which way the measure is better.
         *         rows_needed: rows that would show `least_difference` with a power of 80 %; None when a difference was shown or it is not known.
         *         sentence: the same in words.
         */
        ComparedPair: {
            /** Adjusted P */
            adjusted_p: number | null;
            /** Baseline */
            baseline: string;
            /** Difference */
            difference: number | null;
            /** High */
            high: number | null;
            /** Least Difference */
            least_difference: number;
            /** Low */
            low: number | null;
            /** Measure */
            measure: string;
            /** Model */
            model: string;
            /** P Value */
            p_value: number | null;
            /** Rows */
            rows: number;
            /** Rows Needed */
            rows_needed: number | null;
            /** Sentence */
            sentence: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "better" | "worse" | "no_difference_shown" | "not_comparable";
        };
        /**
         * ComparedRow
         * @description One row of the data, with every model's answer and scores; None where a model has not answered.
         */
        ComparedRow: {
            /** Answers */
            answers: {
                [key: string]: string | null;
            };
            /** Errors */
            errors?: {
                [key: string]: string;
            };
            /** Ground Truth */
            ground_truth: string | null;
            /** Line */
            line: number;
            /** Question */
            question: string;
            /** Scores */
            scores: {
                [key: string]: {
                    [key: string]: number;
                };
            };
        };
        /**
         * ComparedSide
         * @description One of the things compared: a run, or one variant of it.
         */
        ComparedSide: {
            /** Completed */
            completed: number;
            /** Completion Tokens */
            completion_tokens: number;
            cost: components["schemas"]["Money"] | null;
            /** Failed */
            failed: number;
            /** Label */
            label: string;
            /** Mean Duration Ms */
            mean_duration_ms: number | null;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Run */
            run: string;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "canceling" | "completed" | "failed" | "canceled";
            /** Variant */
            variant: string;
        };
        /**
         * ComparedValue
         * @description A side's value of a metric or score. `difference` is to the first side; None where there is nothing to subtract.
         *
         *     For a score, `value` is the mean over the side's rows, `difference` the mean of the differences row by row over the `n` rows that both
         *     sides have, and `low` to `high` its 95 % confidence interval: by `method`, ``bootstrap`` of the pairs or, for many rows, ``normal``.
         *     Where 0 is in it, `rows_needed` is how many rows would show the score's `least_difference` four times in five, at the spread that was
         *     seen. `counts` are the side's rows in each bin of the score.
         */
        ComparedValue: {
            /**
             * Counts
             * @default []
             */
            counts?: number[];
            /** Difference */
            difference?: number | null;
            /** High */
            high?: number | null;
            /** Low */
            low?: number | null;
            /** Method */
            method?: ("bootstrap" | "normal") | null;
            /** N */
            n?: number | null;
            /** Rows Needed */
            rows_needed?: number | null;
            /** Value */
            value?: unknown;
        };
        /**
         * Completion
         * @description A name that can go on at a place. `kind`: module, class, function, param, property, instance, statement, keyword.
         */
        Completion: {
            /** Kind */
            kind: string;
            /** Name */
            name: string;
        };
        /**
         * Completions
         * @description The names that can go on at a place, the likeliest first; none where nothing can be said.
         */
        Completions: {
            /**
             * Items
             * @default []
             */
            items?: components["schemas"]["Completion"][];
        };
        /**
         * ConfirmedDifference
         * @description A configuration less the present one, question by question, on questions that nothing was chosen by.
         *
         *     Attributes:
         *         p_value: of Student's paired t-test, corrected by Holm for the number of configurations that were confirmed.
         *         verdict: by that at 5 %.
         */
        ConfirmedDifference: {
            /** Difference */
            difference: number;
            /** High */
            high: number | null;
            /** Low */
            low: number | null;
            /** P Value */
            p_value: number | null;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "better" | "worse" | "no_difference_shown";
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
         * Conversation
         * @description The traces of one session. `cost_micros` None: the price of a call is not known.
         */
        Conversation: {
            /** Completion Tokens */
            completion_tokens: number;
            /** Cost Micros */
            cost_micros: string | null;
            /** Currency */
            currency: string;
            /** Errors */
            errors: number;
            /** First At */
            first_at: string;
            /** Last At */
            last_at: string;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Session Id */
            session_id: string;
            /** Traces */
            traces: number;
            /** Users */
            users: string[];
        };
        /**
         * DataAsset
         * @description One version of a data asset.
         *
         *     `reference` is how runs name it (``azureml:<name>:<version>``), `fingerprint` the SHA-256 over its files' names and contents; of a
         *     bookmark ``weak:`` and that over their names, sizes and etags, or ``strong:`` and that over names and contents. `rows` is None where
         *     they were not counted, `origin` what it was made from (kind ``upload``, ``datastore``, ``traces``, ``collected``, ``transform``,
         *     ``split`` or ``import`` and its details).
         */
        DataAsset: {
            /** Archived */
            archived: boolean;
            /** Bytes */
            bytes: number;
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Description */
            description: string | null;
            /** Files */
            files: number;
            /** Fingerprint */
            fingerprint: string;
            /** Name */
            name: string;
            /** Origin */
            origin: {
                [key: string]: unknown;
            };
            /** Reference */
            reference: string;
            /** Rows */
            rows: number | null;
            /** Tags */
            tags: {
                [key: string]: string;
            };
            /**
             * Type
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable";
            /** Version */
            version: string;
            /**
             * Versions
             * @default 1
             */
            versions?: number;
        };
        /**
         * DataAssetCreate
         * @description Make a version from data that was uploaded (`upload`, of ``POST /runs/data``), or of what is in a datastore (`path`,
         *     ``azureml://datastores/<name>/paths/<path>``), which is not copied. Without `version` it is the next whole number.
         *     With `fingerprint` ``strong`` all of what is at `path` is read once, and its contents are what is compared later.
         */
        DataAssetCreate: {
            /** Description */
            description?: string | null;
            /**
             * Fingerprint
             * @default weak
             * @enum {string}
             */
            fingerprint?: "weak" | "strong";
            /** Name */
            name: string;
            /** Path */
            path?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Type */
            type?: ("uri_file" | "uri_folder" | "mltable") | null;
            /** Upload */
            upload?: string | null;
            /** Version */
            version?: string | null;
        };
        /**
         * DataCollector
         * @description What is collected of a deployment's requests, in Azure ML's words.
         *
         *     ``request`` and ``response`` are the bodies, with the headers that `capture_headers` names; ``model_inputs`` and ``model_outputs`` a
         *     flow's or an MLflow model's; any of them, and others, what its code collects by ``Collector``.
         */
        DataCollector: {
            /**
             * Capture Headers
             * @default []
             */
            capture_headers?: string[];
            /** Collections */
            collections?: {
                [key: string]: components["schemas"]["Collection"];
            };
            /**
             * Sampling Rate
             * @default 1
             */
            sampling_rate?: number;
        };
        /**
         * DataColumn
         * @description A column: its name and its type in Arrow's words (``int64``, ``double``, ``string``, ``list<string>``, ``struct``).
         */
        DataColumn: {
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /**
         * DataEntry
         * @description A file, or a folder with how many files are in it at any depth and their bytes. `path` is relative to what is shown.
         */
        DataEntry: {
            /** Bytes */
            bytes: number;
            /**
             * Files
             * @default 1
             */
            files?: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "file" | "folder";
            /** Path */
            path: string;
        };
        /**
         * DataFileKind
         * @description The files with one ending (empty: without any).
         */
        DataFileKind: {
            /** Bytes */
            bytes: number;
            /** Extension */
            extension: string;
            /** Files */
            files: number;
        };
        /**
         * DataFinding
         * @description What is odd about data. `line` is the first line of its file where it is so, `count` in how many places.
         */
        DataFinding: {
            /** Code */
            code: string;
            /**
             * Count
             * @default 1
             */
            count?: number;
            /** File */
            file?: string | null;
            /** Line */
            line?: number | null;
            /** Message */
            message: string;
            /** Remedy */
            remedy?: string | null;
            /**
             * Severity
             * @enum {string}
             */
            severity: "info" | "warning" | "error";
        };
        /**
         * DataFolder
         * @description What is in a folder: `entries` right below it (at most 1,000), and all its files by their endings.
         */
        DataFolder: {
            /** Bytes */
            bytes: number;
            /** Entries */
            entries: components["schemas"]["DataEntry"][];
            /** Files */
            files: number;
            /** Kinds */
            kinds: components["schemas"]["DataFileKind"][];
            /**
             * Whole
             * @default true
             */
            whole?: boolean;
        };
        /**
         * DataFromTraces
         * @description Make a version with a row for each trace that is chosen: by `trace_ids`, or by `q`, `since` and `until` as the list of traces does.
         *
         *     `form` ``columns``: the inputs as columns, ``output`` (or one ``output.<name>`` for each of several), scores and ids. ``chat``: one
         *     ``messages`` list a row, as fine-tuning takes it.
         */
        DataFromTraces: {
            /** Description */
            description?: string | null;
            /**
             * Form
             * @default columns
             * @enum {string}
             */
            form?: "columns" | "chat";
            /**
             * Limit
             * @default 1000
             */
            limit?: number;
            /** Name */
            name: string;
            /** Q */
            q?: string | null;
            /** Since */
            since?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /**
             * Trace Ids
             * @default []
             */
            trace_ids?: string[];
            /** Until */
            until?: string | null;
            /** Version */
            version?: string | null;
        };
        /**
         * DataFromTracesPreview
         * @description The first rows of a version before it is made of traces. So many `traces` are found, or with `more` more than these.
         */
        DataFromTracesPreview: {
            /** More */
            more: boolean;
            /** Rows */
            rows: {
                [key: string]: unknown;
            }[];
            /** Traces */
            traces: number;
        };
        /**
         * DataImportCreate
         * @description Make a version of what a database answers, as Parquet. Give one of `query` and `table` (``name`` or ``schema.name``).
         */
        DataImportCreate: {
            /** Datastore */
            datastore: string;
            /** Description */
            description?: string | null;
            /** Name */
            name: string;
            /** Query */
            query?: string | null;
            /** Table */
            table?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Version */
            version?: string | null;
        };
        /**
         * DataLengths
         * @description How long texts are in characters, or lists in items.
         */
        DataLengths: {
            /** Max */
            max: number;
            /** Mean */
            mean: number;
            /** Min */
            min: number;
        };
        /**
         * DataPreview
         * @description The beginning of data, or a page of its rows.
         *
         *     Attributes:
         *         columns: the names of the columns shown, in order.
         *         rows: the rows from `offset` on.
         *         more: there are others behind them.
         *         kind: what is mainly shown: ``rows``, ``text`` (`text` has its beginning), ``images`` (`images` are their paths), ``files``.
         *         format: how the rows or the text are written, such as ``parquet``.
         *         schema: all columns, those that are not shown included.
         *         rows_total: how many rows there are, where that is known without reading them.
         *         folder: what is in it, of a folder.
         *         findings: what is odd, with the place.
         */
        DataPreview: {
            /** Bytes */
            bytes?: number | null;
            /** Columns */
            columns: string[];
            /** Elapsed Ms */
            elapsed_ms?: number | null;
            /**
             * Findings
             * @default []
             */
            findings?: components["schemas"]["DataFinding"][];
            folder?: components["schemas"]["DataFolder"] | null;
            /** Format */
            format?: string | null;
            /**
             * Images
             * @default []
             */
            images?: components["schemas"]["DataEntry"][];
            /**
             * Kind
             * @default rows
             * @enum {string}
             */
            kind?: "rows" | "text" | "images" | "files";
            /** More */
            more: boolean;
            /**
             * Offset
             * @default 0
             */
            offset?: number;
            /** Rows */
            rows: components["schemas"]["DataRow"][];
            /** Rows Total */
            rows_total?: number | null;
            /**
             * Schema
             * @default []
             */
            schema?: components["schemas"]["DataColumn"][];
            /** Text */
            text?: string | null;
        };
        /**
         * DataRow
         * @description A row of a preview: its number (from 1, as transforms tell it), its values, or why it cannot be read.
         */
        DataRow: {
            /** Error */
            error?: string | null;
            /** Line */
            line: number;
            /** Values */
            values: {
                [key: string]: unknown;
            };
        };
        /**
         * DataSchedule
         * @description A schedule, by the name of the asset that it makes versions of. `next_at` is None while it is paused; `last_job` did the last.
         */
        DataSchedule: {
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Cron */
            cron: string;
            /** Last At */
            last_at: string | null;
            /** Last Job */
            last_job: string | null;
            /** Name */
            name: string;
            /** Next At */
            next_at: string | null;
            /** Paused */
            paused: boolean;
            request: components["schemas"]["DataImportCreate"];
        };
        /**
         * DataScheduleCreate
         * @description Import again and again. `cron`: minute, hour, day of month, month, day of week, in UTC (``0 6 * * *``: every day at six).
         */
        DataScheduleCreate: {
            /** Cron */
            cron: string;
            request: components["schemas"]["DataImportCreate"];
        };
        /**
         * DataSplitCreate
         * @description Divide the rows of a version among new assets.
         *
         *     Attributes:
         *         source: ``azureml:<name>:<version>`` (or with a label).
         *         ratios: how the rows are divided; they add up to 1.
         *         names: the asset of each part. None: ``<name>-train``, ``-test`` (of three ``-train``, ``-validation``, ``-test``).
         *         seed: the same seed gives the same parts, wherever and whenever.
         *         stratify: a column whose values each part has in the same proportions.
         */
        DataSplitCreate: {
            /** Description */
            description?: string | null;
            /** Names */
            names?: string[] | null;
            /** Ratios */
            ratios: number[];
            /**
             * Seed
             * @default 0
             */
            seed?: number;
            /** Source */
            source: string;
            /** Stratify */
            stratify?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
        };
        /**
         * DataStatistics
         * @description Statistics of columns, over `rows` rows: all of them (`whole`), or the first ones.
         *
         *     `columns_total` is how many columns there are; `columns` are those from `column_offset` on, at most 200.
         */
        DataStatistics: {
            /**
             * Column Offset
             * @default 0
             */
            column_offset?: number;
            /** Columns */
            columns: components["schemas"]["ColumnStatistics"][];
            /** Columns Total */
            columns_total: number;
            /** Elapsed Ms */
            elapsed_ms?: number | null;
            /**
             * Findings
             * @default []
             */
            findings?: components["schemas"]["DataFinding"][];
            /** Rows */
            rows: number;
            /** Whole */
            whole: boolean;
        };
        /**
         * Datastore
         * @description A datastore without its credentials: `secrets` are the names of those that are kept. `built_in` ones are always there.
         */
        Datastore: {
            /** Built In */
            built_in: boolean;
            /** Configs */
            configs: {
                [key: string]: string;
            };
            /** Created At */
            created_at: string;
            /** Description */
            description: string | null;
            /** Name */
            name: string;
            /** Secrets */
            secrets: string[];
            /** Tags */
            tags: {
                [key: string]: string;
            };
            /**
             * Type
             * @enum {string}
             */
            type: "local_folder" | "azure_blob" | "azure_data_lake_gen2" | "aws_s3" | "gcs" | "git" | "http" | "sqlite" | "postgresql" | "azure_postgresql" | "mysql" | "azure_mysql" | "mssql" | "azure_sql_database";
            /** Updated At */
            updated_at: string;
        };
        /**
         * DatastoreTest
         * @description How a datastore was reached. `detail` says what was seen, or what failed; `remedy` what to do then.
         */
        DatastoreTest: {
            /** Detail */
            detail: string;
            /** Latency Ms */
            latency_ms?: number | null;
            /** Ok */
            ok: boolean;
            /** Remedy */
            remedy?: string | null;
        };
        /**
         * DatastoreWrite
         * @description A datastore to make: `configs` say where it is, `secrets` are its credentials, which are kept encrypted and never shown.
         */
        DatastoreWrite: {
            /** Configs */
            configs?: {
                [key: string]: string;
            };
            /** Description */
            description?: string | null;
            /** Name */
            name: string;
            /** Secrets */
            secrets?: {
                [key: string]: string;
            };
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /**
             * Type
             * @enum {string}
             */
            type: "local_folder" | "azure_blob" | "azure_data_lake_gen2" | "aws_s3" | "gcs" | "git" | "http" | "sqlite" | "postgresql" | "azure_postgresql" | "mysql" | "azure_mysql" | "mssql" | "azure_sql_database";
        };
        /**
         * DataUpload
         * @description Data that was uploaded: ``upload:<digest>`` names it in `RunCreate.data`.
         */
        DataUpload: {
            /** Bytes */
            bytes: number;
            /** Files */
            files: number;
            /** Reference */
            reference: string;
        };
        /**
         * DeduplicateStep
         * @description Keep the first of rows that are equal in `columns` (without them in all). With `near` (0.5 to 1: the Jaccard similarity of their sets
         *     of `shingle` characters in a row) those that are alike count as equal.
         */
        DeduplicateStep: {
            /**
             * Columns
             * @default []
             */
            columns?: string[];
            /** Near */
            near?: number | null;
            /**
             * Shingle
             * @default 5
             */
            shingle?: number;
        };
        /**
         * Deployment
         * @description A deployment. One of `flow`, `script` (each with the `digest` of its snapshot) and `model` is set; `error` is problem details.
         *
         *     `instance_count` is how many replicas it was deployed with, `instances` how many should run now.
         *
         *     `init`: what its flow's class, or its prompty, is made with; connections by name.
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
            /** Init */
            init?: {
                [key: string]: unknown;
            };
            /** Instance Count */
            instance_count: number;
            /**
             * Instances
             * @default 1
             */
            instances?: number;
            /** Job */
            job?: string | null;
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /** Replicas */
            replicas: components["schemas"]["Replica"][];
            /** Script */
            script?: string | null;
            settings?: components["schemas"]["DeploymentSettings"];
            /**
             * State
             * @enum {string}
             */
            state: "deploying" | "healthy" | "unhealthy" | "failed" | "deleting";
            /** Updated At */
            updated_at: string;
        };
        /**
         * DeploymentCheck
         * @description One thing that was looked at: ``bad`` stands against a deploy, ``warn`` does not. `remedy` says what to do where it is not good.
         */
        DeploymentCheck: {
            /**
             * Name
             * @enum {string}
             */
            name: "validation" | "connections" | "models" | "test" | "evaluation";
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "good" | "warn" | "bad";
            /** Remedy */
            remedy?: string | null;
            /** Says */
            says: string;
        };
        /**
         * DeploymentCheckCreate
         * @description Look at what `deployment` would bring into service.
         *
         *     `test`: run its flow once, in a session of the caller's own. `inputs` are what it is run with; None: the last inputs that are known
         *     (of a test, else of the first row of its newest run), else the defaults of its inputs.
         */
        DeploymentCheckCreate: {
            deployment: components["schemas"]["DeploymentCreate"];
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            } | null;
            /**
             * Test
             * @default true
             */
            test?: boolean;
        };
        /**
         * DeploymentChecks
         * @description What was found. `passes`: nothing is bad.
         *
         *     `evaluated`: the evaluations of this version that its settings may name, the newest first; `evaluation` is the one that counts.
         *
         *     `digest` is that of the flow's snapshot: deploy it with the flow's name, and what was checked is what is deployed. None for models.
         */
        DeploymentChecks: {
            /** Checks */
            checks: components["schemas"]["DeploymentCheck"][];
            /** Digest */
            digest?: string | null;
            /**
             * Evaluated
             * @default []
             */
            evaluated?: components["schemas"]["DeploymentEvaluation"][];
            evaluation?: components["schemas"]["DeploymentEvaluation"] | null;
            /** Passes */
            passes: boolean;
            test?: components["schemas"]["DeploymentTest"] | null;
        };
        /**
         * DeploymentCreate
         * @description Deploy a flow of the workspace (`flow`), an uploaded snapshot (`snapshot`, its digest), or a catalog model (`model`).
         *
         *     With `script` the snapshot is that of a scoring script: `script` is its path below ``code/``; ``model/`` is what it finds in
         *     ``AZUREML_MODEL_DIR``, and ``requirements.txt`` lists its packages.
         *
         *     `init` gives the arguments of a flex flow's class, or a prompty's model configuration; it holds no secrets, but names of connections.
         *
         *     `anyway`: deploy it although its evaluation does not meet the `gates` of its settings; the audit trail says so.
         */
        DeploymentCreate: {
            /**
             * Anyway
             * @default false
             */
            anyway?: boolean;
            /** Environment Variables */
            environment_variables?: {
                [key: string]: string;
            };
            /** Flow */
            flow?: string | null;
            /** Init */
            init?: {
                [key: string]: unknown;
            };
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
            /** Script */
            script?: string | null;
            settings?: components["schemas"]["DeploymentSettings"];
            /** Snapshot */
            snapshot?: string | null;
        };
        /**
         * DeploymentEvaluation
         * @description The newest evaluated `run` of this very version of a flow, over so many `rows`, with the metrics of its `evaluations`, runs too.
         *
         *     `metric_parts` names the metrics that belong to no other, each with those that say more of it.
         */
        DeploymentEvaluation: {
            /**
             * Evaluations
             * @default []
             */
            evaluations?: string[];
            /** Metric Parts */
            metric_parts?: {
                [key: string]: components["schemas"]["MetricParts"];
            };
            /** Metrics */
            metrics?: {
                [key: string]: number;
            };
            /** Rows */
            rows: number;
            /** Run */
            run: string;
        };
        /**
         * DeploymentLoad
         * @description A deployment now. `as_of` is when gateways told it last; while requests are under way they do each second.
         */
        DeploymentLoad: {
            /** As Of */
            as_of?: string | null;
            /** Deployment */
            deployment: string;
            /** In Flight */
            in_flight: number;
            /** Instances */
            instances: number;
            /** Replicas Ready */
            replicas_ready: number;
            /**
             * State
             * @enum {string}
             */
            state: "deploying" | "healthy" | "unhealthy" | "failed" | "deleting";
            /** Waiting */
            waiting: number;
        };
        /**
         * DeploymentScale
         * @description Change how many replicas run, without a new revision: a fixed number, or how they are scaled. What is None stays.
         */
        DeploymentScale: {
            /** Instance Count */
            instance_count?: number | null;
            scale?: components["schemas"]["ScaleSettings"] | null;
        };
        /**
         * DeploymentSettings
         * @description What a deployment has besides what it serves. `gates`: a flow whose evaluation does not meet them is not deployed.
         *
         *     `evaluation`: the run that is held to them, that of the flow or one that evaluates it; None: the newest that there is.
         */
        DeploymentSettings: {
            data_collector?: components["schemas"]["DataCollector"] | null;
            /** Description */
            description?: string | null;
            /** Evaluation */
            evaluation?: string | null;
            /**
             * Gates
             * @default []
             */
            gates?: components["schemas"]["Gate"][];
            liveness_probe?: components["schemas"]["Probe"] | null;
            /** Ready Within S */
            ready_within_s?: number | null;
            request?: components["schemas"]["RequestSettings"];
            scale?: components["schemas"]["ScaleSettings"];
            /** Tags */
            tags?: {
                [key: string]: string;
            };
        };
        /**
         * DeploymentSource
         * @description What a deploy would bring into service: a flow or a `script` (with the `digest` of its snapshot, where it is known) or a `model`.
         */
        DeploymentSource: {
            /** Digest */
            digest?: string | null;
            /** Flow */
            flow?: string | null;
            /** Model */
            model?: string | null;
            /** Script */
            script?: string | null;
        };
        /**
         * DeploymentTest
         * @description How the flow ran once. `inputs_from`: where they were taken from. `error` is problem details, `duration_ms` milliseconds.
         */
        DeploymentTest: {
            /** Duration Ms */
            duration_ms?: number | null;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            /**
             * Inputs From
             * @enum {string}
             */
            inputs_from: "given" | "test" | "run" | "defaults";
            /** Outputs */
            outputs?: {
                [key: string]: unknown;
            } | null;
            /** Trace Id */
            trace_id?: string | null;
        };
        /**
         * DeploymentUsage
         * @description What a deployment's replicas used in a bucket of time (`time` None: the period): processors on average, and resident memory.
         */
        DeploymentUsage: {
            /** Cpu Cores */
            cpu_cores: number;
            /** Deployment */
            deployment: string;
            /** Memory Bytes */
            memory_bytes: number;
            /** Memory Peak Bytes */
            memory_peak_bytes: number;
            /** Time */
            time?: string | null;
        };
        /**
         * DocumentOrigin
         * @description Exactly one of these. What is there becomes a version of the data asset ``<index>-documents`` whenever it changed.
         */
        "DocumentOrigin-Input": {
            git?: components["schemas"]["GitOrigin-Input"] | null;
            sql?: components["schemas"]["SqlOrigin-Input"] | null;
            web?: components["schemas"]["WebOrigin-Input"] | null;
        };
        /**
         * DocumentOrigin
         * @description Exactly one of these. What is there becomes a version of the data asset ``<index>-documents`` whenever it changed.
         */
        "DocumentOrigin-Output": {
            git?: components["schemas"]["GitOrigin-Output"] | null;
            sql?: components["schemas"]["SqlOrigin-Output"] | null;
            web?: components["schemas"]["WebOrigin-Output"] | null;
        };
        /**
         * DroppedRow
         * @description A row of the source (`line`, from 1; None: not known) that step `step` dropped, and why.
         */
        DroppedRow: {
            /** Line */
            line: number | null;
            /** Reason */
            reason: string;
            /** Step */
            step: number;
        };
        /**
         * Endpoint
         * @description A real-time endpoint. `traffic` maps deployment to per cent and sums to 0 or 100; the URIs are absolute paths.
         *
         *     `mirror_traffic` has at most one deployment: it gets a copy of so many per cent of the requests, and its answers go to nobody.
         */
        Endpoint: {
            /**
             * Auth Mode
             * @default key
             * @enum {string}
             */
            auth_mode?: "key" | "aml_token";
            /** Created At */
            created_at: string;
            /** Deployments */
            deployments: components["schemas"]["Deployment"][];
            /** Description */
            description: string | null;
            /** Mirror Traffic */
            mirror_traffic?: {
                [key: string]: number;
            };
            /** Name */
            name: string;
            /** Openai Path */
            openai_path: string;
            /** Scoring Path */
            scoring_path: string;
            /** Swagger Path */
            swagger_path: string;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
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
            /**
             * Auth Mode
             * @default key
             * @enum {string}
             */
            auth_mode?: "key" | "aml_token";
            /** Description */
            description?: string | null;
            /** Name */
            name: string;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
        };
        /**
         * EndpointCredentials
         * @description How an endpoint is called. With `auth_mode` ``key``, `keys` are the keys that were made; with ``aml_token`` there are none.
         */
        EndpointCredentials: {
            /**
             * Auth Mode
             * @enum {string}
             */
            auth_mode: "key" | "aml_token";
            /**
             * Keys
             * @default []
             */
            keys?: components["schemas"]["EndpointKey"][];
        };
        /**
         * EndpointFigures
         * @description Requests of a group in a bucket of time. Times are in milliseconds; None where there is none to tell.
         *
         *     `per_minute`: over that part of the bucket that lies in the period. Tokens and cost are of the model calls that the requests made,
         *     told by deployment, and None where the group is finer; `cost_micros` is None as well where no call has a known price.
         */
        EndpointFigures: {
            /** Completion Tokens */
            completion_tokens?: number | null;
            /** Cost Micros */
            cost_micros?: string | null;
            /** Deployment */
            deployment?: string | null;
            /** Error */
            error?: string | null;
            /** Error Rate */
            error_rate: number;
            /** Errors */
            errors: number;
            /** P50 Ms */
            p50_ms?: number | null;
            /** P90 Ms */
            p90_ms?: number | null;
            /** P95 Ms */
            p95_ms?: number | null;
            /** P99 Ms */
            p99_ms?: number | null;
            /** Per Minute */
            per_minute: number;
            /** Prompt Tokens */
            prompt_tokens?: number | null;
            /** Requests */
            requests: number;
            /** Status */
            status?: string | null;
            /** Time */
            time?: string | null;
        };
        /**
         * EndpointKey
         * @description One of an endpoint's two keys, without its secret: `prefix` is its first characters, to recognise it by.
         */
        EndpointKey: {
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Key Type
             * @enum {string}
             */
            key_type: "primary" | "secondary";
            /** Last Used At */
            last_used_at?: string | null;
            /** Prefix */
            prefix: string;
        };
        /**
         * EndpointKeyCreated
         * @description A new key with its secret. It is shown this once; the one that it replaces is refused within a second.
         */
        EndpointKeyCreated: {
            key: components["schemas"]["EndpointKey"];
            /** Secret */
            secret: string;
        };
        /**
         * EndpointMetrics
         * @description An endpoint's requests from `since` to `until`. Mirrored copies are not among them. `truncated`: there were more groups.
         *
         *     `usage` is told by deployment whatever the figures are told by; a deployment that had no replica in a bucket is not in it.
         */
        EndpointMetrics: {
            /** Currency */
            currency: string;
            /** Endpoint */
            endpoint: string;
            /** Errors */
            errors: components["schemas"]["ErrorCount"][];
            /** Figures */
            figures: components["schemas"]["EndpointFigures"][];
            /**
             * Grain
             * @enum {string}
             */
            grain: "none" | "auto" | "minute" | "5m" | "15m" | "hour" | "6h" | "day" | "week";
            /** Load */
            load: components["schemas"]["DeploymentLoad"][];
            /** Since */
            since: string;
            /** Truncated */
            truncated: boolean;
            /** Until */
            until: string;
            /** Usage */
            usage: components["schemas"]["DeploymentUsage"][];
        };
        /**
         * EndpointToken
         * @description A token that expires. Get the next one from `refresh_after` on: this one works until `expires_at`.
         */
        EndpointToken: {
            /** Access Token */
            access_token: string;
            /** Expires At */
            expires_at: string;
            /** Refresh After */
            refresh_after: string;
            /**
             * Token Type
             * @default Bearer
             * @constant
             */
            token_type?: "Bearer";
        };
        /**
         * EndpointUpdate
         * @description Change an endpoint; what is None stays. `mirror_traffic` empty ends the mirroring.
         *
         *     Another `auth_mode` revokes the endpoint's own keys and tokens.
         */
        EndpointUpdate: {
            /** Auth Mode */
            auth_mode?: ("key" | "aml_token") | null;
            /** Description */
            description?: string | null;
            /** Mirror Traffic */
            mirror_traffic?: {
                [key: string]: number;
            } | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            } | null;
        };
        /**
         * ErrorCount
         * @description How many requests to a deployment ended with an error of one kind: an HTTP status, or a problem's code.
         */
        ErrorCount: {
            /** Deployment */
            deployment: string | null;
            /** Error */
            error: string | null;
            /** Requests */
            requests: number;
        };
        /**
         * EvaluatorFlowCreate
         * @description Make a flow of an evaluator. `name`: of the flow; None: the evaluator's.
         */
        EvaluatorFlowCreate: {
            /** Name */
            name?: string | null;
        };
        /**
         * EvaluatorMeasure
         * @description A number that an evaluator gives, between `low` and `high` (None: there is no greatest).
         */
        EvaluatorMeasure: {
            /** High */
            high: number | null;
            /** Higher Is Better */
            higher_is_better: boolean;
            /** Key */
            key: string;
            /** Low */
            low: number;
            /** Unit */
            unit?: string | null;
        };
        /**
         * EvaluatorSummary
         * @description An evaluator.
         *
         *     Attributes:
         *         kind: computed, or judged by a model.
         *         inputs: what each row must have.
         *         optional: what a row may have.
         *         measures: the numbers it gives; the first is the one to look at.
         *         settings: what it can be made with, with the defaults; null: none.
         *         calls: how often it asks its model for a row, or for a turn of a conversation; 0 for a computed one.
         */
        EvaluatorSummary: {
            /** Calls */
            calls: number;
            /** Description */
            description: string;
            /** Inputs */
            inputs: string[];
            /**
             * Kind
             * @enum {string}
             */
            kind: "deterministic" | "judge";
            /** Measures */
            measures: components["schemas"]["EvaluatorMeasure"][];
            /** Name */
            name: string;
            /** Optional */
            optional: string[];
            /** Settings */
            settings: {
                [key: string]: unknown;
            };
        };
        /**
         * Explanation
         * @description What a name at a place is: its full `name` and kind, its `signature` (of what is no function: its type), its docstring.
         */
        Explanation: {
            /** Doc */
            doc?: string | null;
            /** Kind */
            kind?: string | null;
            /** Name */
            name?: string | null;
            /** Signature */
            signature?: string | null;
        };
        /**
         * Facet
         * @description One value that models can be filtered by, and how many there are of it under the other filters.
         */
        Facet: {
            /** Count */
            count: number;
            /** Value */
            value: string;
        };
        /**
         * Figures
         * @description Rows of figures: first the time (with a grain), then the groups, then the measures.
         *
         *     `previous` are the rows of the period to compare with (`previous_since`, `previous_until`), where one was asked for; their times are
         *     moved to the period asked for, so that the two can be laid over one another, and both have the groups of both. Costs are in
         *     millionths of `currency`'s unit, of calls whose price is known; ``unpriced`` counts the others. `truncated`: there were more groups
         *     than `limit`.
         */
        Figures: {
            /** Columns */
            columns: components["schemas"]["Column"][];
            /** Currency */
            currency: string;
            /**
             * Grain
             * @enum {string}
             */
            grain: "none" | "auto" | "minute" | "5m" | "15m" | "hour" | "6h" | "day" | "week";
            /** Previous */
            previous: (string | number | null)[][] | null;
            /** Previous Since */
            previous_since?: string | null;
            /** Previous Until */
            previous_until?: string | null;
            /** Rows */
            rows: (string | number | null)[][];
            /** Since */
            since: string;
            /** Truncated */
            truncated: boolean;
            /** Until */
            until: string;
        };
        /**
         * FilterLanguageStep
         * @description Keep rows whose text in `column` is in one of `languages` (ISO 639-1), with at least `confidence` (0 to 1).
         */
        FilterLanguageStep: {
            /** Column */
            column: string;
            /**
             * Confidence
             * @default 0
             */
            confidence?: number;
            /** Languages */
            languages: string[];
        };
        /**
         * FilterLengthStep
         * @description Keep rows whose text in `column` has `min` to `max` characters or words. A row without a text there has length 0.
         */
        FilterLengthStep: {
            /** Column */
            column: string;
            /** Max */
            max?: number | null;
            /**
             * Min
             * @default 1
             */
            min?: number;
            /**
             * Unit
             * @default characters
             * @enum {string}
             */
            unit?: "characters" | "words";
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
         * FitPlace
         * @description A place that a model may be in: the machine's memory or a card's. Bytes.
         *
         *     `limit` says whether the machine or its container bounds `total`. `usable` is the share of `total` that a model may take.
         */
        FitPlace: {
            /**
             * Engine
             * @enum {string}
             */
            engine: "llamacpp" | "onnx" | "vllm";
            /** Free */
            free: number;
            /**
             * Limit
             * @enum {string}
             */
            limit: "machine" | "container";
            /** Name */
            name: string;
            need?: components["schemas"]["MemoryNeed"] | null;
            /** Total */
            total: number;
            /** Usable */
            usable: number;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "yes" | "tight" | "no" | "unknown";
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
         * @description Make a flow from a template. `index`: the index that a flow about documents asks, by its newest version.
         */
        FlowCreate: {
            /** Index */
            index?: string | null;
            /** Name */
            name: string;
            /**
             * Template
             * @default standard
             */
            template?: string;
        };
        /**
         * FlowDiff
         * @description What differs between two versions of a flow: from `base` (None: nothing yet) to `version`.
         */
        FlowDiff: {
            /** Base */
            base: string | null;
            /**
             * Files
             * @default []
             */
            files?: components["schemas"]["FlowFileDiff"][];
            /** Version */
            version: string;
        };
        /**
         * FlowFile
         * @description A file of a flow folder. `content` is None in listings, for binary files, and for those of more than 4 MiB.
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
         * FlowFileChange
         * @description What a version did to a file.
         */
        FlowFileChange: {
            /**
             * Change
             * @enum {string}
             */
            change: "added" | "changed" | "removed";
            /** Path */
            path: string;
        };
        /**
         * FlowFileDiff
         * @description A file that two versions have differently. A text is None where the file is not there, no text, or was too large to be kept.
         */
        FlowFileDiff: {
            /** After */
            after?: string | null;
            /** Before */
            before?: string | null;
            /**
             * Change
             * @enum {string}
             */
            change: "added" | "changed" | "removed";
            /** Path */
            path: string;
        };
        /**
         * FlowFiles
         * @description All files of a flow as they are now, without their contents. An event of the stream that tells of every change.
         */
        FlowFiles: {
            /** Files */
            files: components["schemas"]["FlowFile"][];
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
         *
         *     `init` is what a flex flow's class is made with; defaults are those of its sample, else its own. `message_format` is how its images
         *     are written.
         */
        FlowGraph: {
            /** Edges */
            edges: components["schemas"]["GraphEdge"][];
            /** Findings */
            findings: components["schemas"]["Finding"][];
            /**
             * Init
             * @default []
             */
            init?: components["schemas"]["FlowInput"][];
            /** Inputs */
            inputs: components["schemas"]["FlowInput"][];
            /**
             * Message Format
             * @default basic
             * @enum {string}
             */
            message_format?: "basic" | "openai-vision";
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
         * FlowName
         * @description The name of a flow that is cloned, or gets another name.
         */
        FlowName: {
            /** Name */
            name: string;
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
         * @description A flow to start from. `needs`: what has to be named besides, such as the index that it asks. `nodes` and `edges` are its graph.
         */
        FlowTemplate: {
            /** Description */
            description: string;
            /**
             * Edges
             * @default []
             */
            edges?: components["schemas"]["GraphEdge"][];
            /** Name */
            name: string;
            /** Needs */
            needs?: "index" | null;
            /**
             * Nodes
             * @default []
             */
            nodes?: components["schemas"]["GraphNode"][];
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
         * @description Run a flow once with these inputs: all of it, the node `node` alone, or with `onward` that node and all that uses what it gives.
         *
         *     Of a part that runs, `inputs` may also name what its nodes take, as prompt flow does: ``inputs.<name>``, ``<node>.output``, and for one
         *     node alone its own inputs. What other nodes gave is taken from `outputs`, by node; nodes in `bypassed` count as bypassed. What is in
         *     neither, and flow inputs that are not given, are taken from `run`: a trace's id, or ``<run>:<row>``.
         *
         *     `variant`, ``${node.variant_id}``: that node is that variant. `overrides`: node name to the keys replaced in it, ``connection`` or an
         *     input such as ``deployment_name``. The flow's files stay as they are.
         */
        FlowTest: {
            /**
             * Bypassed
             * @default []
             */
            bypassed?: string[];
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /** Node */
            node?: string | null;
            /**
             * Onward
             * @default false
             */
            onward?: boolean;
            /** Outputs */
            outputs?: {
                [key: string]: unknown;
            };
            /** Overrides */
            overrides?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Run */
            run?: string | null;
            /** Variant */
            variant?: string | null;
        };
        /**
         * FlowTestEvent
         * @description One event of a test run's stream, in order: ``started``, ``node`` (many), ``chunk`` (streamed output), ``ended``.
         *
         *     The last one has the flow's `outputs`, of one node alone its ``output``; `metrics` and `warnings` where there are any.
         */
        FlowTestEvent: {
            /** Duration Ms */
            duration_ms?: number | null;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "started" | "node" | "chunk" | "ended";
            /** Metrics */
            metrics?: {
                [key: string]: unknown;
            } | null;
            node?: components["schemas"]["NodeResult"] | null;
            /** Output */
            output?: string | null;
            /** Outputs */
            outputs?: {
                [key: string]: unknown;
            } | null;
            /** Status */
            status?: ("completed" | "failed") | null;
            /** Text */
            text?: string | null;
            /** Trace Id */
            trace_id: string;
            /**
             * Warnings
             * @default []
             */
            warnings?: string[];
        };
        /**
         * FlowTool
         * @description A package tool that the nodes of a flow may use.
         */
        FlowTool: {
            /** Description */
            description?: string | null;
            /** Id */
            id: string;
            /**
             * Inputs
             * @default []
             */
            inputs?: components["schemas"]["ToolInput"][];
            /** Name */
            name: string;
            /** Package */
            package: string;
        };
        /**
         * FlowVersion
         * @description A flow's files as they were at a time.
         *
         *     `author` is None for what was changed on disk, by an editor or by Git. Edits that one author makes within five minutes are one version,
         *     whose last edit was at `changed_at`. `changes` are those since the version before. `restored_from`: the version that was brought back.
         */
        FlowVersion: {
            /** Author */
            author: string | null;
            /** Changed At */
            changed_at: string;
            /**
             * Changes
             * @default []
             */
            changes?: components["schemas"]["FlowFileChange"][];
            /** Created At */
            created_at: string;
            /**
             * Files
             * @default []
             */
            files?: components["schemas"]["FlowFile"][];
            /** Id */
            id: string;
            /** Name */
            name?: string | null;
            /** Restored From */
            restored_from?: string | null;
        };
        /**
         * FlowVersionName
         * @description A name for a version, which is then kept for good; None takes it away.
         */
        FlowVersionName: {
            /** Name */
            name: string | null;
        };
        /**
         * Gate
         * @description What a metric of the deployed version's evaluation has to be: one bound or both, inclusive.
         */
        Gate: {
            /** At Least */
            at_least?: number | null;
            /** At Most */
            at_most?: number | null;
            /** Metric */
            metric: string;
        };
        /**
         * GatewayStatus
         * @description How a gateway that runs fares since it started: what it knows of the workspace's routes, its cache and its calls as a whole.
         *
         *     `gateway` is its host and process. Of `calls` to models, `overhead_p50_ms` and `overhead_p99_ms` are what the gateway itself took
         *     until their answers began: all but the waiting for the client's body and for the model. None without calls.
         */
        GatewayStatus: {
            /** Cache Bytes */
            cache_bytes: number;
            /** Cache Hits */
            cache_hits: number;
            /** Cache Misses */
            cache_misses: number;
            /** Calls */
            calls: number;
            /** Gateway */
            gateway: string;
            /** In Flight */
            in_flight: number;
            /** Overhead P50 Ms */
            overhead_p50_ms: number | null;
            /** Overhead P99 Ms */
            overhead_p99_ms: number | null;
            /** Seen At */
            seen_at: string;
            /** Started At */
            started_at: string;
            /** Targets */
            targets: components["schemas"]["TargetStatus"][];
        };
        /**
         * GitOrigin
         * @description Files of a public Git repository.
         *
         *     Attributes:
         *         url: the repository, ``https://host/owner/name.git``.
         *         ref: a branch, a tag or a commit; ``HEAD`` is the default branch.
         *         path: only files below this folder.
         */
        "GitOrigin-Input": {
            /**
             * Path
             * @default
             */
            path?: string;
            /**
             * Ref
             * @default HEAD
             */
            ref?: string;
            /** Url */
            url: string;
        };
        /**
         * GitOrigin
         * @description Files of a public Git repository.
         *
         *     Attributes:
         *         url: the repository, ``https://host/owner/name.git``.
         *         ref: a branch, a tag or a commit; ``HEAD`` is the default branch.
         *         path: only files below this folder.
         */
        "GitOrigin-Output": {
            /**
             * Path
             * @default
             */
            path?: string;
            /**
             * Ref
             * @default HEAD
             */
            ref?: string;
            /** Url */
            url: string;
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
         * @description A node as the graph shows it: `source` is a file of the flow, `tool` the id of a package's tool.
         *
         *     `variants`: the ids of its variants; `variant` is the one that all else is of, the default.
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
            /** Tool */
            tool?: string | null;
            /** Variant */
            variant?: string | null;
            /**
             * Variants
             * @default []
             */
            variants?: string[];
        };
        /**
         * Health
         * @description Says only that the process answers.
         */
        Health: {
            /**
             * Status
             * @default Healthy
             */
            status?: string;
        };
        /**
         * HistogramBin
         * @description How many values are from `low` to before `high` (of the last bin: to `high`). Of times both are RFC 3339.
         */
        HistogramBin: {
            /** Count */
            count: number;
            /** High */
            high: unknown;
            /** Low */
            low: unknown;
        };
        /**
         * Index
         * @description An index of documents, and its newest version.
         */
        Index: {
            /** Description */
            description?: string | null;
            /** Dimensions */
            dimensions: number;
            /** Embedding Model */
            embedding_model: string;
            /** Language */
            language: string | null;
            latest: components["schemas"]["IndexVersion"];
            /** Name */
            name: string;
            /** Versions */
            versions: number;
        };
        /**
         * IndexAnswer
         * @description What a search found, the best first, in which version, and how long it took without the question's embedding and with it.
         */
        IndexAnswer: {
            /** Elapsed Ms */
            elapsed_ms: number;
            /** Hits */
            hits: components["schemas"]["IndexHit"][];
            /** Search Ms */
            search_ms: number;
            /** Version */
            version: string;
        };
        /**
         * IndexBuild
         * @description Build an index, or a new version of one.
         *
         *     Attributes:
         *         source: the documents: ``azureml:<name>:<version>`` (or with a label), or an upload.
         *         origin: or where they are gathered from. Without both: what the version before was built of, as it is now: its origin, asked anew,
         *             or the newest version of its data asset.
         *         embedding_model: as ``/v1/embeddings`` knows it: a local model, or ``<connection>/<model>``. It stays the index's.
         *         language: whose word endings the search by words knows; None: words as they stand.
         *         chunks: how documents are cut. None: as for the version before; of a new index as `ChunkRecipe` says.
         *         access: who finds what. None: as for the version before; of a new index everybody everything.
         */
        IndexBuild: {
            /** Access */
            access?: components["schemas"]["AccessRule"][] | null;
            chunks?: components["schemas"]["ChunkRecipe"] | null;
            /** Description */
            description?: string | null;
            /** Embedding Model */
            embedding_model?: string | null;
            /**
             * Language
             * @default English
             */
            language?: string | null;
            /** Name */
            name: string;
            origin?: components["schemas"]["DocumentOrigin-Input"] | null;
            /** Source */
            source?: string | null;
        };
        /**
         * IndexBuildSamples
         * @description What the steps of a build gave, a few of each.
         *
         *     Attributes:
         *         job: the build.
         *         source: the version of the data asset that was read; None until that is known.
         *         files: of those that are new or changed, the first.
         *         changed: how many are new or changed; None, as for the two that follow, for who does not see all documents.
         *         kept: how many are as the version before has them.
         *         gone: how many of the version before are no more.
         *         pages: what reading gave.
         *         chunks: what cutting and embedding gave.
         *         unread: the first files that could not be read.
         */
        IndexBuildSamples: {
            /**
             * Changed
             * @default 0
             */
            changed?: number | null;
            /**
             * Chunks
             * @default []
             */
            chunks?: components["schemas"]["SampleChunk"][];
            /**
             * Files
             * @default []
             */
            files?: components["schemas"]["SampleFile"][];
            /**
             * Gone
             * @default 0
             */
            gone?: number | null;
            /** Job */
            job: string;
            /**
             * Kept
             * @default 0
             */
            kept?: number | null;
            /**
             * Pages
             * @default []
             */
            pages?: components["schemas"]["SamplePage"][];
            /** Source */
            source?: string | null;
            /**
             * Unread
             * @default []
             */
            unread?: components["schemas"]["SampleUnread"][];
        };
        /**
         * IndexChunk
         * @description A chunk. `start` and `end` are characters of its document's text, counted from 0; `prefix` stands before `text`.
         *
         *     `page` is the one that most of it stands on, `pages` are all of them; none where an index was built before these were kept.
         *
         *     `metadata` is its document's: of a web page its `url`, of a row the columns that are no text.
         */
        IndexChunk: {
            /** Document */
            document: string;
            /** End */
            end: number;
            /** Headings */
            headings: string[];
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "table" | "code";
            /** Metadata */
            metadata?: {
                [key: string]: string | number | boolean;
            };
            /** Ordinal */
            ordinal: number;
            /** Page */
            page: number | null;
            /**
             * Pages
             * @default []
             */
            pages?: components["schemas"]["PageStretch"][];
            /** Prefix */
            prefix: string;
            /** Start */
            start: number;
            /** Tags */
            tags: string[];
            /** Text */
            text: string;
            /** Tokens */
            tokens: number;
        };
        /**
         * IndexConfiguration
         * @description How documents are cut, embedded, searched, and how much of what is found a model is given.
         */
        IndexConfiguration: {
            chunks: components["schemas"]["ChunkRecipe"];
            /** Embedding Model */
            embedding_model: string;
            /**
             * Kind
             * @default hybrid
             * @enum {string}
             */
            kind?: "hybrid" | "vector" | "text";
            /** Rerank */
            rerank?: string | null;
            /**
             * Top K
             * @default 5
             */
            top_k?: number;
            /**
             * Vector Weight
             * @default 0.5
             */
            vector_weight?: number;
        };
        /**
         * IndexDiff
         * @description What lies between two versions: documents, and how many chunks.
         */
        IndexDiff: {
            /** After */
            after: string;
            /** Before */
            before: string;
            /**
             * Chunks Added
             * @default 0
             */
            chunks_added?: number;
            /**
             * Chunks Removed
             * @default 0
             */
            chunks_removed?: number;
            /**
             * Documents Added
             * @default []
             */
            documents_added?: string[];
            /**
             * Documents Changed
             * @default []
             */
            documents_changed?: string[];
            /**
             * Documents Removed
             * @default []
             */
            documents_removed?: string[];
        };
        /**
         * IndexDocument
         * @description A document of a version. One that could not be read has `why` and `message`, and no title and chunks.
         *
         *     `tags`: those of its access tags that let the caller see it.
         */
        IndexDocument: {
            /** Chunks */
            chunks: number;
            /** Key */
            key: string;
            /** Media Type */
            media_type: string;
            /** Message */
            message?: string | null;
            /** Pages */
            pages: number;
            /**
             * Tags
             * @default []
             */
            tags?: string[];
            /** Title */
            title: string;
            /** Tokens */
            tokens: number;
            /** Why */
            why?: string | null;
        };
        /**
         * IndexHit
         * @description A chunk that was found, with every score: cosine similarity (`vector`), BM25 (`words`), reciprocal rank fusion (`fused`).
         *
         *     `reranked` is the reranking model's own score, which compares only within one answer.
         */
        IndexHit: {
            chunk: components["schemas"]["IndexChunk"];
            fused?: components["schemas"]["RankedScore"] | null;
            reranked?: components["schemas"]["RankedScore"] | null;
            /** Score */
            score: number;
            /** Title */
            title: string;
            vector?: components["schemas"]["RankedScore"] | null;
            words?: components["schemas"]["RankedScore"] | null;
        };
        /**
         * IndexLabel
         * @description Let a label stand on a version, wherever it stood: a roll-back is a label on an older version.
         */
        IndexLabel: {
            /** Version */
            version: string;
        };
        /**
         * IndexMeasurement
         * @description What a version of an index finds. Its id is that of its job; while that runs it has no `searches`.
         *
         *     Attributes:
         *         data: the version of the question set that is meant.
         *         questions: how many were asked.
         *         unanswerable: of these, how many the version has no chunk for: their documents are not in it, or could not be read.
         *         left_out: rows of the data that are no questions; `warnings` has the first, and the first documents that the version does not have.
         *         rerank: the reranking model that ordered what each search found; None: none did.
         *         rule: the version of what is counted of questions with a span. 1: the chunks that answer; 2: the characters that do, each once.
         */
        IndexMeasurement: {
            /** Data */
            data: string;
            /** Ended At */
            ended_at?: string | null;
            /** Id */
            id: string;
            /** Index */
            index: string;
            /**
             * Left Out
             * @default 0
             */
            left_out?: number;
            /**
             * Questions
             * @default 0
             */
            questions?: number;
            /** Rerank */
            rerank?: string | null;
            /**
             * Rule
             * @default 1
             */
            rule?: number;
            /**
             * Searches
             * @default []
             */
            searches?: components["schemas"]["MeasuredSearch"][];
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "running" | "completed";
            /**
             * Unanswerable
             * @default 0
             */
            unanswerable?: number;
            /** Version */
            version: string;
            /**
             * Warnings
             * @default []
             */
            warnings?: string[];
        };
        /**
         * IndexMeasurementCreate
         * @description Measure a version of an index.
         *
         *     Attributes:
         *         questions: a data asset of questions, ``azureml:<name>:<version>`` or with a label: rows with ``question`` and one of ``document``
         *             (with ``start`` and ``end`` where they are known), ``documents``, ``context``.
         *         version: of the index, or a label.
         *         kinds: of search.
         *         max_questions: from the beginning of the data at most, 1 to 10,000.
         *         rerank: the reranking model that orders the best 30 of each search anew: a local one, or ``<connection>/<model>``. None: none does.
         */
        IndexMeasurementCreate: {
            /**
             * Kinds
             * @default [
             *       "hybrid",
             *       "vector",
             *       "text"
             *     ]
             */
            kinds?: ("hybrid" | "vector" | "text")[];
            /**
             * Max Questions
             * @default 1000
             */
            max_questions?: number;
            /** Questions */
            questions: string;
            /** Rerank */
            rerank?: string | null;
            /**
             * Version
             * @default latest
             */
            version?: string;
        };
        /**
         * IndexQuery
         * @description A search.
         *
         *     Attributes:
         *         text: the question in words.
         *         version: a version, or a label; ``latest`` is the newest.
         *         kind: by vectors, by words (``text``), or both with their ranks fused.
         *         top_k: how many chunks, 1 to 100.
         *         vector_weight: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.
         *         under: only documents whose keys begin so.
         *         tags: the access tags of whoever the answer is for: only what both they and the caller see is found. None: what the caller sees.
         *         rerank: the reranking model that orders the best 30 anew, as ``/v1/rerank`` knows it: a local model, or ``<connection>/<model>``.
         */
        IndexQuery: {
            /**
             * Kind
             * @default hybrid
             * @enum {string}
             */
            kind?: "hybrid" | "vector" | "text";
            /** Rerank */
            rerank?: string | null;
            /** Tags */
            tags?: string[] | null;
            /** Text */
            text: string;
            /**
             * Top K
             * @default 5
             */
            top_k?: number;
            /**
             * Under
             * @default
             */
            under?: string;
            /**
             * Vector Weight
             * @default 0.5
             */
            vector_weight?: number;
            /**
             * Version
             * @default latest
             */
            version?: string;
        };
        /**
         * IndexTuning
         * @description A search over configurations. Its id is that of its job; while that runs it has no `trials`.
         *
         *     Attributes:
         *         questions: how many there were to choose by, and `held_out` to confirm by.
         *         space: how many configurations the space has; `configurations` of them were tried.
         *         stopped: why the search ended before its last rung; None when it did not.
         *         recommended: the id of the trial that is: the shortest, then fastest of those within one standard error of the best (Breiman,
         *             Friedman, Olshen and Stone 1984, Classification and Regression Trees, 3.4.3); where answers were tried, that of the
         *             recommended one of these.
         *         answers: by the best configurations; None: none were asked for.
         *         sentences: what was found, in words.
         */
        IndexTuning: {
            answers?: components["schemas"]["TuningAnswers"] | null;
            /**
             * Configurations
             * @default 0
             */
            configurations?: number;
            /** Data */
            data: string;
            /**
             * Effects
             * @default []
             */
            effects?: components["schemas"]["TuningEffect"][];
            /** Ended At */
            ended_at?: string | null;
            /**
             * Held Out
             * @default 0
             */
            held_out?: number;
            /** Id */
            id: string;
            /** Index */
            index: string;
            /**
             * Indexes
             * @default []
             */
            indexes?: components["schemas"]["TuningIndex"][];
            /**
             * Measure
             * @enum {string}
             */
            measure: "ndcg" | "hit_rate" | "mrr" | "recall";
            /**
             * Questions
             * @default 0
             */
            questions?: number;
            /** Recommended */
            recommended?: string | null;
            /**
             * Rungs
             * @default []
             */
            rungs?: components["schemas"]["TuningRung"][];
            /**
             * Sentences
             * @default []
             */
            sentences?: string[];
            /**
             * Space
             * @default 0
             */
            space?: number;
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "running" | "completed";
            /** Stopped */
            stopped?: string | null;
            /**
             * Trials
             * @default []
             */
            trials?: components["schemas"]["TuningTrial"][];
            /** Version */
            version: string;
            /**
             * Warnings
             * @default []
             */
            warnings?: string[];
        };
        /**
         * IndexTuningCreate
         * @description Search for a better configuration.
         *
         *     Attributes:
         *         questions: a question set, as a measurement takes it.
         *         version: of the index, or a label: whose documents are cut anew.
         *         measure: what is to be high, of the `top_k` chunks that a configuration gives.
         *         max_configurations: of a space that has more, so many are drawn, 2 to 500.
         *         max_indexes: how many ways of cutting and embedding are built for the search besides the present one, 0 to 20.
         *         max_questions: from the beginning of the data at most, 1 to 5,000.
         *         max_minutes: of work. What was not begun by then is left out, and the report says so.
         *         seed: of all draws.
         *         answers: what answers are tried with; None: only what is found is measured.
         */
        IndexTuningCreate: {
            answers?: components["schemas"]["TuningAnswersCreate"] | null;
            /**
             * Max Configurations
             * @default 120
             */
            max_configurations?: number;
            /**
             * Max Indexes
             * @default 6
             */
            max_indexes?: number;
            /**
             * Max Minutes
             * @default 60
             */
            max_minutes?: number;
            /**
             * Max Questions
             * @default 500
             */
            max_questions?: number;
            /**
             * Measure
             * @default ndcg
             * @enum {string}
             */
            measure?: "ndcg" | "hit_rate" | "mrr" | "recall";
            /** Questions */
            questions: string;
            /**
             * Seed
             * @default 1
             */
            seed?: number;
            /**
             * @default {
             *       "chunks": [],
             *       "embedding_models": [],
             *       "kinds": [
             *         "hybrid",
             *         "vector",
             *         "text"
             *       ],
             *       "rerank": [
             *         null
             *       ],
             *       "top_k": [
             *         3,
             *         5,
             *         10
             *       ],
             *       "vector_weights": [
             *         0.3,
             *         0.5,
             *         0.7
             *       ]
             *     }
             */
            space?: components["schemas"]["TuningSpace"];
            /**
             * Version
             * @default latest
             */
            version?: string;
        };
        /**
         * IndexUse
         * @description A node of a deployed flow that asks an index.
         *
         *     `asked` is what the flow names, a version (`pinned`: it finds the same until another is deployed) or a label, which is followed.
         *     `version` is what that stands for now, None where the index has it no more. `traffic` is the deployment's share, per cent.
         */
        IndexUse: {
            /** Asked */
            asked: string;
            /** Deployment */
            deployment: string;
            /** Endpoint */
            endpoint: string;
            /** Index */
            index: string;
            /** Node */
            node: string;
            /** Pinned */
            pinned: boolean;
            /**
             * Traffic
             * @default 0
             */
            traffic?: number;
            /** Version */
            version: string | null;
        };
        /**
         * IndexVersion
         * @description A version of an index, as far as the caller sees it. It never changes.
         *
         *     It was built of `source`, which was gathered from `origin`, if from anywhere. `documents` and what follows count the documents that the
         *     caller sees; `embedded` is None for who does not see all. `proposed_chunking`: ways of cutting that a search for a better configuration
         *     tries unless others are asked for, its own among them.
         */
        IndexVersion: {
            /** Access */
            access: components["schemas"]["AccessRule"][];
            chunking: components["schemas"]["ChunkRecipe"];
            /** Chunks */
            chunks: number;
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Documents */
            documents: number;
            /** Elapsed S */
            elapsed_s: number;
            /** Embedded */
            embedded: number | null;
            /** Job */
            job: string;
            /**
             * Labels
             * @default []
             */
            labels?: string[];
            /** Name */
            name: string;
            origin?: components["schemas"]["DocumentOrigin-Output"] | null;
            /** Proposed Chunking */
            proposed_chunking: components["schemas"]["ChunkRecipe"][];
            /** Source */
            source: string;
            /** Tokens */
            tokens: number;
            /** Unread */
            unread: number;
            /** Version */
            version: string;
        };
        /**
         * Job
         * @description A piece of durable work. `error` is problem details; `target` is what it works on, ``<kind>/<name>``.
         *
         *     `waiting`: of a queued job asked for by itself, what keeps the worker from taking it, such as another job that has to end before; None
         *     when nothing is known to.
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
            /** Waiting */
            waiting?: string | null;
        };
        /**
         * JobEvent
         * @description One entry of a job's event stream, which starts anywhere by its `sequence` (``Last-Event-ID``).
         */
        JobEvent: {
            /** At */
            at: string;
            job?: components["schemas"]["Job"] | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "status" | "stage" | "log";
            /** Message */
            message?: string | null;
            /** Sequence */
            sequence: string;
        };
        /**
         * JobStage
         * @description One stage of a job. `done` of `total` in `unit` (bytes, rows, …) when it counts; None when it does not.
         *
         *     `worked_s`: seconds that were its own, where it takes turns with other stages. `done_before`: how much was done before it was begun
         *     again, in a job that was resumed.
         */
        JobStage: {
            /** Detail */
            detail?: string | null;
            /** Done */
            done?: number | null;
            /** Done Before */
            done_before?: number | null;
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
            /** Worked S */
            worked_s?: number | null;
        };
        /**
         * KeyLimits
         * @description A key's limits, and what it used of them.
         */
        KeyLimits: {
            /** Key */
            key: string;
            limits: components["schemas"]["Limits"];
            used: components["schemas"]["LimitUse"];
        };
        /**
         * KeyRegenerate
         * @description Make a key, or make it anew; the other one stays valid.
         */
        KeyRegenerate: {
            /**
             * Key Type
             * @enum {string}
             */
            key_type: "primary" | "secondary";
        };
        /**
         * LargeValue
         * @description An attribute of a span of which only the beginning is here; `event`: of its event at this place, from 0.
         *
         *     `bytes` are those of its JSON, None where an earlier version kept it.
         */
        LargeValue: {
            /** Bytes */
            bytes?: number | null;
            /** Event */
            event?: number | null;
            /** Name */
            name: string;
        };
        /**
         * LicenseRules
         * @description Which licenses may be deployed in a workspace: names (``Apache-2.0``) or classes (``permissive``, ``unknown``).
         *
         *     What is in `deny` is refused. When `allow` is not empty, all that is not in it is refused too.
         */
        LicenseRules: {
            /**
             * Allow
             * @default []
             */
            allow?: string[];
            /**
             * Deny
             * @default []
             */
            deny?: string[];
        };
        /**
         * Limits
         * @description Bounds of use, None without one. Minutes, days and months are those of UTC; amounts are US dollars.
         *
         *     `unknown_price` says what becomes of calls to models that the price list does not have, where there is a budget: ``allow`` counts
         *     them as costing nothing, ``refuse`` turns them away.
         */
        Limits: {
            /** Dollars Per Day */
            dollars_per_day?: number | null;
            /** Dollars Per Month */
            dollars_per_month?: number | null;
            /** Requests Per Minute */
            requests_per_minute?: number | null;
            /** Tokens Per Minute */
            tokens_per_minute?: number | null;
            /**
             * Unknown Price
             * @default allow
             * @enum {string}
             */
            unknown_price?: "allow" | "refuse";
        };
        /**
         * LimitUse
         * @description What was used so far of the present minute, day and month (UTC), by what gateways have told: they do every half second.
         *
         *     Only what has a limit is counted.
         */
        LimitUse: {
            /**
             * Dollars This Month
             * @default 0
             */
            dollars_this_month?: number;
            /**
             * Dollars Today
             * @default 0
             */
            dollars_today?: number;
            /**
             * Requests This Minute
             * @default 0
             */
            requests_this_minute?: number;
            /**
             * Tokens This Minute
             * @default 0
             */
            tokens_this_minute?: number;
        };
        /**
         * LineageEdge
         * @description `target` was made of `source` (ids of nodes) by an `activity`.
         *
         *     `by` is what carried it out (``job/<id>``, ``run/<name>``; None: the call itself), `parameters` how, `code` the SHA-256 of the code that
         *     did it, `environment` what names the packages that it ran with, both None where there is none.
         */
        LineageEdge: {
            /**
             * Activity
             * @enum {string}
             */
            activity: "bookmark" | "import" | "traces" | "collected" | "split" | "transform" | "run" | "evaluation" | "deployment" | "index" | "questions";
            /** By */
            by: string | null;
            /** Code */
            code?: string | null;
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Environment */
            environment?: string | null;
            /** Parameters */
            parameters?: {
                [key: string]: unknown;
            };
            /** Source */
            source: string;
            /** Target */
            target: string;
        };
        /**
         * LineageGraph
         * @description What is around `root`: nodes, the nearest first, and the edges between them. `truncated`: there is more than the page has.
         */
        LineageGraph: {
            /** Edges */
            edges: components["schemas"]["LineageEdge"][];
            /** Nodes */
            nodes: components["schemas"]["LineageNode"][];
            /** Root */
            root: string;
            /** Truncated */
            truncated: boolean;
        };
        /**
         * LineageNode
         * @description A thing in a lineage graph. `id` is ``<kind>/<name>[/<version>]``, unique in the workspace, and what a further question names.
         *
         *     `depth` is how many steps it is from what was asked of: negative for what that was made of (`up`), positive for what was made of it
         *     (`down`), 0 for itself. `more_up` and `more_down` count its neighbours that the graph leaves out (the page was full, or deep enough).
         */
        LineageNode: {
            /** Depth */
            depth: number;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "data" | "datastore" | "trace" | "flow" | "run" | "model" | "endpoint" | "deployment" | "evaluator" | "index";
            /**
             * More Down
             * @default 0
             */
            more_down?: number;
            /**
             * More Up
             * @default 0
             */
            more_up?: number;
            /** Name */
            name: string;
            /** Version */
            version: string;
        };
        /**
         * Location
         * @description Where something is wrong: a file with line and column (from 1), or a JSON pointer.
         */
        Location: {
            column?: number;
            file?: string;
            line?: number;
            pointer?: string;
        };
        /**
         * LogAnswer
         * @description The rows of an answer. Integers beyond 2^53, times and nested values are text or JSON; `warnings` name what could not be read.
         */
        LogAnswer: {
            /** Columns */
            columns: components["schemas"]["SqlColumn"][];
            /** Elapsed Ms */
            elapsed_ms: number;
            /** Rows */
            rows: unknown[][];
            /** Truncated */
            truncated: boolean;
            /** Warnings */
            warnings: string[];
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
         * LogQuery
         * @description One SELECT over the tables ``spans``, ``requests``, ``logs``, ``metrics`` and ``scores`` of the workspace.
         *
         *     `since` and `until` (RFC 3339, or ``2h``, ``7d`` ago) bound the rows that the tables hold; without them it is the last 24 hours.
         *     `limit` bounds the answer, `timeout_s` the time.
         */
        LogQuery: {
            /**
             * Limit
             * @default 1000
             */
            limit?: number;
            /** Query */
            query: string;
            /** Since */
            since?: string | null;
            /**
             * Timeout S
             * @default 30
             */
            timeout_s?: number;
            /** Until */
            until?: string | null;
        };
        /**
         * MapColumnsStep
         * @description Change columns, in this order: `rename` (old to new), `keep` alone or `drop`, `cast` (a value that does not fit is an error of its
         *     row), `add` (name to value).
         */
        MapColumnsStep: {
            /** Add */
            add?: {
                [key: string]: unknown;
            };
            /** Cast */
            cast?: {
                [key: string]: "string" | "integer" | "number" | "boolean";
            };
            /**
             * Drop
             * @default []
             */
            drop?: string[];
            /**
             * Keep
             * @default []
             */
            keep?: string[];
            /** Rename */
            rename?: {
                [key: string]: string;
            };
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
         * MeasuredDifference
         * @description Two measurements on the same questions: the mean difference question by question (`after` less `before`) with its 95 % interval.
         *
         *     Attributes:
         *         verdict: ``better`` or ``worse`` where the interval is beyond 0.
         *         questions_needed: how many would show a difference of `least` with a power of 80 %; None where one was shown.
         *         sentence: the same in words.
         */
        MeasuredDifference: {
            /** After */
            after: number;
            /** Before */
            before: number;
            /** Difference */
            difference: number;
            /** High */
            high: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "hybrid" | "vector" | "text";
            /** Least */
            least: number;
            /** Low */
            low: number | null;
            /** Measure */
            measure: string;
            /** Questions */
            questions: number;
            /** Questions Needed */
            questions_needed: number | null;
            /** Sentence */
            sentence: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "better" | "worse" | "no_difference_shown";
        };
        /**
         * MeasuredHit
         * @description A chunk that was found for a question, and whether it answers it; `gain`: the share of the question's span that it adds.
         */
        MeasuredHit: {
            /** Chunk */
            chunk: string;
            /** Document */
            document: string;
            /** Gain */
            gain?: number | null;
            /** Relevant */
            relevant: boolean;
        };
        /**
         * MeasuredMean
         * @description A mean over questions with its 95 % interval, which fewer than two questions have not.
         */
        MeasuredMean: {
            /** High */
            high?: number | null;
            /** Low */
            low?: number | null;
            /** Mean */
            mean: number;
        };
        /**
         * MeasuredQuestion
         * @description What was found for one question.
         *
         *     Attributes:
         *         there: how many chunks of the version answer it; of a question without a span, how many documents.
         *         best: the shares of a question's span that the version's chunks add in the best order, the first ten; empty without a span.
         *         found: the best ten chunks of each kind of search; of a question without a span the best chunk of each of their documents.
         */
        MeasuredQuestion: {
            /**
             * Best
             * @default []
             */
            best?: number[];
            /** Documents */
            documents: string[];
            /** Found */
            found?: {
                [key: string]: components["schemas"]["MeasuredHit"][];
            };
            /** Line */
            line: number;
            /** Question */
            question: string;
            /** There */
            there: number;
        };
        /**
         * MeasuredSearch
         * @description What one kind of search found.
         *
         *     Attributes:
         *         kind: of search.
         *         scores: by measure: ``ndcg@10``, ``mrr`` (of the first ten), and ``hit_rate``, ``precision``, ``recall``, ``ndcg`` at 1, 3, 5, 10.
         *         latency_p50_ms, latency_p95_ms: of a search, without the embedding of its question; with reranking, where that was asked for.
         */
        MeasuredSearch: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "hybrid" | "vector" | "text";
            /** Latency P50 Ms */
            latency_p50_ms: number;
            /** Latency P95 Ms */
            latency_p95_ms: number;
            /** Scores */
            scores: {
                [key: string]: components["schemas"]["MeasuredMean"];
            };
        };
        /**
         * MemoryNeed
         * @description What an engine takes for a model, bytes: weights, cached keys and values, buffers of the computation, and all else.
         */
        MemoryNeed: {
            /** Compute */
            compute: number;
            /** Kv Cache */
            kv_cache: number;
            /** Overhead */
            overhead: number;
            /** Total */
            total: number;
            /** Weights */
            weights: number;
        };
        /**
         * MetricParts
         * @description The names of the metrics that say more of one, where there are such.
         *
         *     Attributes:
         *         low, high: the bounds of its 95 % interval.
         *         count: how many rows it rests on.
         *         invalid: how many rows have none.
         */
        MetricParts: {
            /** Count */
            count?: string | null;
            /** High */
            high?: string | null;
            /** Invalid */
            invalid?: string | null;
            /** Low */
            low?: string | null;
        };
        /**
         * MissingDocument
         * @description A document that questions name and a version has no text of, as far as the caller may see.
         *
         *     Attributes:
         *         why: why it could not be read; None when there is no such document.
         *         meant: the key of a document that is there and may be meant: the same name in another folder, or (of the first few) a similar one.
         */
        MissingDocument: {
            /** Document */
            document: string;
            /** Meant */
            meant?: string | null;
            /** Why */
            why?: string | null;
        };
        /**
         * Model
         * @description A model of the catalog: its card, and whether it is on this machine. What is None, empty or ``unknown`` is not known.
         *
         *     `engine_state` tells of its engine process: ``stopped`` starts by itself at the next call. `bytes_total` is None as long as it is
         *     not known which files there are. `call` is what callers of /v1 say; None for a hosted model without a connection.
         *     `sample_output` is an answer that was recorded when `sample_recorded`, else the shape of one. `runs_here` says whether this
         *     machine has the memory; `license_denied` names the workspace's rule that keeps the model from being deployed.
         *     `verified` is what it was last seen to do; None: nobody has tried it in this workspace.
         */
        Model: {
            /**
             * Access
             * @default local
             * @enum {string}
             */
            access?: "local" | "hub" | "connection";
            actions?: components["schemas"]["ModelActions"] | null;
            /** Active Parameters */
            active_parameters?: number | null;
            architecture?: components["schemas"]["ModelArchitecture"] | null;
            /** Bytes Present */
            bytes_present: number;
            /** Bytes Total */
            bytes_total: number | null;
            /** Call */
            call?: string | null;
            /** Capabilities */
            capabilities: string[];
            /**
             * Chat Template
             * @default unknown
             * @enum {string}
             */
            chat_template?: "yes" | "no" | "unknown";
            /**
             * Collection
             * @default
             */
            collection?: string;
            /**
             * Commercial Use
             * @default unknown
             * @enum {string}
             */
            commercial_use?: "yes" | "conditional" | "no" | "unknown";
            connection?: components["schemas"]["ModelConnection"] | null;
            /** Context Length */
            context_length: number | null;
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
            /**
             * Fine Tunable
             * @default unknown
             * @enum {string}
             */
            fine_tunable?: "yes" | "no" | "unknown";
            hub?: components["schemas"]["ModelHub"] | null;
            /**
             * Input Modalities
             * @default []
             */
            input_modalities?: string[];
            /** Intended Use */
            intended_use: string;
            /** Languages */
            languages: string[];
            /** License */
            license: string;
            /**
             * License Class
             * @default unknown
             * @enum {string}
             */
            license_class?: "permissive" | "conditional" | "non-commercial" | "proprietary" | "unknown";
            /** License Denied */
            license_denied?: string | null;
            /** License Url */
            license_url?: string | null;
            /**
             * Lifecycle
             * @default unknown
             * @enum {string}
             */
            lifecycle?: "preview" | "generally-available" | "legacy" | "deprecated" | "retired" | "unknown";
            /** Limits */
            limits: string;
            /** Max Output */
            max_output?: number | null;
            /** Name */
            name: string;
            origin?: components["schemas"]["ModelOrigin"] | null;
            /**
             * Output Modalities
             * @default []
             */
            output_modalities?: string[];
            /** Parameters */
            parameters: number | null;
            price?: components["schemas"]["ModelPrice"] | null;
            /** Publisher */
            publisher: string;
            /** Pull Job */
            pull_job?: string | null;
            /** Pulled At */
            pulled_at?: string | null;
            /** Quantization */
            quantization?: string | null;
            /**
             * References
             * @default []
             */
            references?: string[];
            /**
             * Runs Here
             * @default unknown
             * @enum {string}
             */
            runs_here?: "yes" | "no" | "unknown";
            /** Runs Here Reason */
            runs_here_reason?: string | null;
            /** Sample Input */
            sample_input: unknown;
            /** Sample Output */
            sample_output?: unknown;
            /**
             * Sample Recorded
             * @default false
             */
            sample_recorded?: boolean;
            /**
             * Size Class
             * @default unknown
             * @enum {string}
             */
            size_class?: "up-to-1b" | "1b-4b" | "4b-15b" | "15b-40b" | "over-40b" | "unknown";
            /**
             * Sizes
             * @default []
             */
            sizes?: components["schemas"]["ModelSize"][];
            /**
             * State
             * @enum {string}
             */
            state: "not_pulled" | "pulling" | "ready" | "damaged" | "remote";
            /**
             * Task
             * @enum {string}
             */
            task: "chat-completion" | "completion" | "embeddings" | "rerank";
            /**
             * Tool Use
             * @default unknown
             * @enum {string}
             */
            tool_use?: "yes" | "no" | "unknown";
            verified?: components["schemas"]["ModelBadge"] | null;
        };
        /**
         * ModelActions
         * @description What can be done with a model from its card. None: allowed; else why not, in words for the person who looks at it.
         */
        ModelActions: {
            /** Deploy */
            deploy: string | null;
            /** Evaluate */
            evaluate: string | null;
            /** Pull */
            pull: string | null;
            /** Try It */
            try_it: string | null;
        };
        /**
         * ModelArchitecture
         * @description The numbers of a transformer that say how much memory it takes; None is not known.
         */
        ModelArchitecture: {
            /** Attention Heads */
            attention_heads?: number | null;
            /** Family */
            family: string;
            /** Head Dim */
            head_dim?: number | null;
            /** Hidden Size */
            hidden_size?: number | null;
            /** Kv Heads */
            kv_heads?: number | null;
            /** Layers */
            layers?: number | null;
            /** Sliding Window */
            sliding_window?: number | null;
            /** Vocabulary */
            vocabulary?: number | null;
        };
        /**
         * ModelBadge
         * @description A verification in short, as a model's card shows it.
         */
        ModelBadge: {
            /** At */
            at: string;
            /** Cpu */
            cpu: string;
            /** Engine */
            engine: string | null;
            /** Failed */
            failed: number;
            /** Failed Checks */
            failed_checks: ("chat" | "streaming" | "stop" | "json_schema" | "tools" | "embeddings" | "rerank" | "long_context" | "determinism" | "speed" | "memory")[];
            /** First Token Ms */
            first_token_ms?: number | null;
            /** Id */
            id: string;
            /** Not Applicable */
            not_applicable: number;
            /** Passed */
            passed: number;
            /** Peak Bytes */
            peak_bytes?: number | null;
            /** Tokens Per S */
            tokens_per_s?: number | null;
        };
        /**
         * ModelCheck
         * @description One test. `detail` says what was seen in a sentence; `request` and `answer` are the evidence, cut to some length.
         *
         *     `figures` are numbers by name with their unit in it (``first_token_ms``, ``tokens_per_s``, ``peak_bytes``, …).
         */
        ModelCheck: {
            /** Answer */
            answer?: string | null;
            /** Detail */
            detail: string;
            /**
             * Duration Ms
             * @default 0
             */
            duration_ms?: number;
            /** Figures */
            figures?: {
                [key: string]: number;
            };
            /**
             * Name
             * @enum {string}
             */
            name: "chat" | "streaming" | "stop" | "json_schema" | "tools" | "embeddings" | "rerank" | "long_context" | "determinism" | "speed" | "memory";
            /** Request */
            request?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "pass" | "fail" | "not_applicable";
        };
        /**
         * ModelComparison
         * @description A comparison: while its job runs, without results. Its id is that of its job; `verdict` is the whole in plain words.
         */
        ModelComparison: {
            /** Data */
            data: string;
            /** Ended At */
            ended_at: string | null;
            /** Evaluators */
            evaluators: string[];
            /** Id */
            id: string;
            /** Judge */
            judge?: string | null;
            /** Models */
            models: string[];
            /**
             * Pairs
             * @default []
             */
            pairs?: components["schemas"]["ComparedPair"][];
            /**
             * Results
             * @default []
             */
            results?: components["schemas"]["ComparedModel"][];
            /** Rows */
            rows: number;
            /** Settings */
            settings?: {
                [key: string]: unknown;
            };
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "running" | "completed";
            /**
             * Verdict
             * @default
             */
            verdict?: string;
            /**
             * Warnings
             * @default []
             */
            warnings?: string[];
        };
        /**
         * ModelComparisonCreate
         * @description Models to compare on a data set.
         *
         *     Attributes:
         *         models: two to eight: catalog names, ``<connection>/<model>`` or ``endpoint:<name>``; the others are compared with the first.
         *         data: a data asset, ``<name>:<version>`` or ``azureml:<name>@latest``.
         *         evaluators: their names; ``f1`` and ``rouge`` stand for ``f1_score`` and ``rouge_score``.
         *         prompt: the column with the question, or a text with ``{{column}}`` in it.
         *         ground_truth: the column with the right answer.
         *         system: a system message.
         *         judge: the connection or model for evaluators that judge, ``<connection>/<model>`` or a local model.
         *         max_rows: rows from the beginning of the data at most.
         *         max_tokens: of one answer.
         *         least_difference: the difference in an evaluator's first measure that would matter, for the count of rows needed to see it.
         */
        ModelComparisonCreate: {
            /** Data */
            data: string;
            /** Evaluators */
            evaluators: string[];
            /**
             * Ground Truth
             * @default ground_truth
             */
            ground_truth?: string;
            /** Judge */
            judge?: string | null;
            /** Least Difference */
            least_difference?: number | null;
            /**
             * Max Rows
             * @default 200
             */
            max_rows?: number;
            /**
             * Max Tokens
             * @default 256
             */
            max_tokens?: number;
            /** Models */
            models: string[];
            /**
             * Prompt
             * @default query
             */
            prompt?: string;
            /** System */
            system?: string | null;
        };
        /**
         * ModelComparisonPlan
         * @description At most what a comparison would ask and cost, told before it begins: every row of `max_rows` with answers of `max_tokens`.
         *
         *     `data` names the version that is meant; `cost` None: a price is not known; `free`: all of it runs on this machine.
         */
        ModelComparisonPlan: {
            /** Calls */
            calls: number;
            /** Completion Tokens */
            completion_tokens: number;
            cost?: components["schemas"]["Money"] | null;
            /** Data */
            data: string;
            /** Evaluators */
            evaluators: string[];
            /** Free */
            free: boolean;
            /** Models */
            models: string[];
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Rows */
            rows: number;
        };
        /**
         * ModelConnection
         * @description How a hosted model is called: ``<connection>/<model>`` over a connection of one of these types.
         *
         *     `connections` are those of the workspace that would do.
         */
        ModelConnection: {
            /** Base Url */
            base_url: string | null;
            /**
             * Connections
             * @default []
             */
            connections?: string[];
            /** Model */
            model: string;
            /** Types */
            types: string[];
        };
        /**
         * ModelExchange
         * @description A call of a model as it went over the wire: the body of the request, and of the response, None where none came.
         *
         *     `streamed`: the response came in pieces and was put together. Keys and other headers are in neither.
         */
        ModelExchange: {
            /** Duration Ms */
            duration_ms?: number | null;
            /** Request */
            request: {
                [key: string]: unknown;
            };
            /** Response */
            response?: {
                [key: string]: unknown;
            } | null;
            /**
             * Streamed
             * @default false
             */
            streamed?: boolean;
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
         * ModelFit
         * @description Whether a model fits, counted before anything of it is downloaded.
         *
         *     Attributes:
         *         model: its name.
         *         context: tokens of one request, prompt and answer together.
         *         concurrency: requests at once (for encoders: texts at once).
         *         cache_type: the format of cached keys and values.
         *         quantization: the format of the weights that was counted with.
         *         weights_estimated: the weights' bytes come from the count of parameters, not from the sizes of files.
         *         verdict: of the place where it fits best.
         *         summary: the same in a sentence.
         *         reasons: what is not known, or was assumed.
         *         largest_context: the most tokens of a request that fit, at this concurrency; None where not known.
         *         places: the machine's memory, and each card.
         *         download_bytes: what is still to be brought here; None where the files are not known.
         *         disk_free: bytes free where models are kept.
         */
        ModelFit: {
            /**
             * Cache Type
             * @enum {string}
             */
            cache_type: "f16" | "q8_0" | "q4_0";
            /** Concurrency */
            concurrency: number;
            /** Context */
            context: number;
            /** Disk Free */
            disk_free?: number | null;
            /** Download Bytes */
            download_bytes?: number | null;
            /** Largest Context */
            largest_context?: number | null;
            /** Model */
            model: string;
            /**
             * Places
             * @default []
             */
            places?: components["schemas"]["FitPlace"][];
            /** Quantization */
            quantization: string;
            /**
             * Reasons
             * @default []
             */
            reasons?: string[];
            /** Summary */
            summary: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "yes" | "tight" | "no" | "unknown";
            /** Weights Estimated */
            weights_estimated: boolean;
        };
        /**
         * ModelHub
         * @description Where a model is on the hub. `gated`: only for accounts whose holder has accepted the license.
         */
        ModelHub: {
            /**
             * Gated
             * @enum {string}
             */
            gated: "yes" | "no" | "unknown";
            /** Gguf */
            gguf: string | null;
            /** Repository */
            repository: string;
            /** Revision */
            revision: string;
        };
        /**
         * ModelImportCreate
         * @description What to import.
         *
         *     Attributes:
         *         source: ``hf:organization/name[@revision]``, ``upload:<digest>``, or ``file:///folder`` of the server below its allowed folders.
         *         name: the model's in the catalog; None makes one of the source's.
         *         files: which to take, where the choice is not left to the server: one GGUF file.
         *         connection: a connection of type custom that keeps a token for the hub, as its secret ``token``.
         *         license: what it is, where the source does not say.
         */
        ModelImportCreate: {
            /** Connection */
            connection?: string | null;
            /**
             * Files
             * @default []
             */
            files?: string[];
            /** License */
            license?: string | null;
            /** Name */
            name?: string | null;
            /** Source */
            source: string;
        };
        /**
         * ModelOrigin
         * @description Where an imported model came from.
         */
        ModelOrigin: {
            /** Imported At */
            imported_at?: string | null;
            /** Imported By */
            imported_by?: string | null;
            /** Revision */
            revision?: string | null;
            /** Source */
            source: string;
        };
        /**
         * ModelPage
         * @description Models by name. `total` counts those that fit all filters; `facets` has the values of each filter.
         */
        ModelPage: {
            /** Facets */
            facets?: {
                [key: string]: components["schemas"]["Facet"][];
            };
            /** Items */
            items: components["schemas"]["Model"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /** Total */
            total: number;
        };
        /**
         * ModelPrice
         * @description A list price by the million tokens, as decimals in text. `tiered`: long prompts cost more, and these are the prices of short ones.
         */
        ModelPrice: {
            /** Cached Input */
            cached_input?: string | null;
            /**
             * Currency
             * @default USD
             */
            currency?: string;
            /** Input */
            input: string;
            /** Output */
            output: string | null;
            /**
             * Source
             * @default
             */
            source?: string;
            /**
             * Tiered
             * @default false
             */
            tiered?: boolean;
        };
        /**
         * ModelPromotionCreate
         * @description Where to copy a version to. The caller needs the right to write models in both workspaces.
         *
         *     A signed-in user has it by their roles; a key belongs to one workspace, so with a key the other's is given as `target_key`.
         */
        ModelPromotionCreate: {
            /** Name */
            name?: string | null;
            /**
             * Stage
             * @default None
             * @enum {string}
             */
            stage?: "None" | "Development" | "Staging" | "Production" | "Archived";
            /** Target Key */
            target_key?: string | null;
            /** Workspace */
            workspace: string;
        };
        /**
         * ModelSize
         * @description What the weights take in one format, bytes. `estimated`: parameters times bits a weight, not the size of a file.
         */
        ModelSize: {
            /** Bytes */
            bytes: number;
            /** Estimated */
            estimated: boolean;
            /** Quantization */
            quantization: string;
        };
        /**
         * ModelVerification
         * @description A verification: while its job runs, the checks that are done so far. Its id is that of its job.
         *
         *     `status` ``completed`` means that all checks were made, whatever came of them.
         */
        ModelVerification: {
            /** Call */
            call: string;
            /** Checks */
            checks: components["schemas"]["ModelCheck"][];
            /**
             * Completion Tokens
             * @default 0
             */
            completion_tokens?: number;
            cost?: components["schemas"]["Money"] | null;
            /** Ended At */
            ended_at: string | null;
            /** Engine */
            engine: string | null;
            /** Failed */
            failed: number;
            /** Id */
            id: string;
            machine: components["schemas"]["VerificationMachine"];
            /** Model */
            model: string;
            /** Not Applicable */
            not_applicable: number;
            /** Passed */
            passed: number;
            /**
             * Place
             * @enum {string}
             */
            place: "local" | "connection" | "endpoint";
            /**
             * Prompt Tokens
             * @default 0
             */
            prompt_tokens?: number;
            /** Started At */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "running" | "completed";
            /** Version */
            version: string;
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
         * NamedDocuments
         * @description Documents that questions name, by their keys, 10,000 at most.
         */
        NamedDocuments: {
            /** Documents */
            documents: string[];
        };
        /**
         * NodeAttempt
         * @description A call of a node that failed and was tried again: the error's code, what it said, and how long it took (milliseconds).
         */
        NodeAttempt: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Duration Ms */
            duration_ms: number;
        };
        /**
         * NodeResult
         * @description What one node did in one line. Times are milliseconds; `error` is problem details with the file, line and node.
         *
         *     `cached`: the output was kept from an earlier call, whose tokens are the `saved_` ones; `attempts` are failed calls before the last.
         *     `exchanges`: the calls of a model that a node made in a test run.
         */
        NodeResult: {
            /**
             * Attempts
             * @default []
             */
            attempts?: components["schemas"]["NodeAttempt"][];
            /**
             * Cached
             * @default false
             */
            cached?: boolean;
            /** Completion Tokens */
            completion_tokens?: number | null;
            /** Duration Ms */
            duration_ms?: number | null;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /**
             * Exchanges
             * @default []
             */
            exchanges?: components["schemas"]["ModelExchange"][];
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            } | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "llm" | "prompt" | "python" | "tool" | "aggregation";
            /** Logs */
            logs?: string | null;
            /** Node */
            node: string;
            /** Output */
            output?: unknown;
            /** Prompt Tokens */
            prompt_tokens?: number | null;
            /** Saved Completion Tokens */
            saved_completion_tokens?: number | null;
            /** Saved Prompt Tokens */
            saved_prompt_tokens?: number | null;
            /**
             * Status
             * @enum {string}
             */
            status: "pending" | "running" | "completed" | "failed" | "bypassed" | "canceled";
        };
        /**
         * NormalizeStep
         * @description Write texts one way: Unicode `form`, white space (runs become one space, at most one empty line, none at the ends; control characters
         *     go), and lower case where wanted. Without `columns` all texts of a row.
         */
        NormalizeStep: {
            /**
             * Columns
             * @default []
             */
            columns?: string[];
            /**
             * Form
             * @default NFKC
             * @enum {string}
             */
            form?: "NFC" | "NFKC" | "none";
            /**
             * Lowercase
             * @default false
             */
            lowercase?: boolean;
            /**
             * Whitespace
             * @default true
             */
            whitespace?: boolean;
        };
        /**
         * NotebookLink
         * @description An address that opens a notebook once, within two minutes, in one browser. `path`: the notebook's file, below ``notebooks/``.
         */
        NotebookLink: {
            /** Path */
            path?: string | null;
            /** Url */
            url: string;
        };
        /**
         * NotebookOpen
         * @description Open the caller's notebook server.
         *
         *     Attributes:
         *         of: what the notebook begins with: ``flow/<name>``, ``data/<name>/<version>``, ``run/<name>``, ``trace/<id>``,
         *             ``endpoint/<name>`` or ``index/<name>/<version>``. One that is there already is opened as it is. None: the list of notebooks.
         */
        NotebookOpen: {
            /** Of */
            of?: string | null;
        };
        /**
         * NotebookServer
         * @description The caller's notebook server. `install`: the command that installs what it needs; None: that is installed.
         */
        NotebookServer: {
            /** Install */
            install?: string | null;
            /** Running */
            running: boolean;
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
        Page_AccessTags_: {
            /** Items */
            items: components["schemas"]["AccessTags"][];
            /** Next Cursor */
            next_cursor?: string | null;
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
        Page_CollectedData_: {
            /** Items */
            items: components["schemas"]["CollectedData"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_ComparedRow_: {
            /** Items */
            items: components["schemas"]["ComparedRow"][];
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
        Page_Conversation_: {
            /** Items */
            items: components["schemas"]["Conversation"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_DataAsset_: {
            /** Items */
            items: components["schemas"]["DataAsset"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_DataSchedule_: {
            /** Items */
            items: components["schemas"]["DataSchedule"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Datastore_: {
            /** Items */
            items: components["schemas"]["Datastore"][];
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
        Page_EvaluatorSummary_: {
            /** Items */
            items: components["schemas"]["EvaluatorSummary"][];
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
        Page_FlowTool_: {
            /** Items */
            items: components["schemas"]["FlowTool"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_FlowVersion_: {
            /** Items */
            items: components["schemas"]["FlowVersion"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_GatewayStatus_: {
            /** Items */
            items: components["schemas"]["GatewayStatus"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_IndexDocument_: {
            /** Items */
            items: components["schemas"]["IndexDocument"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_IndexMeasurement_: {
            /** Items */
            items: components["schemas"]["IndexMeasurement"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_IndexTuning_: {
            /** Items */
            items: components["schemas"]["IndexTuning"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_IndexUse_: {
            /** Items */
            items: components["schemas"]["IndexUse"][];
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
        Page_LineageEdge_: {
            /** Items */
            items: components["schemas"]["LineageEdge"][];
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
        Page_MeasuredQuestion_: {
            /** Items */
            items: components["schemas"]["MeasuredQuestion"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_ModelComparison_: {
            /** Items */
            items: components["schemas"]["ModelComparison"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_ModelVerification_: {
            /** Items */
            items: components["schemas"]["ModelVerification"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_RedactionRuleFacts_: {
            /** Items */
            items: components["schemas"]["RedactionRuleFacts"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_RegisteredModel_: {
            /** Items */
            items: components["schemas"]["RegisteredModel"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Revision_: {
            /** Items */
            items: components["schemas"]["Revision"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Rollout_: {
            /** Items */
            items: components["schemas"]["Rollout"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Route_: {
            /** Items */
            items: components["schemas"]["Route"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Run_: {
            /** Items */
            items: components["schemas"]["Run"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_RunLog_: {
            /** Items */
            items: components["schemas"]["RunLog"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_SavedQuery_: {
            /** Items */
            items: components["schemas"]["SavedQuery"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Scaling_: {
            /** Items */
            items: components["schemas"]["Scaling"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_Score_: {
            /** Items */
            items: components["schemas"]["Score"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_SqlTable_: {
            /** Items */
            items: components["schemas"]["SqlTable"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Page
         * @description Part of a list. `next_cursor` fetches what follows (``?cursor=``); None means this is the end.
         */
        Page_TelemetryUser_: {
            /** Items */
            items: components["schemas"]["TelemetryUser"][];
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
         * PageStretch
         * @description What of a chunk stands on one page: characters of the document's text from `start` up to, not including, `end`.
         */
        PageStretch: {
            /** End */
            end: number;
            /** Number */
            number: number;
            /** Start */
            start: number;
        };
        /**
         * PreviewedWay
         * @description What one way of cutting makes of the document.
         *
         *     Attributes:
         *         count: of all its chunks.
         *         tokens: of all its chunks together; what overlaps counts as often as it is embedded.
         *         histogram: how many chunks have up to a tenth, two tenths, … of `max_tokens`; ten numbers.
         *         chunks: those that the page has a part of, in order.
         */
        PreviewedWay: {
            /** Chunks */
            chunks: components["schemas"]["IndexChunk"][];
            /** Count */
            count: number;
            /** Histogram */
            histogram: number[];
            /** Tokens */
            tokens: number;
            way: components["schemas"]["ChunkRecipe"];
        };
        /**
         * Probe
         * @description How a replica is asked whether it is alive, in Azure ML's words; times in seconds. One that misses too often is started again.
         */
        Probe: {
            /**
             * Failure Threshold
             * @default 30
             */
            failure_threshold?: number;
            /**
             * Initial Delay
             * @default 10
             */
            initial_delay?: number;
            /**
             * Period
             * @default 10
             */
            period?: number;
            /**
             * Timeout
             * @default 2
             */
            timeout?: number;
        };
        /**
         * Problem
         * @description Problem details (RFC 9457): `code` is stable, `detail` says what is wrong, `remedy` what to do.
         */
        Problem: {
            code: string;
            detail: string;
            extra?: Record<string, never>;
            findings?: components["schemas"]["Problem"][];
            instance?: string;
            location?: components["schemas"]["Location"];
            remedy?: string;
            status: number;
            title: string;
            type: string;
        };
        /**
         * PromptMessage
         * @description A message of a rendered prompt. `content` is its text; what is no text (an image, calls of tools) is in `more`, as it is sent.
         */
        PromptMessage: {
            /** Content */
            content: string;
            /**
             * More
             * @default []
             */
            more?: unknown[];
            /** Name */
            name?: string | null;
            /** Role */
            role: string;
        };
        /**
         * PromptQuery
         * @description Values for the variables of a node's prompt; one that is missing shows as its name in braces. `variant`: the id of the node's variant
         *     whose prompt it is, else that of its default.
         */
        PromptQuery: {
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /** Variant */
            variant?: string | null;
        };
        /**
         * PythonStep
         * @description A function of the transform's code, ``file.py:function``, given `arguments` besides.
         *
         *     `mode` ``row``: a row (dict) in; a row, several in a list, or None (dropped) out. ``rows``: an iterator of rows in, rows out.
         *     ``table``: a pandas DataFrame in and out.
         */
        PythonStep: {
            /** Arguments */
            arguments?: {
                [key: string]: unknown;
            };
            /** Function */
            function: string;
            /**
             * Mode
             * @default row
             * @enum {string}
             */
            mode?: "row" | "rows" | "table";
        };
        /**
         * QuestionGeneration
         * @description Make a question set of a version's documents.
         *
         *     Attributes:
         *         model: the chat model that writes: a local one, or ``<connection>/<model>``.
         *         name: the data asset; ``<index>-questions`` without one.
         *         version: of the index, or a label.
         *         count: how many questions, 1 to 5,000.
         *         kinds: ``short`` (an answer of a few words), ``long`` (of sentences), ``boolean`` (yes or no, as many of each as can be),
         *             ``summary`` (of the passage), ``conversation`` (a question that follows up another).
         *         shares: how many parts each of `kinds` has, in their order, 1 to 1,000; without them equal ones.
         *         same_meaning: a question is refused whose vector by the index's embedding model has this cosine or more with that of one that was
         *             taken, from 0.5 to 1. 0.93 was measured with bge-small-en-v1.5; other models spread their cosines otherwise.
         *         seed: the same seed takes the same passages.
         *         max_tokens: prompt and completion tokens at most, all calls together; what there is by then is the set.
         */
        QuestionGeneration: {
            /**
             * Count
             * @default 50
             */
            count?: number;
            /**
             * Kinds
             * @default [
             *       "short",
             *       "long",
             *       "boolean",
             *       "summary",
             *       "conversation"
             *     ]
             */
            kinds?: ("short" | "long" | "boolean" | "summary" | "conversation")[];
            /**
             * Max Tokens
             * @default 1000000
             */
            max_tokens?: number;
            /** Model */
            model: string;
            /** Name */
            name?: string | null;
            /**
             * Same Meaning
             * @default 0.93
             */
            same_meaning?: number;
            /**
             * Seed
             * @default 1
             */
            seed?: number;
            /**
             * Shares
             * @default []
             */
            shares?: number[];
            /**
             * Version
             * @default latest
             */
            version?: string;
        };
        /**
         * RankedScore
         * @description A place in an order, from 1, and the score that gave it.
         */
        RankedScore: {
            /** Rank */
            rank: number;
            /** Score */
            score: number;
        };
        /**
         * RedactedPart
         * @description What a rule found: characters `start` to before `end` of the text that was given, from 0.
         */
        RedactedPart: {
            /** End */
            end: number;
            /**
             * Rule
             * @enum {string}
             */
            rule: "secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale";
            /** Start */
            start: number;
        };
        /**
         * RedactionPreview
         * @description A text as it would be kept, and what was taken out of it.
         */
        RedactionPreview: {
            /** Found */
            found: components["schemas"]["RedactedPart"][];
            /** Text */
            text: string;
        };
        /**
         * RedactionRuleFacts
         * @description What a rule finds, what stands in the place of what was found, and how well it does.
         *
         *     `precision` is the share of what was found that was right, `recall` the share of what was there that was found, each 0 to 1, measured
         *     on sentences that hold something to find and sentences that do not. They say what the rule is made for, not how it does on your data.
         */
        RedactionRuleFacts: {
            /** Marker */
            marker: string;
            /**
             * Name
             * @enum {string}
             */
            name: "secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale";
            /** Precision */
            precision: number;
            /** Recall */
            recall: number;
            /** Sentences With */
            sentences_with: number;
            /** Sentences Without */
            sentences_without: number;
            /** Title */
            title: string;
        };
        /**
         * RedactionTrial
         * @description A text to try rules on: those given, or without any those of the workspace's policy. Nothing of it is kept.
         */
        RedactionTrial: {
            /** Redact */
            redact?: ("secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale")[] | null;
            /** Text */
            text: string;
        };
        /**
         * RedactStep
         * @description Put markers in the place of personal data and secrets, as telemetry's rules find them. Without `columns`: in all.
         *     Without `rules`: by all.
         */
        RedactStep: {
            /**
             * Columns
             * @default []
             */
            columns?: string[];
            /**
             * Rules
             * @default []
             */
            rules?: ("secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale")[];
        };
        /**
         * RegisteredModel
         * @description One version of a registered model. Its files never change; stage, aliases, tags, description and `archived` do.
         *
         *     Attributes:
         *         reference: what names it in deployments: ``azureml:<name>:<version>``.
         *         model: the catalog's model that it stands for; None for a version with files of its own.
         *         fingerprint: SHA-256 over the names and contents of its files, or over the hashes on the catalog's card.
         *         flavors: of an MLflow model.
         *         runs_code: whether a file of it can run code when it is loaded: it is loaded in replicas only.
         *         origin: what it was made from: an upload, a catalog's card with its revision, or another workspace's version.
         *         versions: how many there are of this name.
         */
        RegisteredModel: {
            /** Aliases */
            aliases: string[];
            /** Archived */
            archived: boolean;
            /** Bytes */
            bytes: number;
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Description */
            description: string | null;
            /** Files */
            files: number;
            /** Fingerprint */
            fingerprint: string;
            /** Flavors */
            flavors: string[];
            /** License */
            license: string;
            /** Model */
            model: string | null;
            /** Name */
            name: string;
            /** Origin */
            origin: {
                [key: string]: unknown;
            };
            /** Reference */
            reference: string;
            /** Runs Code */
            runs_code: boolean;
            /**
             * Stage
             * @enum {string}
             */
            stage: "None" | "Development" | "Staging" | "Production" | "Archived";
            /** Tags */
            tags: {
                [key: string]: string;
            };
            /**
             * Type
             * @enum {string}
             */
            type: "catalog_model" | "mlflow_model" | "custom_model";
            /** Version */
            version: string;
            /** Versions */
            versions: number;
        };
        /**
         * RegisteredModelCreate
         * @description A version to register: of a catalog's model (`model`), or of files that were uploaded (`upload`).
         *
         *     `allow_code` takes files that can run code when they are loaded, as most MLflow models have: replicas load them, nothing else does.
         *     Without `version` the next whole number is taken.
         */
        RegisteredModelCreate: {
            /**
             * Allow Code
             * @default false
             */
            allow_code?: boolean;
            /** Description */
            description?: string | null;
            /** License */
            license?: string | null;
            /** Model */
            model?: string | null;
            /** Name */
            name: string;
            /**
             * Stage
             * @default None
             * @enum {string}
             */
            stage?: "None" | "Development" | "Staging" | "Production" | "Archived";
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Upload */
            upload?: string | null;
            /** Version */
            version?: string | null;
        };
        /**
         * RegisteredModelUpdate
         * @description What to change; None stays. `aliases` are all that the version shall have; one that another version had moves here.
         */
        RegisteredModelUpdate: {
            /** Aliases */
            aliases?: string[] | null;
            /** Description */
            description?: string | null;
            /** Stage */
            stage?: ("None" | "Development" | "Staging" | "Production" | "Archived") | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            } | null;
        };
        /**
         * RenderedPrompt
         * @description A prompt with its values: `messages` for the chat API, else one `text`. `tokens` are estimated, of the prompt alone.
         *
         *     `missing`: variables without a value.
         */
        RenderedPrompt: {
            /**
             * Messages
             * @default []
             */
            messages?: components["schemas"]["PromptMessage"][];
            /**
             * Missing
             * @default []
             */
            missing?: string[];
            /** Text */
            text?: string | null;
            /** Tokens */
            tokens: number;
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
         * RequestSettings
         * @description How requests to a deployment are bounded, in Azure ML's words; what is None is not bounded.
         *
         *     `request_timeout_ms`: until the answer begins, and between two pieces of a streamed one. `max_concurrent_requests_per_instance`: more
         *     wait at the gateway, each `max_queue_wait_ms` (500 where it is None) at most.
         */
        RequestSettings: {
            /** Max Concurrent Requests Per Instance */
            max_concurrent_requests_per_instance?: number | null;
            /** Max Queue Wait Ms */
            max_queue_wait_ms?: number | null;
            /** Request Timeout Ms */
            request_timeout_ms?: number | null;
        };
        /**
         * RetentionDays
         * @description How many days the rows of each signal are kept, by their own time; None: for good.
         */
        RetentionDays: {
            /**
             * Logs
             * @default 30
             */
            logs?: number | null;
            /**
             * Metrics
             * @default 30
             */
            metrics?: number | null;
            /**
             * Scores
             * @default 365
             */
            scores?: number | null;
            /**
             * Spans
             * @default 90
             */
            spans?: number | null;
        };
        /**
         * Revision
         * @description What a deploy brought into service: one of `flow`, `script` (with the `digest` of their snapshot) and `model`.
         *
         *     `serving`: it serves now, or did last.
         */
        Revision: {
            /** Deployed At */
            deployed_at: string;
            /** Deployed By */
            deployed_by: string;
            /** Digest */
            digest?: string | null;
            /** Environment Variables */
            environment_variables?: {
                [key: string]: string;
            };
            /** Flow */
            flow?: string | null;
            /** Init */
            init?: {
                [key: string]: unknown;
            };
            /** Instance Count */
            instance_count: number;
            /** Model */
            model?: string | null;
            /** Revision */
            revision: number;
            /** Script */
            script?: string | null;
            /** Serving */
            serving: boolean;
            settings?: components["schemas"]["DeploymentSettings"];
        };
        /**
         * Rollback
         * @description Bring an earlier revision back; None: the one before what serves.
         */
        Rollback: {
            /** Revision */
            revision?: number | null;
        };
        /**
         * Rollout
         * @description A rollout. `before` is the traffic that a breach goes back to; `detail` says in a sentence how it stands or why it ended.
         */
        Rollout: {
            /** Before */
            before: {
                [key: string]: number;
            };
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Detail */
            detail: string;
            /** Ended At */
            ended_at?: string | null;
            /** Ended By */
            ended_by?: string | null;
            /** Endpoint */
            endpoint: string;
            /** Id */
            id: string;
            spec: components["schemas"]["RolloutStart"];
            /**
             * State
             * @enum {string}
             */
            state: "running" | "paused" | "completed" | "rolled_back" | "aborted" | "stopped";
            /** Step */
            step: number;
            /** Steps */
            steps: components["schemas"]["RolloutStep"][];
            /** Updated At */
            updated_at: string;
        };
        /**
         * RolloutCheck
         * @description What one rule says of a step. `rule`: requests, state, error_rate, p95, p95_ratio or score.
         */
        RolloutCheck: {
            /** Rule */
            rule: string;
            /** Text */
            text: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "pass" | "wait" | "breach";
        };
        /**
         * RolloutStart
         * @description Move traffic to a deployment in steps.
         *
         *     Attributes:
         *         to: the deployment.
         *         steps: per cent of the traffic that it gets, one after the other, rising.
         *         every_s: how long each step lasts at least.
         *         min_requests: requests that it has to have answered in a step before anything is concluded of them; None: 20, and more where
         *             one error in 20 would be over `max_error_rate`.
         *         max_error_rate: share of its answers that may be errors (status 400 and above).
         *         max_p95_ms: 95 % of its answers come within this time.
         *         max_p95_ratio: they come within so many times the time of 95 % of the others'.
         *         evaluator: the name of an evaluator that looks at sampled answers.
         *         min_score: the mean of its scores may not be lower (for measures where less is better: not higher).
         *         sample: how many answers of a step it looks at.
         *         evaluator_init: what the evaluator is made with: a judge's ``model_config``, the ``pattern`` of a regex.
         *         column_mapping: where each input of the evaluator comes from: ``${run.inputs.question}`` of the request, ``${run.outputs.answer}``
         *             of the answer.
         */
        RolloutStart: {
            /** Column Mapping */
            column_mapping?: {
                [key: string]: string;
            };
            /** Evaluator */
            evaluator?: string | null;
            /** Evaluator Init */
            evaluator_init?: {
                [key: string]: unknown;
            };
            /**
             * Every S
             * @default 60
             */
            every_s?: number;
            /**
             * Max Error Rate
             * @default 0.02
             */
            max_error_rate?: number | null;
            /** Max P95 Ms */
            max_p95_ms?: number | null;
            /** Max P95 Ratio */
            max_p95_ratio?: number | null;
            /** Min Requests */
            min_requests?: number | null;
            /** Min Score */
            min_score?: number | null;
            /**
             * Sample
             * @default 20
             */
            sample?: number;
            /**
             * Steps
             * @default [
             *       5,
             *       25,
             *       50,
             *       100
             *     ]
             */
            steps?: number[];
            /** To */
            to: string;
        };
        /**
         * RolloutStep
         * @description A step as it is or was: what the deployment (and `live_…`: the others) did meanwhile, and what that means.
         *
         *     Times are of 95 % of the requests; None where there were none. `score` is the mean over `scored` answers.
         */
        RolloutStep: {
            /**
             * Checks
             * @default []
             */
            checks?: components["schemas"]["RolloutCheck"][];
            /** Ended At */
            ended_at?: string | null;
            /**
             * Errors
             * @default 0
             */
            errors?: number;
            /**
             * Live Errors
             * @default 0
             */
            live_errors?: number;
            /** Live P95 Ms */
            live_p95_ms?: number | null;
            /**
             * Live Requests
             * @default 0
             */
            live_requests?: number;
            /** P95 Ms */
            p95_ms?: number | null;
            /**
             * Requests
             * @default 0
             */
            requests?: number;
            /** Score */
            score?: number | null;
            /**
             * Scored
             * @default 0
             */
            scored?: number;
            /** Share */
            share: number;
            /** Started At */
            started_at?: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "running" | "passed" | "breached" | "left";
        };
        /**
         * Route
         * @description A route of the workspace.
         */
        Route: {
            /** Created At */
            created_at: string;
            /** Name */
            name: string;
            spec: components["schemas"]["RouteSpec"];
            /** Updated At */
            updated_at: string;
        };
        /**
         * RouteBreaker
         * @description After so many failures within `window_s` a model is left alone for `open_s`; then one call tries it.
         */
        RouteBreaker: {
            /**
             * Errors
             * @default 5
             */
            errors?: number;
            /**
             * Open S
             * @default 15
             */
            open_s?: number;
            /**
             * Window S
             * @default 30
             */
            window_s?: number;
        };
        /**
         * RouteCache
         * @description Keeps answers for `ttl_s`, for the key that asked or for all of the workspace.
         *
         *     `sampled` lets answers be kept that are drawn by chance: those of requests that do not say ``temperature: 0``.
         */
        RouteCache: {
            /**
             * Sampled
             * @default false
             */
            sampled?: boolean;
            /**
             * Scope
             * @default key
             * @enum {string}
             */
            scope?: "key" | "workspace";
            /** Ttl S */
            ttl_s: number;
        };
        /**
         * RouteCreate
         * @description Make a route. Clients name it as their model.
         */
        RouteCreate: {
            /** Name */
            name: string;
            spec: components["schemas"]["RouteSpec"];
        };
        /**
         * RouteRetry
         * @description How often each model is tried, and after what.
         *
         *     ``unreached``: the call never reached a model, or the model's server turned it away (429, 503). ``always``: also after timeouts,
         *     other errors of the server (408, 5xx), lost connections and refused keys, as long as nothing of an answer was passed on; a
         *     model may then answer twice. The pause before the second try is `backoff_s`, and doubles.
         */
        RouteRetry: {
            /**
             * Attempts
             * @default 1
             */
            attempts?: number;
            /**
             * Backoff S
             * @default 0.1
             */
            backoff_s?: number;
            /**
             * On
             * @default unreached
             * @enum {string}
             */
            on?: "unreached" | "always";
        };
        /**
         * RouteSample
         * @description Keep the texts of this share of the traces (0 to 1), chosen by their ids; of the others what ``metadata`` keeps.
         */
        RouteSample: {
            /** Sample */
            sample: number;
        };
        /**
         * RouteSpec
         * @description What a route does. `timeout_s` bounds the whole call, from its first try to the end of the answer.
         */
        RouteSpec: {
            breaker?: components["schemas"]["RouteBreaker"];
            cache?: components["schemas"]["RouteCache"] | null;
            /**
             * Fallbacks
             * @default []
             */
            fallbacks?: string[];
            /**
             * Logging
             * @default all
             */
            logging?: ("all" | "metadata" | "none") | components["schemas"]["RouteSample"];
            retry?: components["schemas"]["RouteRetry"];
            /** Targets */
            targets: components["schemas"]["RouteTarget"][];
            /** Timeout S */
            timeout_s?: number | null;
        };
        /**
         * RouteTarget
         * @description A model as a request names it, and its share of the calls against those of the others.
         */
        RouteTarget: {
            /** Model */
            model: string;
            /**
             * Weight
             * @default 1
             */
            weight?: number;
        };
        /**
         * Run
         * @description A run. `metrics` has the values of the only variant; with several, `variant_metrics` has each one's.
         *
         *     `metric_parts` names the metrics that belong to no other, each with those that say more of it.
         *     `error` ended the run; `aggregation_error` is why metrics are missing though its rows are done. Both are problem details.
         *     `warnings` were found when it was made.
         */
        Run: {
            /** Aggregation Error */
            aggregation_error?: {
                [key: string]: unknown;
            } | null;
            /**
             * Archived
             * @default false
             */
            archived?: boolean;
            /** Column Mapping */
            column_mapping?: {
                [key: string]: unknown;
            };
            /**
             * @default {
             *       "completed": 0,
             *       "completion_tokens": 0,
             *       "failed": 0,
             *       "prompt_tokens": 0,
             *       "unpriced_calls": 0
             *     }
             */
            counts?: components["schemas"]["RunCounts"];
            /** Created At */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Data */
            data?: string | null;
            /** Description */
            description?: string | null;
            /** Display Name */
            display_name?: string | null;
            /** Ended At */
            ended_at?: string | null;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /** Flow */
            flow: string;
            /** Job Id */
            job_id?: string | null;
            /** Metric Parts */
            metric_parts?: {
                [key: string]: components["schemas"]["MetricParts"];
            };
            /** Metrics */
            metrics?: {
                [key: string]: unknown;
            };
            /** Name */
            name: string;
            /** Properties */
            properties?: {
                [key: string]: string;
            };
            /** Resume From */
            resume_from?: string | null;
            /** Run */
            run?: string | null;
            /** Snapshot */
            snapshot: string;
            /** Started At */
            started_at?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "canceling" | "completed" | "failed" | "canceled";
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Variant Metrics */
            variant_metrics?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /**
             * Variants
             * @default []
             */
            variants?: string[];
            /**
             * Warnings
             * @default []
             */
            warnings?: string[];
        };
        /**
         * RunComparison
         * @description Runs, or variants of one, side by side. `total` counts the rows that match; the first side is what the others are compared with.
         *
         *     `sentences` say what the whole shows, whichever rows were asked for: on how many rows outputs differ, then each score on each side,
         *     what is certain first.
         */
        RunComparison: {
            /** Lines */
            lines: components["schemas"]["ComparedLine"][];
            /** Metrics */
            metrics: components["schemas"]["ComparedName"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /** Scores */
            scores: components["schemas"]["ComparedName"][];
            /**
             * Sentences
             * @default []
             */
            sentences?: string[];
            /** Sides */
            sides: components["schemas"]["ComparedSide"][];
            /** Total */
            total: number;
        };
        /**
         * RunCounts
         * @description How far a run is. `total` None: not known yet. `seconds_left` and `rows_per_second` only while it runs.
         */
        RunCounts: {
            /**
             * Completed
             * @default 0
             */
            completed?: number;
            /**
             * Completion Tokens
             * @default 0
             */
            completion_tokens?: number;
            cost?: components["schemas"]["Money"] | null;
            /**
             * Failed
             * @default 0
             */
            failed?: number;
            /**
             * Prompt Tokens
             * @default 0
             */
            prompt_tokens?: number;
            /** Rows Per Second */
            rows_per_second?: number | null;
            /** Seconds Left */
            seconds_left?: number | null;
            /** Total */
            total?: number | null;
            /**
             * Unpriced Calls
             * @default 0
             */
            unpriced_calls?: number;
        };
        /**
         * RunCreate
         * @description Run a flow over data.
         *
         *     Attributes:
         *         flow: a flow of the workspace; or the name under which the uploaded `snapshot` (its digest) is shown.
         *         flow_file: the flow's file in the snapshot, where it is not the only flow in it: a ``.prompty``, for instance.
         *         data: an upload (``upload:<digest>``) or an address; with `run`, the outputs of that run are there too (``${run.outputs.x}``).
         *         run: an earlier run; one of the caller's own that goes on is waited for.
         *         column_mapping: flow input to ``${data.column}``, ``${run.outputs.name}``, ``${run.inputs.name}`` or a literal.
         *         variants: ``${node.variant_id}`` or ``all:node``, one or several; several run side by side in this run. Empty: the flow as it is.
         *         connections: node to what is replaced in it: ``connection``, ``deployment_name``, ``model``.
         *         init: arguments of a flex flow's class.
         *         resume_from: a run whose completed rows are taken over.
         *         max_failures: the run stops when more rows than this have failed; None: never.
         *         concurrency: rows at once at most.
         *         line_timeout_s: a row may take so long, seconds.
         *         replay: take every node's result from the cache where it is there.
         */
        RunCreate: {
            /** Column Mapping */
            column_mapping?: {
                [key: string]: unknown;
            };
            /** Concurrency */
            concurrency?: number | null;
            /** Connections */
            connections?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            /** Data */
            data?: string | null;
            /** Description */
            description?: string | null;
            /** Display Name */
            display_name?: string | null;
            /** Environment Variables */
            environment_variables?: {
                [key: string]: string;
            };
            /** Flow */
            flow?: string | null;
            /** Flow File */
            flow_file?: string | null;
            /** Init */
            init?: {
                [key: string]: unknown;
            };
            /** Line Timeout S */
            line_timeout_s?: number | null;
            /** Max Failures */
            max_failures?: number | null;
            /** Name */
            name?: string | null;
            /** Properties */
            properties?: {
                [key: string]: string;
            };
            /**
             * Replay
             * @default false
             */
            replay?: boolean;
            /** Resume From */
            resume_from?: string | null;
            /** Run */
            run?: string | null;
            /** Snapshot */
            snapshot?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /**
             * Variants
             * @default []
             */
            variants?: string[];
        };
        /**
         * RunLine
         * @description One row of a run. `line` counts from 0, in the order of the data; `variant` is empty where the run has none.
         *
         *     `withheld`: it read documents with access tags that the caller does not have, so its inputs, outputs and error are not shown.
         */
        RunLine: {
            /**
             * Completion Tokens
             * @default 0
             */
            completion_tokens?: number;
            /** Cost Micros */
            cost_micros?: number | null;
            /**
             * Duration Ms
             * @default 0
             */
            duration_ms?: number;
            /** Error */
            error?: {
                [key: string]: unknown;
            } | null;
            /** Inputs */
            inputs: {
                [key: string]: unknown;
            };
            /** Line */
            line: number;
            /** Outputs */
            outputs: {
                [key: string]: unknown;
            };
            /**
             * Prompt Tokens
             * @default 0
             */
            prompt_tokens?: number;
            /** Started At */
            started_at?: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "completed" | "failed";
            /** Trace Id */
            trace_id?: string | null;
            /** Variant */
            variant: string;
            /**
             * Withheld
             * @default false
             */
            withheld?: boolean;
        };
        /**
         * RunLineCounts
         * @description A run's rows, counted.
         *
         *     Attributes:
         *         completed, failed: rows that gave outputs, and those that an error ended.
         *         verdicts: over all scores of a row: one that failed fails the row, else one that is unknown makes the row so.
         *         scores: score to the verdicts on it; empty where no evaluator took part.
         */
        RunLineCounts: {
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Scores */
            scores: {
                [key: string]: components["schemas"]["VerdictCounts"];
            };
            verdicts: components["schemas"]["VerdictCounts"];
        };
        /**
         * RunLineDetail
         * @description One row with what each node did.
         */
        RunLineDetail: {
            /** Nodes */
            nodes: components["schemas"]["NodeResult"][];
            row: components["schemas"]["RunLine"];
        };
        /**
         * RunLinePage
         * @description Part of a run's rows. `total` counts all that match; `next_cursor` fetches what follows, None means this is the end.
         *
         *     `withheld` counts the run's rows that are withheld from the caller, whether they match or not.
         */
        RunLinePage: {
            /** Items */
            items: components["schemas"]["RunLine"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /** Total */
            total: number;
            /**
             * Withheld
             * @default 0
             */
            withheld?: number;
        };
        /**
         * RunLog
         * @description One line of a run's log.
         */
        RunLog: {
            /** At */
            at: string;
            /**
             * Level
             * @enum {string}
             */
            level: "info" | "warning" | "error";
            /** Message */
            message: string;
        };
        /**
         * RunMetrics
         * @description What aggregation gave: metric to value for each variant; a run without variants has one with an empty name.
         */
        RunMetrics: {
            /** Variants */
            variants: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
        };
        /**
         * RunsPrune
         * @description Delete runs that ended before `before`, and uploads and snapshots that nothing uses and nobody asked for since.
         *
         *     `before` is a time of RFC 3339, or how long ago: ``30d``; at least an hour. With `dry_run` nothing is deleted.
         */
        RunsPrune: {
            /** Before */
            before: string;
            /**
             * Dry Run
             * @default false
             */
            dry_run?: boolean;
        };
        /**
         * RunsPruned
         * @description What was deleted, or with `dry_run` would be: names of runs, digests of `uploads` and `snapshots`, and their bytes on the disk.
         *
         *     `unreadable_runs` cannot be read, and nobody knows what they need: while there are any of the workspace, nothing is deleted, and while
         *     there are any elsewhere (`held_back`), uploads and snapshots stay.
         */
        RunsPruned: {
            /** Before */
            before: string;
            /**
             * Bytes
             * @default 0
             */
            bytes?: number;
            /** Dry Run */
            dry_run: boolean;
            /**
             * Held Back
             * @default false
             */
            held_back?: boolean;
            /**
             * Runs
             * @default []
             */
            runs?: string[];
            /**
             * Snapshots
             * @default []
             */
            snapshots?: string[];
            /**
             * Unreadable Runs
             * @default []
             */
            unreadable_runs?: string[];
            /**
             * Uploads
             * @default []
             */
            uploads?: string[];
        };
        /**
         * RunUpdate
         * @description New words about a run; what is None stays.
         */
        RunUpdate: {
            /** Description */
            description?: string | null;
            /** Display Name */
            display_name?: string | null;
            /** Tags */
            tags?: {
                [key: string]: string;
            } | null;
        };
        /**
         * SampleChunk
         * @description A chunk, and the first numbers of its vector of `dimensions`, none before it has one; `reused`: it is that of the version before.
         */
        SampleChunk: {
            /** Cut */
            cut: boolean;
            /**
             * Dimensions
             * @default 0
             */
            dimensions?: number;
            /** Document */
            document: string;
            /** Headings */
            headings: string[];
            /** Id */
            id: string;
            /**
             * Reused
             * @default false
             */
            reused?: boolean;
            /** Text */
            text: string;
            /** Tokens */
            tokens: number;
            /**
             * Vector
             * @default []
             */
            vector?: number[];
        };
        /**
         * SampleFile
         * @description A file that was found.
         */
        SampleFile: {
            /** Bytes */
            bytes: number;
            /** Key */
            key: string;
        };
        /**
         * SamplePage
         * @description The beginning of a document, or of one of its pages, in Markdown; `page` counts from 1, None where it has none.
         */
        SamplePage: {
            /** Cut */
            cut: boolean;
            /** Document */
            document: string;
            /** Markdown */
            markdown: string;
            /** Media Type */
            media_type: string;
            /** Page */
            page: number | null;
        };
        /**
         * SampleUnread
         * @description A file that could not be read, and why.
         */
        SampleUnread: {
            /** Key */
            key: string;
            /** Message */
            message: string;
            /** Why */
            why: string;
        };
        /**
         * SavedQuery
         * @description A SELECT that is kept under a name. `owner` saved it; `mine`: that is whoever asks, who alone may change it.
         */
        SavedQuery: {
            /** Mine */
            mine: boolean;
            /** Name */
            name: string;
            /** Owner */
            owner: string;
            /** Query */
            query: string;
            /** Shared */
            shared: boolean;
            /** Updated At */
            updated_at: string;
        };
        /**
         * SavedQueryWrite
         * @description A SELECT to keep under a name. `shared`: everybody in the workspace sees it; otherwise whoever saved it does.
         */
        SavedQueryWrite: {
            /** Query */
            query: string;
            /**
             * Shared
             * @default false
             */
            shared?: boolean;
        };
        /**
         * ScaleSettings
         * @description How many replicas run: ``default``, as many as `instance_count` says, or, in Azure ML's words, ``target_utilization``.
         *
         *     Then as many run, within the bounds, as keep `target_utilization_percentage` of what they may answer at a time busy, looked at every
         *     `polling_interval` seconds. With `target_p95_ms` one more is added while 5 % of the requests take longer. Replicas are taken away
         *     once fewer were enough for `cool_down_s`.
         */
        ScaleSettings: {
            /**
             * Cool Down S
             * @default 60
             */
            cool_down_s?: number;
            /**
             * Max Instances
             * @default 1
             */
            max_instances?: number;
            /**
             * Min Instances
             * @default 1
             */
            min_instances?: number;
            /**
             * Polling Interval
             * @default 1
             */
            polling_interval?: number;
            /** Target P95 Ms */
            target_p95_ms?: number | null;
            /**
             * Target Utilization Percentage
             * @default 70
             */
            target_utilization_percentage?: number;
            /**
             * Type
             * @default default
             * @enum {string}
             */
            type?: "default" | "target_utilization";
        };
        /**
         * Scaling
         * @description A change of the number of replicas. `by` is who changed it, or ``autoscaler``.
         */
        Scaling: {
            /** After */
            after: number;
            /** At */
            at: string;
            /** Before */
            before: number;
            /** By */
            by: string;
            /** Reason */
            reason: string;
        };
        /**
         * Score
         * @description One score that counts. `value` is a number (1 and 0 for thumbs up and down), `label` a word, `comment` the reason.
         */
        Score: {
            /** At */
            at: string;
            /** Author */
            author: string | null;
            /** Comment */
            comment: string | null;
            /** Label */
            label: string | null;
            /** Name */
            name: string;
            /** Score Id */
            score_id: string;
            /**
             * Source
             * @enum {string}
             */
            source: "user" | "api" | "evaluator";
            /** Span Id */
            span_id: string | null;
            /** Trace Id */
            trace_id: string;
            /** Value */
            value: number | null;
        };
        /**
         * ScoreWrite
         * @description Score a trace, or with `span_id` a span of it. At least one of value, label and comment; the same name again replaces yours.
         */
        ScoreWrite: {
            /** Comment */
            comment?: string | null;
            /** Label */
            label?: string | null;
            /**
             * Name
             * @default feedback
             */
            name?: string;
            /** Source */
            source?: ("user" | "api" | "evaluator") | null;
            /** Span Id */
            span_id?: string | null;
            /** Trace Id */
            trace_id: string;
            /** Value */
            value?: number | null;
        };
        /**
         * SegmentFinding
         * @description What is wrong with one file of telemetry. `path` is relative to the folder of segments, of what is ``unreadable`` to that of spools.
         *
         *     ``missing``, ``damaged``: its rows are lost to all answers, of ``.payloads`` the whole of large values; ``rows``: it holds more or fewer
         *     than the manifest says; ``index``: the index of its traces is gone; ``orphaned``: no manifest names the file; ``unreadable``: frames of
         *     a spool that were acknowledged and could not be read, kept as they came.
         */
        SegmentFinding: {
            /** Detail */
            detail: string;
            /** Path */
            path: string;
            /**
             * Trouble
             * @enum {string}
             */
            trouble: "missing" | "damaged" | "rows" | "index" | "orphaned" | "unreadable";
        };
        /**
         * Signature
         * @description A way to call what is called at a place: its text in three parts, of which `current` is the parameter that is given there.
         *
         *     `current` is empty, and all of the text in `before`, where the call gives more than the way takes. `doc`: what the function's
         *     docstring begins with.
         */
        Signature: {
            /**
             * After
             * @default
             */
            after?: string;
            /** Before */
            before: string;
            /**
             * Current
             * @default
             */
            current?: string;
            /** Doc */
            doc?: string | null;
        };
        /**
         * Signatures
         * @description The ways to call what is called at a place, those first that take what is given so far; none outside a call's brackets.
         */
        Signatures: {
            /**
             * Items
             * @default []
             */
            items?: components["schemas"]["Signature"][];
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
         * Snapshot
         * @description An uploaded flow folder, addressed by the SHA-256 of its files.
         */
        Snapshot: {
            /** Bytes */
            bytes: number;
            /** Digest */
            digest: string;
            /** Files */
            files: number;
        };
        /**
         * SourceEntry
         * @description What a flex flow's entry is: a function, a class that is made once, or a name for something that only running the code could tell.
         *
         *     Attributes:
         *         line: where it begins.
         *         doc: its docstring; for a class, that of the class.
         *         parameters: what each call takes; `open`: other inputs, too.
         *         init: what a class is made with; `init_open`: other values, too.
         *         returns: what a call returns, as it is annotated.
         *         calls: it can be called: a function, or a class with ``__call__``.
         *         aggregates: it makes metrics of all lines' results.
         */
        SourceEntry: {
            /**
             * Aggregates
             * @default false
             */
            aggregates?: boolean;
            /**
             * Calls
             * @default true
             */
            calls?: boolean;
            /** Doc */
            doc?: string | null;
            /**
             * Init
             * @default []
             */
            init?: components["schemas"]["SourceParameter"][];
            /**
             * Init Open
             * @default false
             */
            init_open?: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "function" | "class" | "other";
            /** Line */
            line: number;
            /** Name */
            name: string;
            /**
             * Open
             * @default false
             */
            open?: boolean;
            /**
             * Parameters
             * @default []
             */
            parameters?: components["schemas"]["SourceParameter"][];
            /** Returns */
            returns?: string | null;
        };
        /**
         * SourceName
         * @description A name in a text, and the line (from 1) of its first use: a variable that a template needs, a function.
         */
        SourceName: {
            /** Line */
            line: number;
            /** Name */
            name: string;
        };
        /**
         * SourceParameter
         * @description A parameter of a tool: its annotation and default as they are written, None where there is none.
         */
        SourceParameter: {
            /** Default */
            default?: string | null;
            /** Name */
            name: string;
            /** Required */
            required: boolean;
            /** Type */
            type?: string | null;
        };
        /**
         * SourceQuery
         * @description The text of a file, as somebody types it; `path` decides what it is. `entry`: the name that a flex flow's entry has in it.
         */
        SourceQuery: {
            /** Entry */
            entry?: string | null;
            /** Path */
            path: string;
            /** Text */
            text: string;
        };
        /**
         * SourceReport
         * @description What a text says: the `variables` of a template, the `tools` of Python code, and what is wrong with it.
         *
         *     Of the file of a flex flow's entry it says no tools, but the `entry` (None: the file has no such name) and the `definitions` that could
         *     be one: its functions and classes.
         */
        SourceReport: {
            /**
             * Definitions
             * @default []
             */
            definitions?: components["schemas"]["SourceName"][];
            entry?: components["schemas"]["SourceEntry"] | null;
            /**
             * Findings
             * @default []
             */
            findings?: components["schemas"]["Finding"][];
            /**
             * Tools
             * @default []
             */
            tools?: components["schemas"]["SourceTool"][];
            /**
             * Variables
             * @default []
             */
            variables?: components["schemas"]["SourceName"][];
        };
        /**
         * SourceTool
         * @description A function with ``@tool``. `open`: it takes other inputs, too.
         */
        SourceTool: {
            /** Line */
            line: number;
            /** Name */
            name: string;
            /** Open */
            open: boolean;
            /**
             * Parameters
             * @default []
             */
            parameters?: components["schemas"]["SourceParameter"][];
        };
        /**
         * Span
         * @description One span. `cost` None means that the price is not known; 0 means free. Token counts are None where none were told.
         *
         *     `large` names the values that are only beginnings: because they were asked for so, or because the whole is lost.
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
            /**
             * Large
             * @default []
             */
            large?: components["schemas"]["LargeValue"][];
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
         * SqlColumn
         * @description A column of an answer, with DuckDB's name of its type.
         */
        SqlColumn: {
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /**
         * SqlOrigin
         * @description Rows of a database, each of which is a document.
         *
         *     Attributes:
         *         datastore: a datastore that is a database.
         *         query: a statement that gives rows and only reads.
         *         key: the column that names a row and is another for each.
         *         text: the columns that hold the text; several stand below each other, each under its name.
         *         title: the column that holds the title, if any. All other columns become the document's metadata.
         */
        "SqlOrigin-Input": {
            /** Datastore */
            datastore: string;
            /** Key */
            key: string;
            /** Query */
            query: string;
            /** Text */
            text: string[];
            /** Title */
            title?: string | null;
        };
        /**
         * SqlOrigin
         * @description Rows of a database, each of which is a document.
         *
         *     Attributes:
         *         datastore: a datastore that is a database.
         *         query: a statement that gives rows and only reads.
         *         key: the column that names a row and is another for each.
         *         text: the columns that hold the text; several stand below each other, each under its name.
         *         title: the column that holds the title, if any. All other columns become the document's metadata.
         */
        "SqlOrigin-Output": {
            /** Datastore */
            datastore: string;
            /** Key */
            key: string;
            /** Query */
            query: string;
            /** Text */
            text: string[];
            /** Title */
            title?: string | null;
        };
        /**
         * SqlStep
         * @description One SELECT of DuckDB over the table ``data`` (the rows so far) and the transform's inputs, by their names.
         */
        SqlStep: {
            /** Query */
            query: string;
        };
        /**
         * SqlTable
         * @description A table that can be asked.
         */
        SqlTable: {
            /** Columns */
            columns: components["schemas"]["SqlColumn"][];
            /** Meaning */
            meaning: string;
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
         * StoredFile
         * @description A file or folder of a datastore. Of folders nothing more is known; `etag` changes when a file does.
         */
        StoredFile: {
            /** Bytes */
            bytes?: number | null;
            /** Etag */
            etag?: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "file" | "folder";
            /** Modified At */
            modified_at?: string | null;
            /** Path */
            path: string;
        };
        /**
         * StoredFiles
         * @description Some of the files and folders of a folder. With `next` there are more: give it as `after`.
         */
        StoredFiles: {
            /** Items */
            items: components["schemas"]["StoredFile"][];
            /** Next */
            next?: string | null;
        };
        /**
         * StoredTable
         * @description A table or view of a datastore that is a database; `schema` is None where the database has none.
         */
        StoredTable: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "table" | "view";
            /** Name */
            name: string;
            /** Schema */
            schema: string | null;
        };
        /**
         * StoredTables
         * @description Some of the tables and views, by schema and name. With `next` there are more: give it as `after`.
         */
        StoredTables: {
            /** Items */
            items: components["schemas"]["StoredTable"][];
            /** Next */
            next?: string | null;
        };
        /**
         * TableColumn
         * @description A column; `type` is the database's own name of its type, or Arrow's, of a query. `nullable` is None where it is not known.
         */
        TableColumn: {
            /** Name */
            name: string;
            /** Nullable */
            nullable?: boolean | null;
            /** Type */
            type: string;
        };
        /**
         * TableColumns
         * @description The columns of a table or view, in its order.
         */
        TableColumns: {
            /** Columns */
            columns: components["schemas"]["TableColumn"][];
            table: components["schemas"]["StoredTable"];
        };
        /**
         * TableQuery
         * @description A statement that gives rows, such as ``SELECT``, and the most rows (1 to 1,000) to answer with.
         */
        TableQuery: {
            /**
             * Limit
             * @default 100
             */
            limit?: number;
            /** Sql */
            sql: string;
        };
        /**
         * TableRows
         * @description Rows of a query in the order of its columns: numbers, texts, true and false, null; times as RFC 3339, bytes as hexadecimal, exact
         *     decimals and whole numbers from 2^53 as text; of texts the first 10,000 characters. `more`: there are others, not asked for or too many.
         */
        TableRows: {
            /** Columns */
            columns: components["schemas"]["TableColumn"][];
            /** More */
            more: boolean;
            /** Rows */
            rows: unknown[][];
        };
        /**
         * TargetStatus
         * @description A model of a route as one gateway sees it: whether calls go there, and how they ended since the gateway began.
         */
        TargetStatus: {
            /** Answered */
            answered: number;
            /**
             * Breaker
             * @enum {string}
             */
            breaker: "closed" | "open" | "half-open";
            /** Failed */
            failed: number;
            /** Model */
            model: string;
            /** Route */
            route: string;
        };
        /**
         * TelemetryPolicy
         * @description A workspace's policy: the rules by which its telemetry is redacted before it is kept, how long it is kept, and which share of it.
         *
         *     `sampling_ratio` is the share of traces that are kept, 0 to 1. `updated_at` is None until somebody has set it: then these are the
         *     defaults.
         */
        TelemetryPolicy: {
            /** Redact */
            redact: ("secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale")[];
            retention_days: components["schemas"]["RetentionDays"];
            /** Sampling Ratio */
            sampling_ratio: number;
            /** Updated At */
            updated_at: string | null;
        };
        /**
         * TelemetryPolicyWrite
         * @description A whole policy, to be put in the place of the one that is there.
         */
        TelemetryPolicyWrite: {
            /** Redact */
            redact: ("secrets" | "email" | "phone" | "card" | "iban" | "ip_address" | "us_ssn" | "es_nif" | "fr_nir" | "br_cpf" | "it_codice_fiscale")[];
            retention_days: components["schemas"]["RetentionDays"];
            /**
             * Sampling Ratio
             * @default 1
             */
            sampling_ratio?: number;
        };
        /**
         * TelemetryUser
         * @description What one user of the applications caused.
         */
        TelemetryUser: {
            /** Completion Tokens */
            completion_tokens: number;
            /** Cost Micros */
            cost_micros: string | null;
            /** Currency */
            currency: string;
            /** Errors */
            errors: number;
            /** First At */
            first_at: string;
            /** Last At */
            last_at: string;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Sessions */
            sessions: number;
            /** Traces */
            traces: number;
            /** User Id */
            user_id: string;
        };
        /**
         * ToolGenerator
         * @description How a form makes an input: of the inputs `inputs`, which it gets back from a value where it `is_reversible`.
         */
        ToolGenerator: {
            /**
             * Inputs
             * @default []
             */
            inputs?: string[];
            /**
             * Is Reversible
             * @default false
             */
            is_reversible?: boolean;
        };
        /**
         * ToolInput
         * @description An input of a package tool, as its form needs it.
         *
         *     It is shown when the input `enabled_by` has a value, one of `enabled_by_value` where there are any. With `offers_values` the package
         *     has values to choose from, which depend on the inputs `depends_on`; with `allow_manual_entry` others may be written too.
         *     With `generated_by` a form makes the value of others. `hidden`: a form shows it to make another input of it; the flow does not have it.
         */
        ToolInput: {
            /**
             * Allow Manual Entry
             * @default false
             */
            allow_manual_entry?: boolean;
            /** Default */
            default?: unknown;
            /**
             * Depends On
             * @default []
             */
            depends_on?: string[];
            /** Enabled By */
            enabled_by?: string | null;
            /**
             * Enabled By Value
             * @default []
             */
            enabled_by_value?: unknown[];
            /**
             * Enum
             * @default []
             */
            enum?: unknown[];
            generated_by?: components["schemas"]["ToolGenerator"] | null;
            /**
             * Hidden
             * @default false
             */
            hidden?: boolean;
            /**
             * Is Multi Select
             * @default false
             */
            is_multi_select?: boolean;
            /** Name */
            name: string;
            /**
             * Offers Values
             * @default false
             */
            offers_values?: boolean;
            /**
             * Types
             * @default []
             */
            types?: string[];
        };
        /**
         * ToolValue
         * @description A value to choose: how it is shown, what it is, where to read more.
         */
        ToolValue: {
            /** Description */
            description?: string | null;
            /** Display Value */
            display_value?: string | null;
            /** Hyperlink */
            hyperlink?: string | null;
            /** Value */
            value: unknown;
        };
        /**
         * ToolValues
         * @description What a package tool's form offers: the `values` of a ``dynamic_list``, the `result` of the other scenarios.
         */
        ToolValues: {
            /** Result */
            result?: unknown;
            /**
             * Values
             * @default []
             */
            values?: components["schemas"]["ToolValue"][];
        };
        /**
         * ToolValuesQuery
         * @description Ask a package tool what its form offers for `input`.
         *
         *     `scenario`: ``dynamic_list``: the values to choose from; ``generated_by``: the input's value, made of other `inputs`;
         *     ``reverse_generated_by``: those inputs, from the value. `inputs`: the tool's inputs as far as the form has them.
         */
        ToolValuesQuery: {
            /** Input */
            input: string;
            /** Inputs */
            inputs?: {
                [key: string]: unknown;
            };
            /**
             * Scenario
             * @default dynamic_list
             * @enum {string}
             */
            scenario?: "dynamic_list" | "generated_by" | "reverse_generated_by";
            /** Tool */
            tool: string;
        };
        /**
         * TopValue
         * @description A value and how often it is there.
         */
        TopValue: {
            /** Count */
            count: number;
            /** Value */
            value: unknown;
        };
        /**
         * Trace
         * @description A trace in a list: its root span and sums over its model calls.
         *
         *     `complete`: its first span has ended and is here. Until then name, status and duration are those of the earliest that is; a trace
         *     that a caller began who sends no spans never is. `withheld`: it read documents with access tags that the caller does not have, so
         *     that its texts are left out, and times, tokens, cost and status stay.
         */
        Trace: {
            /**
             * Complete
             * @default true
             */
            complete?: boolean;
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
            /**
             * Withheld
             * @default false
             */
            withheld?: boolean;
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
         * TraceFacet
         * @description A field with its most frequent values, the most frequent first. `distinct` is how many there are.
         */
        TraceFacet: {
            /** Distinct */
            distinct: number;
            /** Field */
            field: string;
            /** Values */
            values: components["schemas"]["TraceFacetValue"][];
        };
        /**
         * TraceFacets
         * @description Facets of the traces that a filter finds; fields that none of them has are left out.
         *
         *     `traces` is how many were counted. `counted_from` None: all were; otherwise there are more than are counted, and those count that began
         *     after that moment.
         */
        TraceFacets: {
            /** Counted From */
            counted_from?: string | null;
            /** Facets */
            facets: components["schemas"]["TraceFacet"][];
            /** Traces */
            traces: number;
        };
        /**
         * TraceFacetValue
         * @description A value of a facet, and how many of the traces have it. `q` is the term of a search that holds for just these.
         *
         *     `group`: of a model the provider that answered most of its calls, where one is known.
         */
        TraceFacetValue: {
            /** Group */
            group?: string | null;
            /** Q */
            q: string;
            /** Traces */
            traces: number;
            /** Value */
            value: string;
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
         * TransformCreate
         * @description Make a version of `name` from `source`, a version of a data asset (``azureml:<name>:<version>``), by `steps`, one after the other.
         *
         *     Attributes:
         *         inputs: further assets that SQL reads, by the names that it uses.
         *         code: an upload (``upload:<digest>``) with the files of Python steps, and their ``requirements.txt``.
         *         on_error: ``fail``: a row that cannot be read, or that a step fails at, ends it; ``skip``: it is left out, and counted.
         */
        TransformCreate: {
            /** Code */
            code?: string | null;
            /** Description */
            description?: string | null;
            /** Inputs */
            inputs?: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /**
             * On Error
             * @default fail
             * @enum {string}
             */
            on_error?: "fail" | "skip";
            /** Source */
            source: string;
            /** Steps */
            steps: components["schemas"]["TransformStep"][];
            /** Tags */
            tags?: {
                [key: string]: string;
            };
            /** Version */
            version?: string | null;
        };
        /**
         * TransformedRow
         * @description A row after the steps. `line` is the row (from 1) of the source that it was; None where that is not known.
         */
        TransformedRow: {
            /** Line */
            line: number | null;
            /** Values */
            values: {
                [key: string]: unknown;
            };
        };
        /**
         * TransformPreview
         * @description What steps make of the first rows: those rows (`line` from 1), what became of them, and what was dropped.
         */
        TransformPreview: {
            /** After */
            after: components["schemas"]["TransformedRow"][];
            /** Before */
            before: components["schemas"]["TransformedRow"][];
            /** Columns After */
            columns_after: string[];
            /** Columns Before */
            columns_before: string[];
            /** Dropped */
            dropped: components["schemas"]["DroppedRow"][];
            /** Elapsed Ms */
            elapsed_ms: number;
            /** Steps */
            steps: components["schemas"]["TransformStepResult"][];
        };
        /**
         * TransformPreviewCreate
         * @description Try steps on the first `rows` rows of `source`; nothing is kept. The other fields are those of `TransformCreate`.
         */
        TransformPreviewCreate: {
            /** Code */
            code?: string | null;
            /** Inputs */
            inputs?: {
                [key: string]: string;
            };
            /**
             * On Error
             * @default fail
             * @enum {string}
             */
            on_error?: "fail" | "skip";
            /**
             * Rows
             * @default 50
             */
            rows?: number;
            /** Source */
            source: string;
            /** Steps */
            steps: components["schemas"]["TransformStep"][];
        };
        /**
         * TransformRerunCreate
         * @description Make a version again. `latest`: of the newest versions of what it was made of, not of the same ones.
         */
        TransformRerunCreate: {
            /**
             * Latest
             * @default false
             */
            latest?: boolean;
        };
        /**
         * TransformStep
         * @description One step: exactly one of these.
         */
        TransformStep: {
            deduplicate?: components["schemas"]["DeduplicateStep"] | null;
            filter_language?: components["schemas"]["FilterLanguageStep"] | null;
            filter_length?: components["schemas"]["FilterLengthStep"] | null;
            map_columns?: components["schemas"]["MapColumnsStep"] | null;
            normalize?: components["schemas"]["NormalizeStep"] | null;
            python?: components["schemas"]["PythonStep"] | null;
            redact?: components["schemas"]["RedactStep"] | null;
            sql?: components["schemas"]["SqlStep"] | null;
        };
        /**
         * TransformStepResult
         * @description What a step did: `number` is its place from 1, `kind` what it is, `dropped` rows by the reason, `changed` rows that became others
         *     (None: not known, a statement or function over all rows).
         */
        TransformStepResult: {
            /** Changed */
            changed?: number | null;
            /** Dropped */
            dropped?: {
                [key: string]: number;
            };
            /** Kind */
            kind: string;
            /** Number */
            number: number;
            /** Rows In */
            rows_in: number;
            /** Rows Out */
            rows_out: number;
        };
        /**
         * TuningAdoption
         * @description A flow that answers by a configuration, with the others of the frontier that ask the same index as variants.
         *
         *     `job` builds the version of the index that is cut so; None: there is one. Until it ends, the flow asks the version before; with another
         *     embedding model it is a new index, `index`, and the flow finds nothing until then. `variants` are of its node that looks something up;
         *     `variant` is the default of the other one that has some, ``${node.variant_id}``.
         */
        TuningAdoption: {
            /** Flow */
            flow: string;
            /** Index */
            index: string;
            /** Job */
            job?: string | null;
            /** Trial */
            trial: string;
            /**
             * Variant
             * @default
             */
            variant?: string;
            /** Variants */
            variants: number;
        };
        /**
         * TuningAdoptionCreate
         * @description Make a flow of what a search found: where answers were tried, of the flow that gave them, else of the template about documents.
         *
         *     Attributes:
         *         flow: the flow's name.
         *         trial: the trial whose configuration is its default; None: the recommended one.
         *         variant: the variant that is its default, ``${node.variant_id}``; None: of the answers of that trial the best one.
         */
        TuningAdoptionCreate: {
            /** Flow */
            flow: string;
            /** Trial */
            trial?: string | null;
            /** Variant */
            variant?: string | null;
        };
        /**
         * TuningAnswer
         * @description A configuration and a variant of the flow, and how good its answers are.
         *
         *     Attributes:
         *         trial: the configuration.
         *         variant: ``${node.variant_id}``; empty: the flow as it is.
         *         found: of the questions that were chosen by.
         *         confirmed: of questions that nothing was chosen by.
         *         difference: of `confirmed` to that of the present configuration with the first variant.
         *         recommended: the one that is: of those within one standard error of the best that with the fewest tokens, then the fastest.
         */
        TuningAnswer: {
            confirmed?: components["schemas"]["AnswerFigures"] | null;
            difference?: components["schemas"]["ConfirmedDifference"] | null;
            found: components["schemas"]["AnswerFigures"];
            /**
             * Recommended
             * @default false
             */
            recommended?: boolean;
            /** Trial */
            trial: string;
            /** Variant */
            variant: string;
        };
        /**
         * TuningAnswers
         * @description Answers by the best configurations.
         *
         *     Attributes:
         *         flow: what answered, `lookup` its node that was given what was found.
         *         runs: the runs with every question, answer and trace: of the questions that were chosen by, then of the others.
         *         tried: configurations and variants, the present one with the first variant first.
         *         stopped: why there are fewer than were asked for; None: there are not.
         *         judge: who judged; None: nobody.
         */
        TuningAnswers: {
            /** Flow */
            flow: string;
            judge?: components["schemas"]["TuningJudge"] | null;
            /** Lookup */
            lookup: string;
            /**
             * Measure
             * @enum {string}
             */
            measure: "supported_claims" | "citation_recall" | "f1_score" | "groundedness" | "relevance";
            /**
             * Runs
             * @default []
             */
            runs?: string[];
            /** Stopped */
            stopped?: string | null;
            /**
             * Tried
             * @default []
             */
            tried?: components["schemas"]["TuningAnswer"][];
            /** Variants */
            variants: string[];
        };
        /**
         * TuningAnswersCreate
         * @description Have a flow answer by the best configurations, with variants of its prompt: the flow has one node that looks something up.
         *
         *     That node is given what each configuration found; everything else of the flow runs as it is, as a run of the workspace.
         *
         *     Attributes:
         *         flow: a flow of the workspace.
         *         variants: of one of its nodes, ``${node.variant_id}`` or ``all:node``; empty: the flow as it is.
         *         measure: what is to be high: the share of an answer's claims that the passages support (``supported_claims``) or that the ones
         *             that it cites do (``citation_recall``), 0 for an answer without a claim, such as "I don't know"; or the words that it has in
         *             common with the right answer (``f1_score``), which each question then needs; or what a judge says of it (``groundedness``,
         *             ``relevance``: 1 to 5 as 0 to 1).
         *         output: of the flow, which is the answer; empty: the chat output, ``answer``, or the only one.
         *         max_finalists: configurations that are answered by, the present one among them, 1 to 10.
         *         max_answers: of all configurations, variants and questions together, 10 to 100,000. Each costs a run of the flow.
         *         judge: a model that scores groundedness and relevance of each answer that claims something, as ``/v1`` knows it; empty: none.
         *         max_judge_tokens: of all its calls, two for an answer; 1,000 or more. What it has not judged by then is not.
         */
        TuningAnswersCreate: {
            /** Flow */
            flow: string;
            /**
             * Judge
             * @default
             */
            judge?: string;
            /**
             * Max Answers
             * @default 200
             */
            max_answers?: number;
            /**
             * Max Finalists
             * @default 3
             */
            max_finalists?: number;
            /**
             * Max Judge Tokens
             * @default 1000000
             */
            max_judge_tokens?: number;
            /**
             * Measure
             * @default supported_claims
             * @enum {string}
             */
            measure?: "supported_claims" | "citation_recall" | "f1_score" | "groundedness" | "relevance";
            /**
             * Output
             * @default
             */
            output?: string;
            /**
             * Variants
             * @default []
             */
            variants?: string[];
        };
        /**
         * TuningEffect
         * @description What one choice does, the others being equal: the mean over all pairs of configurations that differ in nothing else.
         *
         *     Attributes:
         *         baseline: the value that `value` is compared with: the present one, where it was tried.
         *         effect: on the measure, of `value` less `baseline`, with its 95 % interval over questions.
         *         matters: the interval is beyond 0; otherwise it may be noise.
         *         latency_ms, context_tokens: the differences of the means.
         *         pairs: of configurations.
         */
        TuningEffect: {
            /** Baseline */
            baseline: string;
            /** Context Tokens */
            context_tokens: number;
            /** Effect */
            effect: number;
            /**
             * Factor
             * @enum {string}
             */
            factor: "chunks" | "embedding_model" | "kind" | "vector_weight" | "top_k" | "rerank" | "prompt";
            /** High */
            high: number | null;
            /** Latency Ms */
            latency_ms: number;
            /** Low */
            low: number | null;
            /** Matters */
            matters: boolean;
            /** Pairs */
            pairs: number;
            /** Value */
            value: string;
        };
        /**
         * TuningIndex
         * @description A way of cutting and embedding that was tried. `reused`: it is the version's own, nothing was built.
         */
        TuningIndex: {
            chunks: components["schemas"]["ChunkRecipe"];
            /** Count */
            count: number;
            /** Embedding Model */
            embedding_model: string;
            /** Reused */
            reused: boolean;
            /** Seconds */
            seconds: number;
            /** Tokens */
            tokens: number;
        };
        /**
         * TuningJudge
         * @description The model that judged answers, and what that took.
         *
         *     Attributes:
         *         calls: two for each answer.
         *         cost: None: no price of the model is known.
         *         left_out: questions that do not count, because of some answer to them there is no score of the measure.
         *         problem: why the first score that cannot be read cannot.
         */
        TuningJudge: {
            /** Calls */
            calls: number;
            /** Completion Tokens */
            completion_tokens: number;
            cost?: components["schemas"]["Money"] | null;
            /**
             * Left Out
             * @default 0
             */
            left_out?: number;
            /** Model */
            model: string;
            /** Problem */
            problem?: string | null;
            /** Prompt Tokens */
            prompt_tokens: number;
        };
        /**
         * TuningRung
         * @description A step of successive halving: so many configurations on so many questions (those of earlier rungs among them), so many went on.
         */
        TuningRung: {
            /** Configurations */
            configurations: number;
            /** Kept */
            kept: number;
            /** Questions */
            questions: number;
        };
        /**
         * TuningSpace
         * @description What is tried: every combination of these. The configuration that the index has now is always one of them.
         *
         *     Attributes:
         *         chunks: ways of cutting. Empty: the present one, one with chunks of half as many tokens, one of up to twice as many, and windows of
         *             one length.
         *         embedding_models: as ``/v1/embeddings`` knows them. Empty: the index's.
         *         kinds: of search.
         *         vector_weights: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.
         *         top_k: how many chunks a model is given: 1, 3, 5 or 10.
         *         rerank: reranking models as ``/v1/rerank`` knows them; None is none.
         */
        TuningSpace: {
            /**
             * Chunks
             * @default []
             */
            chunks?: components["schemas"]["ChunkRecipe"][];
            /**
             * Embedding Models
             * @default []
             */
            embedding_models?: string[];
            /**
             * Kinds
             * @default [
             *       "hybrid",
             *       "vector",
             *       "text"
             *     ]
             */
            kinds?: ("hybrid" | "vector" | "text")[];
            /**
             * Rerank
             * @default [
             *       null
             *     ]
             */
            rerank?: (string | null)[];
            /**
             * Top K
             * @default [
             *       3,
             *       5,
             *       10
             *     ]
             */
            top_k?: number[];
            /**
             * Vector Weights
             * @default [
             *       0.3,
             *       0.5,
             *       0.7
             *     ]
             */
            vector_weights?: number[];
        };
        /**
         * TuningTrial
         * @description What was found of one configuration.
         *
         *     Attributes:
         *         id: ``c1`` is the present configuration.
         *         rungs: how many rungs it took part in.
         *         questions: that the score is of.
         *         score: of the measure, by which configurations were chosen.
         *         confirmed: of other questions, by which nothing was chosen: of the frontier only, where there are enough questions.
         *         difference: of `confirmed` to that of the present configuration.
         *         latency_p50_ms, latency_p95_ms: of a search with reranking, without the embedding of the question.
         *         context_tokens: tokens of the chunks that a model is given, a mean: what an answer costs.
         *         frontier: nothing else that came as far is as good and as fast and as short, and better in one of these.
         */
        TuningTrial: {
            configuration: components["schemas"]["IndexConfiguration"];
            confirmed?: components["schemas"]["MeasuredMean"] | null;
            /** Context Tokens */
            context_tokens: number;
            difference?: components["schemas"]["ConfirmedDifference"] | null;
            /**
             * Frontier
             * @default false
             */
            frontier?: boolean;
            /** Id */
            id: string;
            /** Latency P50 Ms */
            latency_p50_ms: number;
            /** Latency P95 Ms */
            latency_p95_ms: number;
            /** Questions */
            questions: number;
            /** Rungs */
            rungs: number;
            score: components["schemas"]["MeasuredMean"];
        };
        /**
         * UnreadAnswer
         * @description What a judge answered, from which no score could be read: the row has none of it.
         *
         *     Attributes:
         *         line, variant: the row.
         *         score: the score that is missing, an output of the judge.
         *         turn: of a conversation, from 0; None: the row is no conversation of several turns.
         *         reason: why it could not be read: ``no score``, ``several scores``, ``the score 7 is not between 1 and 5``.
         *         answer: what the judge answered, the beginning of it where it is `cut`.
         *         model: the model that answered.
         *         trace_id: of the row.
         */
        UnreadAnswer: {
            /** Answer */
            answer: string;
            /** Cut */
            cut: boolean;
            /** Line */
            line: number;
            /** Model */
            model: string | null;
            /** Reason */
            reason: string;
            /** Score */
            score: string;
            /** Trace Id */
            trace_id: string | null;
            /** Turn */
            turn: number | null;
            /** Variant */
            variant: string;
        };
        /**
         * UnreadAnswerPage
         * @description Part of a run's unread answers. `total` counts all, `rows` the rows that have any, `of` all completed rows.
         */
        UnreadAnswerPage: {
            /** Items */
            items: components["schemas"]["UnreadAnswer"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /** Of */
            of: number;
            /** Rows */
            rows: number;
            /** Total */
            total: number;
        };
        /**
         * Upload
         * @description An upload on its way. It is dropped at `expires_at` unless more comes. A part has at most `part_bytes`.
         */
        Upload: {
            /** Bytes */
            bytes: number;
            /** Expires At */
            expires_at: string;
            /** Files */
            files: components["schemas"]["UploadedFile"][];
            /** Id */
            id: string;
            /** Part Bytes */
            part_bytes: number;
            /** Received */
            received: number;
        };
        /**
         * UploadCreate
         * @description Begin an upload. With a `key` the same files again go on with what came so far, whoever of the workspace begins.
         */
        UploadCreate: {
            /** Files */
            files: components["schemas"]["UploadFileCreate"][];
            /** Key */
            key?: string | null;
        };
        /**
         * UploadedFile
         * @description How much of a file came: the next part begins at `received`.
         */
        UploadedFile: {
            /** Bytes */
            bytes: number;
            /** Path */
            path: string;
            /** Received */
            received: number;
        };
        /**
         * UploadFileCreate
         * @description A file that will come: its path in the upload (of a single file its name), and its bytes.
         */
        UploadFileCreate: {
            /** Bytes */
            bytes: number;
            /** Path */
            path: string;
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
            role: "owner" | "contributor" | "reader" | "invoker" | "monitor";
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
            role?: "owner" | "contributor" | "reader" | "invoker" | "monitor";
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
            role: "owner" | "contributor" | "reader" | "invoker" | "monitor";
        };
        /**
         * VerdictCounts
         * @description How many rows passed, how many did not, and on how many nobody could say, as no score could be read.
         */
        VerdictCounts: {
            /**
             * Failed
             * @default 0
             */
            failed?: number;
            /**
             * Passed
             * @default 0
             */
            passed?: number;
            /**
             * Unknown
             * @default 0
             */
            unknown?: number;
        };
        /**
         * Verification
         * @description A workspace's segments as the manifest names them, and what is wrong with their files; no findings: all is well.
         */
        Verification: {
            /** Bytes */
            bytes: string;
            /** Findings */
            findings: components["schemas"]["SegmentFinding"][];
            /** Rows */
            rows: number;
            /** Segments */
            segments: number;
        };
        /**
         * VerificationCreate
         * @description A model to try: a catalog name, ``<connection>/<model>``, or ``endpoint:<name>``.
         *
         *     `checks` None: all that apply. `max_context` bounds the tokens of the test of the long context, which costs what its prompt costs.
         */
        VerificationCreate: {
            /** Checks */
            checks?: ("chat" | "streaming" | "stop" | "json_schema" | "tools" | "embeddings" | "rerank" | "long_context" | "determinism" | "speed" | "memory")[] | null;
            /**
             * Max Context
             * @default 2048
             */
            max_context?: number;
            /** Model */
            model: string;
        };
        /**
         * VerificationMachine
         * @description The machine that a model was tried on, or from.
         */
        VerificationMachine: {
            /** Cores */
            cores: number;
            /** Cpu */
            cpu: string;
            /** Gpus */
            gpus: string[];
            /** Memory Bytes */
            memory_bytes: number | null;
            /** System */
            system: string;
        };
        /**
         * VerificationPlan
         * @description What a verification would do and cost, told before it begins. `cost` None: the price is not known; `free`: of this machine.
         */
        VerificationPlan: {
            /** Call */
            call: string;
            /** Checks */
            checks: ("chat" | "streaming" | "stop" | "json_schema" | "tools" | "embeddings" | "rerank" | "long_context" | "determinism" | "speed" | "memory")[];
            /** Completion Tokens */
            completion_tokens: number;
            cost?: components["schemas"]["Money"] | null;
            /** Free */
            free: boolean;
            /** Model */
            model: string;
            /**
             * Place
             * @enum {string}
             */
            place: "local" | "connection" | "endpoint";
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Task */
            task: string;
        };
        /**
         * Version
         * @description The version of the program that answers.
         */
        Version: {
            /** Version */
            version: string;
        };
        /**
         * WebOrigin
         * @description Pages and documents of one web server, found by following links.
         *
         *     Attributes:
         *         url: where to begin. Only what is on the same server in the same folder (``https://host/docs/``) or below is read.
         *         depth: how many links away from there the last page may be: 0 is this page alone. A sitemap's addresses are one link away.
         *         pages: the most pages and documents.
         */
        "WebOrigin-Input": {
            /**
             * Depth
             * @default 3
             */
            depth?: number;
            /**
             * Pages
             * @default 500
             */
            pages?: number;
            /** Url */
            url: string;
        };
        /**
         * WebOrigin
         * @description Pages and documents of one web server, found by following links.
         *
         *     Attributes:
         *         url: where to begin. Only what is on the same server in the same folder (``https://host/docs/``) or below is read.
         *         depth: how many links away from there the last page may be: 0 is this page alone. A sitemap's addresses are one link away.
         *         pages: the most pages and documents.
         */
        "WebOrigin-Output": {
            /**
             * Depth
             * @default 3
             */
            depth?: number;
            /**
             * Pages
             * @default 500
             */
            pages?: number;
            /** Url */
            url: string;
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
            role: "owner" | "contributor" | "reader" | "invoker" | "monitor";
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
        /**
         * WorkspaceLimits
         * @description The limits of a workspace as a whole, what was used of them, and the same of each key that has limits of its own.
         */
        WorkspaceLimits: {
            /**
             * Keys
             * @default []
             */
            keys?: components["schemas"]["KeyLimits"][];
            limits: components["schemas"]["Limits"];
            used: components["schemas"]["LimitUse"];
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
    sign_in_get_me: {
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_sign_in: {
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_sign_out: {
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspaces_list: {
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspaces_create: {
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_AccessTags_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_list: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_replace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connections_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_list: {
        parameters: {
            query?: {
                /** @description Those that are archived. */
                archived?: boolean;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_DataAsset_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataAssetCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAsset"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_list_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_DataAsset_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataAsset"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_read_content: {
        parameters: {
            query?: {
                /** @description A file of it; of a version that is one file it may be empty. */
                path?: string;
            };
            header?: {
                /** @description bytes=FIRST-LAST */
                range?: string | null;
            };
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_download: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                content?: never;
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_preview: {
        parameters: {
            query?: {
                /** @description How many columns are passed over; some hundreds are shown at once. */
                column_offset?: number;
                /** @description How many rows. */
                limit?: number;
                /** @description How many rows are passed over. */
                offset?: number;
            };
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transforms_rerun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransformRerunCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_get_statistics: {
        parameters: {
            query?: {
                /** @description How many columns are passed over; some hundreds are shown at once. */
                column_offset?: number;
                /** @description Over so many rows, the first ones; 0: over all. */
                sample?: number;
            };
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataStatistics"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_create_from_traces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataFromTraces"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAsset"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_preview_from_traces: {
        parameters: {
            query?: {
                /** @description How many rows at most. */
                rows?: number;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataFromTraces"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataFromTracesPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_create_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataImportCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_preview_address: {
        parameters: {
            query: {
                /** @description How many columns are passed over; some hundreds are shown at once. */
                column_offset?: number;
                /** @description How many rows. */
                limit?: number;
                /** @description How many rows are passed over. */
                offset?: number;
                /** @description azureml://datastores/NAME/paths/PATH */
                uri: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedules_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_DataSchedule_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedules_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataScheduleCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataSchedule"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedules_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedules_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataSchedule"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedules_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataSchedule"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_create_split: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataSplitCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    data_get_address_statistics: {
        parameters: {
            query: {
                /** @description How many columns are passed over; some hundreds are shown at once. */
                column_offset?: number;
                /** @description Over so many rows, the first ones; 0: over all. */
                sample?: number;
                /** @description azureml://datastores/NAME/paths/PATH */
                uri: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataStatistics"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transforms_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransformCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transforms_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransformPreviewCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TransformPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Datastore_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatastoreWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Datastore"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Datastore"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_replace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatastoreWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Datastore"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_list_columns: {
        parameters: {
            query: {
                /** @description Its schema; without it, the database's default one. */
                schema?: string | null;
                /** @description A table or view. */
                table: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["TableColumns"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_read_file: {
        parameters: {
            query: {
                /** @description A path in the datastore; empty: its root. */
                path: string;
            };
            header?: {
                /** @description bytes=FIRST-LAST */
                range?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_write_file: {
        parameters: {
            query: {
                /** @description A path in the datastore; empty: its root. */
                path: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredFile"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_list_files: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string | null;
                limit?: number;
                /** @description A path in the datastore; empty: its root. */
                path?: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["StoredFiles"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_get_file_info: {
        parameters: {
            query?: {
                /** @description A path in the datastore; empty: its root. */
                path?: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["StoredFile"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_query_tables: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TableQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TableRows"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_list_rows: {
        parameters: {
            query: {
                limit?: number;
                /** @description Its schema; without it, the database's default one. */
                schema?: string | null;
                /** @description A table or view. */
                table: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["TableRows"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_list_tables: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["StoredTables"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_test: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DatastoreTest"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    datastores_try: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DatastoreWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatastoreTest"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deployment_checks_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentCheckCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentChecks"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointUpdate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_get_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_set_endpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessTagsUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_list_collected_data: {
        parameters: {
            query?: {
                deployment?: string | null;
                /** @description RFC 3339, or 2h, 7d ago. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago. */
                until?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_CollectedData_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_keep_collected_data: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CollectedAsset"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAsset"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_export_collected_data: {
        parameters: {
            query?: {
                /** @description Several are joined by their requests. */
                collection?: string[] | null;
                deployment?: string | null;
                /** @description Rows as objects, or records as Azure ML writes them. */
                form?: "rows" | "events";
                /** @description JSON lines or Parquet. */
                format?: "jsonl" | "parquet";
                /** @description How many records at most, the earliest first. */
                limit?: number;
                /** @description RFC 3339, or 2h, 7d ago. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago. */
                until?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": unknown;
                    "application/vnd.apache.parquet": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_get_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["EndpointCredentials"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_deploy: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_delete_deployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_build_context: {
        parameters: {
            query?: {
                /** @description cuda: the image asks for an NVIDIA card. */
                base?: "cpu" | "cuda";
                /** @description What to build on, with Python and pip. */
                image?: string | null;
                /** @description What the image is called in the Kubernetes manifest. */
                tag?: string | null;
            };
            header?: never;
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
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
                content?: never;
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_list_revisions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Revision_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_roll_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rollback"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_scale_deployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeploymentScale"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_list_scalings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                deployment: string;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Scaling_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_plan_deployment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeploymentSource"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_get_logs: {
        parameters: {
            query?: {
                deployment?: string | null;
                /** @description Its name, or the end of it such as 3-0. */
                replica?: string | null;
                /** @description Lines of each replica. */
                tail?: number;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_get_metrics: {
        parameters: {
            query?: {
                /** @description By what; may be given several times. Without: by deployment. */
                by?: ("none" | "deployment" | "status" | "error")[] | null;
                /** @description The length of a bucket; none: no series. */
                grain?: "none" | "auto" | "minute" | "5m" | "15m" | "hour" | "6h" | "day" | "week";
                /** @description RFC 3339, or 2h, 7d ago; without it 24 hours before until. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; without it now. */
                until?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["EndpointMetrics"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_regenerate_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRegenerate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointKeyCreated"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollouts_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Rollout_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollouts_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RolloutStart"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollouts_abort: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollouts_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollouts_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_create_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["EndpointToken"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endpoints_set_traffic: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluators_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_EvaluatorSummary_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluators_create_flow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                evaluator: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EvaluatorFlowCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_clone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowName"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_editing_complete_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodePlace"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completions"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_stream_flow_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
                    "text/event-stream": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_editing_explain_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodePlace"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_list_flow_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_read_flow_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                path: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_write_flow_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to replace, or *. */
                "if-match"?: string | null;
                /** @description * when the file must not be there yet. */
                "if-none-match"?: string | null;
            };
            path: {
                flow: string;
                path: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_delete_flow_file: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version to replace, or *. */
                "if-match"?: string | null;
            };
            path: {
                flow: string;
                path: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_get_flow_graph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_history_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_FlowVersion_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_history_diff: {
        parameters: {
            query?: {
                /** @description previous: the one before; current: what is there now; or a version's id. */
                against?: string;
            };
            header?: never;
            path: {
                flow: string;
                /** @description A version's id, or current: what is there now. */
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["FlowDiff"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_history_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description A version's id, or current: what is there now. */
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowVersionName"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowVersion"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_history_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description A version's id, or current: what is there now. */
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["FlowVersion"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_editing_render_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                node: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RenderedPrompt"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_rename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowName"];
            };
        };
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_editing_show_signatures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodePlace"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signatures"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flow_editing_read_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceReport"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_run_flow_test: {
        parameters: {
            query?: never;
            header?: {
                accept?: string;
                traceparent?: string | null;
            };
            path: {
                flow: string;
                /** @description The workspace's name. */
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
            /** @description A FlowTestEvent for each thing that happens; with Accept: application/json only the last one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FlowTestEvent"];
                    "text/event-stream": components["schemas"]["FlowTestEvent"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_list_flow_tools: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_FlowTool_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_get_tool_values: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                flow: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToolValuesQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolValues"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_import: {
        parameters: {
            query: {
                /** @description The new flow's name. */
                name: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_list_flow_templates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_list_routes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Route_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_create_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_get_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_replace_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteSpec"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_delete_route: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    gateway_list_gateways: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_GatewayStatus_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_uses_list: {
        parameters: {
            query?: {
                /** @description Only those of this endpoint. */
                endpoint?: string | null;
                /** @description Only those of this index. */
                index?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_IndexUse_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Index"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_build_index: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IndexBuild"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_get_index: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Index"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_delete_index: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_get_index_build: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: string;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexBuildSamples"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_diff_index: {
        parameters: {
            query: {
                after: string;
                before: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexDiff"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_label_index: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                label: string;
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IndexLabel"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexVersion"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_IndexMeasurement_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IndexMeasurementCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                measurement: string;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexMeasurement"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_list_measured_questions: {
        parameters: {
            query?: {
                /** @description What `next_cursor` said. */
                cursor?: number;
                limit?: number;
            };
            header?: never;
            path: {
                measurement: string;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_MeasuredQuestion_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_compare: {
        parameters: {
            query: {
                after: string;
                before: string;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["MeasuredDifference"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_measurements_generate_questions: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QuestionGeneration"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_search_index: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IndexQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IndexAnswer"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_tunings_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_IndexTuning_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_tunings_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IndexTuningCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_tunings_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                tuning: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexTuning"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    index_tunings_adopt: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                tuning: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TuningAdoptionCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TuningAdoption"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list_index_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexVersion"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list_index_chunks: {
        parameters: {
            query: {
                /** @description The document's key. */
                document: string;
            };
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["IndexChunk"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list_index_documents: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                /** @description Only documents that could not be read, or only others. */
                unread?: boolean | null;
            };
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_IndexDocument_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list_missing_documents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NamedDocuments"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MissingDocument"][];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_preview_chunks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChunkPreviewCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChunkPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    indexes_list_previewable_documents: {
        parameters: {
            query: {
                /** @description A data asset. */
                data: string;
                /** @description What their paths have in them. */
                like?: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": string[];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_list: {
        parameters: {
            query?: {
                cursor?: string | null;
                kind?: string | null;
                limit?: number;
                status?: ("queued" | "running" | "canceling" | "completed" | "failed" | "canceled") | null;
                /** @description What it works on: <kind>/<name>. */
                target?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_stream_job_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description Begin after this event. */
                "last-event-id"?: number | null;
            };
            path: {
                job_id: string;
                /** @description The workspace's name. */
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
                    "text/event-stream": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jobs_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keys_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_get_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_set_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessTagsUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["WorkspaceLimits"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    limits_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Limits"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceLimits"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lineage_get: {
        parameters: {
            query: {
                /** @description Steps away at most; all without it. */
                depth?: number | null;
                direction?: "up" | "down" | "both";
                /** @description Nodes at most. */
                limit?: number;
                /** @description azureml:<name>:<version>, or <kind>/<name>[/<version>], for instance run/nightly. */
                of: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["LineageGraph"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lineage_list_edges: {
        parameters: {
            query: {
                cursor?: string | null;
                direction?: "up" | "down";
                limit?: number;
                /** @description azureml:<name>:<version>, or <kind>/<name>[/<version>], for instance run/nightly. */
                of: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_LineageEdge_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_export: {
        parameters: {
            query: {
                /** @description CSV or Parquet. */
                format: "csv" | "parquet";
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogQuery"];
            };
        };
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_query: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogQuery"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogAnswer"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_list_saved: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_SavedQuery_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SavedQueryWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedQuery"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_delete_saved: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logs_list_tables: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_SqlTable_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_list: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_ModelComparison_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelComparisonCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["ModelComparison"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                comparison: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_list_rows: {
        parameters: {
            query?: {
                /** @description What `next_cursor` said. */
                cursor?: number;
                limit?: number;
            };
            header?: never;
            path: {
                comparison: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_ComparedRow_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_comparisons_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelComparisonCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelComparisonPlan"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_create_model_import: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelImportCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_verifications_list: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Only of this model. */
                model?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_ModelVerification_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_verifications_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerificationCreate"];
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_verifications_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verification: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["ModelVerification"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_verifications_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verification: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    model_verifications_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerificationCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationPlan"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_list: {
        parameters: {
            query?: {
                /** @description local, hub, connection. */
                access?: string[] | null;
                collection?: string[] | null;
                fine_tunable?: string[] | null;
                language?: string[] | null;
                /** @description Its class: permissive, conditional, non-commercial, proprietary, unknown. */
                license?: string[] | null;
                /** @description An SPDX identifier, or the license's own name. */
                license_name?: string[] | null;
                lifecycle?: string[] | null;
                modality?: string[] | null;
                publisher?: string[] | null;
                /** @description Words that are all in the card. */
                q?: string | null;
                /** @description Whether this machine has the memory: yes, no, unknown. */
                runs_here?: string[] | null;
                /** @description up-to-1b, 1b-4b, 4b-15b, 15b-40b, over-40b, unknown. */
                size?: string[] | null;
                state?: string[] | null;
                /** @description chat-completion (or chat), completion, embeddings, rerank. */
                task?: string[] | null;
                tool_use?: string[] | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["ModelPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_get_fit: {
        parameters: {
            query?: {
                /** @description The format of cached keys and values. */
                cache_type?: ("f16" | "q8_0" | "q4_0") | null;
                /** @description Requests at once; for encoders texts. */
                concurrency?: number | null;
                /** @description Tokens of one request, prompt and answer together. */
                context?: number | null;
                /** @description bf16, q8_0, q4_0: where the files are not chosen. */
                quantization?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["ModelFit"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_pull: {
        parameters: {
            query?: {
                /** @description It keeps a token for the hub, for gated models. */
                connection?: string | null;
            };
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notebooks_open: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotebookOpen"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotebookLink"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notebooks_get_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["NotebookServer"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notebooks_stop_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overview_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_list_registered: {
        parameters: {
            query?: {
                archived?: boolean;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_RegisteredModel_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_register: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisteredModelCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredModel"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_archive_registered: {
        parameters: {
            query?: {
                /** @description Of this version only; else of all. */
                version?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_restore_registered: {
        parameters: {
            query?: {
                /** @description Of this version only; else of all. */
                version?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_list_model_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_RegisteredModel_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_get_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RegisteredModel"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_update_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisteredModelUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredModel"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_promote_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelPromotionCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredModel"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_get_license_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["LicenseRules"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    models_set_license_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LicenseRules"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LicenseRules"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list: {
        parameters: {
            query?: {
                /** @description Whether archived runs are shown. */
                archived?: "no" | "only" | "also";
                cursor?: string | null;
                flow?: string | null;
                limit?: number;
                status?: ("queued" | "running" | "canceling" | "completed" | "failed" | "canceled") | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Run_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_export: {
        parameters: {
            query?: {
                format?: "jsonl" | "csv" | "parquet";
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": unknown;
                    "application/vnd.apache.parquet": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_count_run_lines: {
        parameters: {
            query?: {
                /** @description Only rows in which this occurs, whatever its case. */
                text?: string | null;
                variant?: string | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RunLineCounts"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list_run_lines: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
                /** @description The score whose verdict counts; the worst of all scores if not said. */
                score?: string | null;
                /** @description line, status, duration, cost, outputs.<name>, …; -… descends */
                sort?: string;
                status?: ("completed" | "failed") | null;
                /** @description Only rows in which this occurs, whatever its case. */
                text?: string | null;
                variant?: string | null;
                /** @description Only rows that an evaluator let pass, or not, or could not judge. */
                verdict?: ("pass" | "fail" | "unknown") | null;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RunLinePage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_get_run_line: {
        parameters: {
            query?: {
                /** @description Of a run with variants: which one. */
                variant?: string;
            };
            header?: never;
            path: {
                /** @description Rows count from 0. */
                line: number;
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RunLineDetail"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list_run_logs: {
        parameters: {
            query?: {
                /** @description Lines at most. */
                tail?: number;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_RunLog_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_get_run_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RunMetrics"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Send the same key again to get the first answer again. */
                "idempotency-key"?: string | null;
            };
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_list_run_unread_answers: {
        parameters: {
            query?: {
                cursor?: string | null;
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["UnreadAnswerPage"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_compare: {
        parameters: {
            query: {
                /** @description Only rows whose outputs or status differ. */
                changed?: boolean;
                cursor?: string | null;
                /** @description The difference of a score that matters, in its unit; 2 % of its range if not said. */
                least_difference?: number | null;
                limit?: number;
                /** @description The runs' names, with commas between them. */
                runs: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["RunComparison"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_create_run_data: {
        parameters: {
            query?: {
                /** @description The file's name, where the body is one file and no archive. */
                name?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
                "application/zip": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataUpload"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_prune: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunsPrune"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunsPruned"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    scores_list: {
        parameters: {
            query: {
                trace_id: string;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Score_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    scores_give: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScoreWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Score"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    scores_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                score_id: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    flows_create_snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_get_figures: {
        parameters: {
            query?: {
                /** @description With the rows of the period of the same length before. */
                compare?: boolean;
                /** @description With the rows of the period from then: RFC 3339, or 30d ago. */
                compare_from?: string | null;
                /** @description Its end; without it as long as the period asked for. */
                compare_to?: string | null;
                /** @description The length of a bucket; none: no series. */
                grain?: "none" | "auto" | "minute" | "5m" | "15m" | "hour" | "6h" | "day" | "week";
                /** @description At most three, also score.NAME; may be given several times. */
                group_by?: (("model" | "provider" | "kind" | "name" | "flow" | "node" | "endpoint" | "deployment" | "status" | "run" | "session" | "user" | "key" | "service" | "error") | string)[] | null;
                /** @description How many groups at most, those with the most of the first measure; of each period compared. */
                limit?: number;
                /** @description May be given several times; groups are ordered by the first. */
                measure?: ("count" | "errors" | "error_rate" | "duration_avg" | "duration_p50" | "duration_p90" | "duration_p95" | "duration_p99" | "duration_max" | "first_token_p50" | "first_token_p95" | "prompt_tokens" | "completion_tokens" | "tokens" | "cost" | "unpriced" | "sessions" | "users" | "traces")[] | null;
                /** @description What is counted: calls of models, requests (first spans), or all spans. */
                of?: "calls" | "requests" | "spans";
                /** @description A search, about each span itself. */
                q?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; without it 24 hours before until. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; without it now. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Figures"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_get_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["TelemetryPolicy"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_set_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TelemetryPolicyWrite"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TelemetryPolicy"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_preview_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RedactionTrial"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedactionPreview"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_list_redaction_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_RedactionRuleFacts_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_list_sessions: {
        parameters: {
            query?: {
                limit?: number;
                /** @description RFC 3339, or 2h, 7d ago; without it 24 hours before until. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; without it now. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_Conversation_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_list_users: {
        parameters: {
            query?: {
                limit?: number;
                /** @description RFC 3339, or 2h, 7d ago; without it 24 hours before until. */
                since?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; without it now. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Page_TelemetryUser_"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    telemetry_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traces_list: {
        parameters: {
            query?: {
                cursor?: string | null;
                endpoint?: string[] | null;
                flow?: string[] | null;
                /** @description Kind of the root span; any of these. */
                kind?: ("flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal")[] | null;
                limit?: number;
                model?: string[] | null;
                /** @description By what, and which way; with others than started:desc give a period. */
                order?: "started:desc" | "started:asc" | "duration:desc" | "duration:asc" | "cost:desc" | "cost:asc" | "tokens:desc" | "tokens:asc";
                /** @description A search: status:error model:NAME duration>2s words. */
                q?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began then or later. */
                since?: string | null;
                /** @description Status of the root span; any of these. */
                status?: ("unset" | "ok" | "error")[] | null;
                /** @description In names, prompts and answers. */
                text?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began before. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traces_get: {
        parameters: {
            query?: {
                /** @description Of values of more than 32 KiB the whole, or the beginnings. */
                values?: "whole" | "beginnings";
            };
            header?: never;
            path: {
                trace_id: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traces_get_span_value: {
        parameters: {
            query: {
                /** @description Of the span's event at this place, from 0. */
                event?: number | null;
                /** @description The attribute. */
                name: string;
            };
            header?: never;
            path: {
                span_id: string;
                trace_id: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The value */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/plain": string;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traces_export: {
        parameters: {
            query?: {
                endpoint?: string[] | null;
                flow?: string[] | null;
                /** @description JSON lines, a trace a line, or Parquet, a row a span. */
                format?: "jsonl" | "parquet";
                /** @description Kind of the root span; any of these. */
                kind?: ("flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal")[] | null;
                /** @description How many at most, the newest first; without it all. */
                limit?: number | null;
                model?: string[] | null;
                /** @description A search: status:error model:NAME duration>2s words. */
                q?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began then or later. */
                since?: string | null;
                /** @description Status of the root span; any of these. */
                status?: ("unset" | "ok" | "error")[] | null;
                /** @description In names, prompts and answers. */
                text?: string | null;
                /** @description These traces, whatever else is given. */
                trace_id?: string[] | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began before. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": unknown;
                    "application/vnd.apache.parquet": unknown;
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traces_list_facets: {
        parameters: {
            query?: {
                endpoint?: string[] | null;
                /** @description A field of searches, score, score.NAME or attr.NAME; several may be given. */
                facet?: string[] | null;
                /** @description Only values that contain this, whatever its case. */
                find?: string;
                flow?: string[] | null;
                /** @description Kind of the root span; any of these. */
                kind?: ("flow" | "node" | "llm" | "embedding" | "retrieval" | "tool" | "http" | "function" | "internal")[] | null;
                /** @description How many values of each facet, the most frequent first. */
                limit?: number;
                model?: string[] | null;
                /** @description A search: status:error model:NAME duration>2s words. */
                q?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began then or later. */
                since?: string | null;
                /** @description Status of the root span; any of these. */
                status?: ("unset" | "ok" | "error")[] | null;
                /** @description In names, prompts and answers. */
                text?: string | null;
                /** @description RFC 3339, or 2h, 7d ago; traces that began before. */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["TraceFacets"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_begin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UploadCreate"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_abort: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_complete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["DataUpload"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploads_write_part: {
        parameters: {
            query: {
                /** @description Where the part begins: what the file has `received` so far. */
                offset: number;
                /** @description The file. */
                path: string;
            };
            header?: never;
            path: {
                upload: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    access_tags_set_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessTagsUpdate"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTags"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users_make_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description The workspace's name. */
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
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_check: {
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
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health_get_version: {
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
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description Problem details */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
