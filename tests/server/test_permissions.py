"""Rights: every route with every role. A route that is not in the table fails: decide who may use it, then write it down here."""

from itertools import pairwise
from typing import Any, get_args

import pytest

from flowyard.identity.permissions import PERMISSIONS, ROLES, allowed, covers
from flowyard.wire.identity import Role
from support.api_operations import OPERATIONS, filled

ROLE_NAMES: tuple[Role, ...] = get_args(Role)
RANK = ("invoker", "reader", "contributor", "owner")

NOBODY_ASKED = {"health_check", "health_get_version", "sign_in_sign_in"}
ANYBODY_SIGNED_IN = {"sign_in_sign_out", "sign_in_get_me", "workspaces_list", "workspaces_create"}
READERS = {"reader", "contributor", "owner"}
CONTRIBUTORS = {"contributor", "owner"}
OWNERS = {"owner"}
#: What keys of runs, sessions and deployments may do besides what their role may.
FILES = {"datastores_read_file", "datastores_get_file_info", "datastores_list_files"}

WHO_MAY: dict[str, set[str]] = {
    "audit_list": READERS,
    "connections_create": CONTRIBUTORS,
    "connections_delete": CONTRIBUTORS,
    "connections_get": READERS,
    "connections_list": READERS,
    "connections_replace": CONTRIBUTORS,
    "connections_test": CONTRIBUTORS,
    "data_archive": CONTRIBUTORS,
    "data_create": CONTRIBUTORS,
    "data_create_from_traces": CONTRIBUTORS,
    "data_preview_from_traces": CONTRIBUTORS,
    "data_create_import": CONTRIBUTORS,
    "data_create_split": CONTRIBUTORS,
    "data_download": READERS,
    "data_get": READERS,
    "data_get_address_statistics": READERS,
    "data_get_statistics": READERS,
    "data_list": READERS,
    "data_list_versions": READERS,
    "data_preview": READERS,
    "data_preview_address": READERS,
    "data_read_content": READERS,
    "data_restore": CONTRIBUTORS,
    "datastores_create": CONTRIBUTORS,
    "datastores_delete": CONTRIBUTORS,
    "datastores_get": READERS,
    "datastores_get_file_info": READERS,
    "datastores_list": READERS,
    "datastores_list_columns": READERS,
    "datastores_list_files": READERS,
    "datastores_list_rows": READERS,
    "datastores_list_tables": READERS,
    "datastores_query_tables": CONTRIBUTORS,
    "datastores_read_file": READERS,
    "datastores_replace": CONTRIBUTORS,
    "datastores_test": CONTRIBUTORS,
    "datastores_try": CONTRIBUTORS,
    "datastores_write_file": CONTRIBUTORS,
    "deployment_checks_create": CONTRIBUTORS,
    "endpoints_build_context": CONTRIBUTORS,
    "endpoints_create": CONTRIBUTORS,
    "endpoints_create_token": {"invoker", "contributor", "owner"},
    "endpoints_delete": CONTRIBUTORS,
    "endpoints_delete_deployment": CONTRIBUTORS,
    "endpoints_deploy": CONTRIBUTORS,
    "endpoints_export_collected_data": READERS,
    "endpoints_get": READERS,
    "endpoints_get_credentials": READERS,
    "endpoints_get_logs": READERS,
    "endpoints_get_metrics": READERS,
    "endpoints_keep_collected_data": CONTRIBUTORS,
    "endpoints_list": READERS,
    "endpoints_list_collected_data": READERS,
    "endpoints_list_revisions": READERS,
    "endpoints_list_scalings": READERS,
    "endpoints_plan_deployment": CONTRIBUTORS,
    "endpoints_regenerate_key": CONTRIBUTORS,
    "endpoints_roll_back": CONTRIBUTORS,
    "endpoints_scale_deployment": CONTRIBUTORS,
    "endpoints_set_traffic": CONTRIBUTORS,
    "endpoints_update": CONTRIBUTORS,
    "evaluators_list": READERS,
    "flow_editing_complete_code": CONTRIBUTORS,
    "flow_editing_explain_code": CONTRIBUTORS,
    "flow_editing_read_source": CONTRIBUTORS,
    "flow_editing_render_prompt": CONTRIBUTORS,
    "flow_editing_show_signatures": CONTRIBUTORS,
    "flow_history_diff": READERS,
    "flow_history_list": READERS,
    "flow_history_name": CONTRIBUTORS,
    "flow_history_restore": CONTRIBUTORS,
    "flows_clone": CONTRIBUTORS,
    "flows_create": CONTRIBUTORS,
    "flows_create_snapshot": CONTRIBUTORS,
    "flows_delete": CONTRIBUTORS,
    "flows_delete_flow_file": CONTRIBUTORS,
    "flows_export": READERS,
    "flows_get": READERS,
    "flows_get_flow_graph": READERS,
    "flows_get_tool_values": CONTRIBUTORS,
    "flows_import": CONTRIBUTORS,
    "flows_list": READERS,
    "flows_list_flow_files": READERS,
    "flows_list_flow_templates": READERS,
    "flows_list_flow_tools": CONTRIBUTORS,
    "flows_read_flow_file": READERS,
    "flows_rename": CONTRIBUTORS,
    "flows_run_flow_test": CONTRIBUTORS,
    "flows_stream_flow_events": READERS,
    "flows_write_flow_file": CONTRIBUTORS,
    "gateway_create_route": CONTRIBUTORS,
    "gateway_delete_route": CONTRIBUTORS,
    "gateway_get_route": READERS,
    "gateway_list_gateways": READERS,
    "gateway_list_routes": READERS,
    "gateway_replace_route": CONTRIBUTORS,
    "evaluators_create_flow": CONTRIBUTORS,
    "index_tunings_adopt": CONTRIBUTORS,
    "index_tunings_create": CONTRIBUTORS,
    "index_tunings_get": CONTRIBUTORS,
    "index_tunings_list": CONTRIBUTORS,
    "index_measurements_compare": CONTRIBUTORS,
    "index_measurements_create": CONTRIBUTORS,
    "index_measurements_generate_questions": CONTRIBUTORS,
    "index_measurements_get": CONTRIBUTORS,
    "index_measurements_list": CONTRIBUTORS,
    "index_measurements_list_measured_questions": CONTRIBUTORS,
    "index_uses_list": READERS,
    "indexes_build_index": CONTRIBUTORS,
    "indexes_delete_index": CONTRIBUTORS,
    "indexes_diff_index": READERS,
    "indexes_get_index": READERS,
    "indexes_get_index_build": CONTRIBUTORS,
    "indexes_label_index": CONTRIBUTORS,
    "indexes_list": READERS,
    "indexes_list_index_chunks": READERS,
    "indexes_list_index_documents": READERS,
    "indexes_list_index_versions": READERS,
    "indexes_list_missing_documents": READERS,
    "indexes_list_previewable_documents": CONTRIBUTORS,
    "indexes_preview_chunks": CONTRIBUTORS,
    "indexes_search_index": READERS,
    "jobs_cancel": CONTRIBUTORS,
    "jobs_get": READERS,
    "jobs_list": READERS,
    "jobs_resume": CONTRIBUTORS,
    "jobs_stream_job_events": READERS,
    "access_tags_get_endpoint": READERS,
    "access_tags_get_key": CONTRIBUTORS,
    "access_tags_get_user": READERS,
    "access_tags_list": CONTRIBUTORS,
    "access_tags_set_endpoint": CONTRIBUTORS,
    "access_tags_set_key": CONTRIBUTORS,
    "access_tags_set_user": OWNERS,
    "keys_create": CONTRIBUTORS,
    "keys_list": CONTRIBUTORS,
    "keys_revoke": CONTRIBUTORS,
    "keys_update": CONTRIBUTORS,
    "limits_get": CONTRIBUTORS,
    "limits_set": OWNERS,
    "lineage_get": READERS,
    "lineage_list_edges": READERS,
    "logs_delete_saved": READERS,
    "logs_export": READERS,
    "logs_list_saved": READERS,
    "logs_list_tables": READERS,
    "logs_query": READERS,
    "logs_save": READERS,
    "model_comparisons_create": CONTRIBUTORS,
    "model_comparisons_delete": CONTRIBUTORS,
    "model_comparisons_get": READERS,
    "model_comparisons_list": READERS,
    "model_comparisons_list_rows": READERS,
    "model_comparisons_plan": READERS,
    "model_verifications_create": CONTRIBUTORS,
    "model_verifications_delete": CONTRIBUTORS,
    "model_verifications_get": READERS,
    "model_verifications_list": READERS,
    "model_verifications_plan": READERS,
    "models_get": READERS,
    "models_get_fit": READERS,
    "models_archive_registered": CONTRIBUTORS,
    "models_create_model_import": CONTRIBUTORS,
    "models_get_license_rules": READERS,
    "models_get_model_version": READERS,
    "models_list_model_versions": READERS,
    "models_list_registered": READERS,
    "models_promote_model_version": CONTRIBUTORS,
    "models_register": CONTRIBUTORS,
    "models_restore_registered": CONTRIBUTORS,
    "models_set_license_rules": OWNERS,
    "models_update_model_version": CONTRIBUTORS,
    "models_list": READERS,
    "models_pull": CONTRIBUTORS,
    "models_remove": CONTRIBUTORS,
    "models_verify": CONTRIBUTORS,
    "notebooks_get_server": CONTRIBUTORS,
    "notebooks_open": CONTRIBUTORS,
    "notebooks_stop_server": CONTRIBUTORS,
    "overview_get": READERS,
    "rollouts_abort": CONTRIBUTORS,
    "rollouts_list": READERS,
    "rollouts_pause": CONTRIBUTORS,
    "rollouts_resume": CONTRIBUTORS,
    "rollouts_start": CONTRIBUTORS,
    "runs_archive": CONTRIBUTORS,
    "runs_cancel": CONTRIBUTORS,
    "runs_compare": READERS,
    "runs_count_run_lines": READERS,
    "runs_create": CONTRIBUTORS,
    "runs_create_run_data": CONTRIBUTORS,
    "runs_delete": CONTRIBUTORS,
    "runs_prune": CONTRIBUTORS,
    "runs_export": READERS,
    "runs_get": READERS,
    "runs_get_run_line": READERS,
    "runs_get_run_metrics": READERS,
    "runs_list": READERS,
    "runs_list_run_lines": READERS,
    "runs_list_run_logs": READERS,
    "runs_list_run_unread_answers": READERS,
    "runs_restore": CONTRIBUTORS,
    "runs_resume": CONTRIBUTORS,
    "runs_update": CONTRIBUTORS,
    "schedules_create": CONTRIBUTORS,
    "schedules_delete": CONTRIBUTORS,
    "schedules_list": READERS,
    "schedules_pause": CONTRIBUTORS,
    "schedules_resume": CONTRIBUTORS,
    "scores_give": CONTRIBUTORS,
    "scores_list": READERS,
    "scores_withdraw": CONTRIBUTORS,
    "telemetry_get_figures": READERS,
    "telemetry_get_policy": READERS,
    "telemetry_list_redaction_rules": READERS,
    "telemetry_list_sessions": READERS,
    "telemetry_list_users": READERS,
    "telemetry_preview_policy": READERS,
    "telemetry_set_policy": OWNERS,
    "telemetry_verify": OWNERS,
    "traces_export": READERS,
    "traces_get": READERS,
    "traces_get_span_value": READERS,
    "traces_list": READERS,
    "traces_list_facets": READERS,
    "transforms_create": CONTRIBUTORS,
    "transforms_preview": CONTRIBUTORS,
    "transforms_rerun": CONTRIBUTORS,
    "uploads_abort": CONTRIBUTORS,
    "uploads_begin": CONTRIBUTORS,
    "uploads_complete": CONTRIBUTORS,
    "uploads_get": CONTRIBUTORS,
    "uploads_write_part": CONTRIBUTORS,
    "users_create": OWNERS,
    "users_delete": OWNERS,
    "users_list": READERS,
    "users_make_sign_in_link": OWNERS,
    "users_update": OWNERS,
}


