"""The files whose tests take long, so that a run begins with them."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
#: Seconds on a machine of two processors that does nothing else, of files of more than 15 s. What is not here is short.
LONG_FILES = {
    TESTS / name: seconds
    for name, seconds in {
        "platform/test_every_screen.py": 260,
        "platform/test_pages_of_data_and_models.py": 100,
        "platform/test_pages_of_flows.py": 100,
        "compute/test_jobs.py": 90,
        "platform/test_mixed_load.py": 80,
        "storage/telemetry/test_store_contract.py": 55,
        "cli/test_platform.py": 80,
        "platform/test_telemetry_in_objects.py": 70,
        "platform/test_rollouts_and_scaling.py": 70,
        "rag/test_vector_store_contract.py": 70,
        "server/test_schemathesis.py": 65,
        "platform/test_notebooks_journey.py": 64,
        "runs/test_run_platform.py": 60,
        "platform/test_kills.py": 57,
        "platform/test_chat_with_documents_journey.py": 52,
        "storage/telemetry/test_telemetry_kills.py": 50,
        "platform/test_indexes_journey.py": 45,
        "platform/test_variants_and_chat_journey.py": 45,
        "platform/test_designer_journey.py": 45,
        "platform/test_data_and_models_journey.py": 40,
        "platform/test_flow_document_journey.py": 40,
        "platform/test_every_flow_opens.py": 40,
        "platform/test_data_and_models_by_command.py": 35,
        "rag/test_index_build_faults.py": 35,
        "flows/test_flow_build.py": 32,
        "platform/test_one_tree.py": 30,
        "platform/test_endpoints_journey.py": 30,
        "platform/test_runs_journey.py": 30,
        "runs/test_run_faults.py": 27,
        "cli/test_logs_commands.py": 25,
        "storage/telemetry/test_asking_memory.py": 24,
        "platform/test_telemetry_journey.py": 24,
        "platform/test_endpoint_keys_journey.py": 24,
        "platform/test_instrumentations.py": 24,
        "platform/test_several_gateways.py": 24,
        "rag/test_cracking.py": 24,
        "endpoints/online/test_online_replicas.py": 20,
        "endpoints/building/test_contexts.py": 20,
        "platform/test_journey.py": 18,
        "platform/test_index_lookup_in_flows.py": 18,
        "compute/test_bounded_connections.py": 18,
        "server/test_permissions.py": 18,
        "server/test_workspaces_apart.py": 18,
        "storage/telemetry/sql/test_users_sql.py": 16,
        "inference/test_local_engine.py": 16,
        "compute/test_supervisor.py": 16,
        "storage/telemetry/sql/test_sql_red_team.py": 16,
        "storage/telemetry/test_finding.py": 16,
    }.items()
}
