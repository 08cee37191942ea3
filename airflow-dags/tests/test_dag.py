"""The DAG file as Airflow sees it: it imports, has the tasks in the right order, and asks Telltale for what it offers."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import Asset, CronDataIntervalTimetable

from conftest import DAG_FILE, DAGS, telltale


@pytest.fixture(scope="module")
def dag(airflow_db):
    bag = DagBag(dag_folder=str(DAG_FILE))
    assert bag.import_errors == {}
    return bag.dags["telltale_nightly"]


def test_the_folder_imports_without_errors_and_holds_one_dag(airflow_db):
    bag = DagBag(dag_folder=str(DAGS))
    assert bag.import_errors == {}
    assert list(bag.dags) == ["telltale_nightly"]


def test_the_file_runs_on_its_own():
    done = subprocess.run([sys.executable, str(DAG_FILE)], text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_one_task_per_job_in_order(dag):
    followers = {task.task_id: task.downstream_task_ids for task in dag.tasks}
    assert followers == {
        "sample": {"profile"},
        "profile": {"check", "system", "experiment", "drift", "join"},
        "check": {"alerts"},
        "system": {"alerts"},
        "experiment": {"alerts"},
        "drift": {"alerts"},
        "join": {"quality"},
        "quality": {"alerts"},
        "alerts": {"gate", "plan", "report"},
        "gate": set(),
        "plan": {"maintain"},
        "report": {"maintain"},
        "maintain": set(),
    }


def test_every_run_has_an_interval_and_old_nights_do_not_run_unasked(dag):
    assert isinstance(dag.timetable, CronDataIntervalTimetable)
    assert dag.catchup is False
    assert dag.max_active_runs == 1
    assert set(dag.params) == {"from", "to"}


def test_only_the_gate_carries_the_asset_and_99_skips(dag):
    outlets = {task.task_id: task.outlets for task in dag.tasks if task.outlets}
    assert outlets == {"gate": [Asset("x-telltale://retrain")]}
    assert all(99 in task.skip_on_exit_code for task in dag.tasks)


def test_the_report_is_drawn_whatever_the_gate_says(dag):
    assert dag.get_task("report").trigger_rule == "none_failed"
    assert "gate" not in dag.get_task("report").upstream_task_ids


def test_params_never_become_part_of_the_command(dag):
    for task in dag.tasks:
        assert "{{" not in task.bash_command
        assert "params['from']" in task.env["NIGHT_FROM"]


@pytest.mark.parametrize("task_id", ["sample", "profile", "check", "system", "drift", "join", "quality", "experiment", "alerts", "gate", "plan", "report"])
def test_every_flag_a_task_uses_is_in_the_help_of_its_job(dag, task_id):
    words = dag.get_task(task_id).bash_command.split()[2:]
    job = [word for word in words[: words.index("--from")] if not word.startswith("-")]
    done = telltale(*job, "--help")
    assert done.returncode == 0, done.stderr
    offered = set(re.findall(r"--[a-z][a-z-]*", done.stdout))
    used = {word for word in words if word.startswith("--")}
    assert used and used <= offered


def test_a_dag_per_model_when_the_deployment_names_models(airflow_db, monkeypatch):
    monkeypatch.setenv("TELLTALE_MODELS", "churn, fraud")
    monkeypatch.setenv("TELLTALE_COMMAND", "'/opt/tell tale/telltale' -v")
    bag = DagBag(dag_folder=str(DAG_FILE))
    assert bag.import_errors == {}
    assert set(bag.dags) == {"telltale_nightly_churn", "telltale_nightly_fraud"}
    gate = bag.dags["telltale_nightly_churn"].get_task("gate")
    assert gate.outlets == [Asset("x-telltale://churn/retrain")]
    assert gate.bash_command.startswith("exec '/opt/tell tale/telltale' -v alerts gate --model churn --from ")