GUARDED = [(m, p, o) for m, p, o in OPERATIONS if "x-permission" in o]
IDS = [operation["operationId"] for _, _, operation in GUARDED]


def test_every_operation_is_in_one_table() -> None:
    known = NOBODY_ASKED | ANYBODY_SIGNED_IN | set(WHO_MAY)
    assert {operation["operationId"] for _, _, operation in OPERATIONS} <= known
    for _, _, operation in OPERATIONS:
        name = operation["operationId"]
        assert (operation.get("security") == []) == (name in NOBODY_ASKED), name
        assert ("x-permission" in operation) == (name in WHO_MAY), name


@pytest.mark.parametrize(("method", "path", "operation"), GUARDED, ids=IDS)
def test_roles(shared_api: Any, method: str, path: str, operation: dict[str, Any]) -> None:
    name = operation["operationId"]
    for role in ROLE_NAMES:
        answer = shared_api.client.request(
            method.upper(), filled(path), headers=shared_api.keys[role], json={} if "requestBody" in operation else None
        )
        refused = answer.status_code == 403 and answer.json()["code"] == "PermissionDenied"
        assert refused == (role not in WHO_MAY[name]), f"{role}: {answer.status_code} {answer.text}"
        assert answer.status_code not in {401, 500}, answer.text


@pytest.mark.parametrize(("method", "path", "operation"), GUARDED, ids=IDS)
def test_a_key_opens_no_other_workspace_and_nothing_opens_without_one(
    shared_api: Any, method: str, path: str, operation: dict[str, Any]
) -> None:
    for target in (filled(path, workspace="other"), filled(path, workspace="%2e%2e")):
        refused = shared_api.client.request(method.upper(), target, headers=shared_api.keys["owner"], json={})
        assert refused.status_code == 404, refused.text
    for headers in ({}, {"Authorization": "Bearer fy_wrong"}, {"Authorization": "Basic eDp5"}, {"Cookie": "flowyard_session=fys_wrong"}):
        changes = headers | {"X-Flowyard-Studio": "1"}
        refused = shared_api.client.request(method.upper(), filled(path), headers=changes, json={})
        assert refused.status_code == 401, refused.text
        assert refused.headers["www-authenticate"].startswith("Bearer")


def test_roles_are_a_ladder_of_what_they_may_give() -> None:
    for lower, higher in pairwise(RANK[1:]):
        assert ROLES[lower] < ROLES[higher]
    assert covers("contributor", "invoker")
    assert not covers("reader", "invoker")
    assert not any(covers(role, "monitor") for role in ("contributor", "reader", "invoker"))
    assert not any(covers("contributor", role) for role in ("owner",))
    assert set(PERMISSIONS) == ROLES["owner"]


@pytest.mark.parametrize("scope", ["run:1", "session:1", "deployment:1"])
def test_a_key_of_a_process_reads_files_and_indexes_and_does_nothing_else_beyond_its_role(shared_api: Any, scope: str) -> None:
    caller = shared_api.services.sign_in.by_key(shared_api.keys["owner"]["Authorization"].removeprefix("Bearer ")).enter()
    secret = shared_api.services.keys.issue(caller.workspace_id, f"p-{scope}", "invoker", scope=scope)
    may = {name for name, roles in WHO_MAY.items() if "invoker" in roles} | FILES
    may |= {name for name, roles in WHO_MAY.items() if name.startswith("indexes_") and roles == READERS}
    for method, path, operation in GUARDED:
        body = {} if "requestBody" in operation else None
        answer = shared_api.client.request(method.upper(), filled(path), headers={"Authorization": f"Bearer {secret}"}, json=body)
        refused = answer.status_code == 403 and answer.json()["code"] == "PermissionDenied"
        assert refused == (operation["operationId"] not in may), f"{operation['operationId']}: {answer.text}"
    other = shared_api.client.get(
        filled("/api/v1/workspaces/{workspace}/datastores/x/files", workspace="other"), headers={"Authorization": f"Bearer {secret}"}
    )
    assert other.status_code == 404
    shared_api.services.keys.revoke_scope(caller.workspace_id, scope)
    gone = shared_api.client.get(filled("/api/v1/workspaces/{workspace}/datastores/x/files"), headers={"Authorization": f"Bearer {secret}"})
    assert gone.status_code == 401
    assert not any(allowed("invoker", "files:read", other) for other in ("", "endpoint:1"))
