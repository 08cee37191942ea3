"""Nights through the real Airflow: one that is quiet, one that has drifted, one started by hand."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

from conftest import ACCURACY, DAG_FILE, FIRST_NIGHT, MODEL, ROWS, airflow, answer, night, open_lake, telltale

TASKS = ["sample", "profile", "check", "system", "drift", "join", "quality", "experiment", "alerts", "gate", "plan", "report", "maintain"]


@pytest.fixture(scope="module")
def env(pristine_lake, tmp_path_factory):
    return open_lake(pristine_lake, tmp_path_factory.mktemp("lake of airflow"))


def run_dag(db, env, *args):
    """Runs the DAG once; returns its output, and the state and XCom of each task by task id."""
    done = airflow("dags", "test", "telltale_nightly", *args, "--dagfile-path", str(DAG_FILE), env=env)
    with closing(sqlite3.connect(db)) as rows:
        run_id = rows.execute("SELECT run_id FROM dag_run ORDER BY id DESC LIMIT 1").fetchone()[0]
        states = dict(rows.execute("SELECT task_id, state FROM task_instance WHERE run_id = ?", (run_id,)))
        xcoms = dict(rows.execute("SELECT task_id, value FROM xcom WHERE run_id = ? AND key = 'return_value'", (run_id,)))
    return done, run_id, states, {task: json.loads(value) for task, value in xcoms.items()}


def test_a_quiet_night_is_measured_skips_the_gate_and_draws_the_report(airflow_db, env, spark):
    start, end = night(0)
    done, run_id, states, xcoms = run_dag(airflow_db, env, FIRST_NIGHT.replace(day=3).isoformat())
    assert states == {**dict.fromkeys(TASKS, "success"), "gate": "skipped"}, done.stdout[-6000:]

    profile = xcoms["profile"]
    profile = json.loads(profile) if isinstance(profile, str) else profile
    assert (profile["from"], profile["to"]) == (start.replace("+00:00", "Z"), end.replace("+00:00", "Z"))
    assert profile["run_id"] == run_id
    rows = spark.read.format("delta").load(env["TELLTALE_LAKE"] + "/profile_metrics")
    night_of_all = "granularity = '1 day' AND column_name = 'amount' AND slice_key IS NULL AND model_version IS NULL"
    assert [row["count"] for row in rows.where(night_of_all).collect()] == [ROWS]

    labelled = spark.read.format("delta").load(env["TELLTALE_LAKE"] + "/labelled")
    assert labelled.where("label IS NOT NULL").count() == ROWS
    measured = spark.read.format("delta").load(env["TELLTALE_LAKE"] + "/quality_metrics")
    accuracy = measured.where("kind = 'REALIZED' AND granularity = '1 day' AND metric = 'accuracy' AND slice_key IS NULL AND model_version IS NULL")
    assert [(row["value"], row["n"]) for row in accuracy.collect()] == [(ACCURACY, ROWS)]


def test_a_run_by_hand_takes_its_interval_from_the_params_and_opens_the_gate_on_drift(airflow_db, env):
    start, end = night(2)
    answer(telltale("run", "--from", start, "--to", end, env=env))

    start, end = night(3)
    done, _, states, xcoms = run_dag(airflow_db, env, "--conf", json.dumps({"from": start, "to": end}))
    assert states == dict.fromkeys(TASKS, "success"), done.stdout[-6000:]
    assert xcoms["gate"]


def test_a_model_without_feedback_has_nothing_to_join_or_measure(pristine_lake, tmp_path_factory):
    env = open_lake(pristine_lake, tmp_path_factory.mktemp("lake without feedback"))
    model = Path(env["TELLTALE_CONFIG"]) / "models" / f"{MODEL}.yaml"
    model.write_text(model.read_text().partition("feedback:")[0])
    start, end = night(0)
    for job in ("join", "quality"):
        assert answer(telltale(job, "--from", start, "--to", end, env=env))["rows_written"] == 0


def test_a_night_without_telemetry_fails_and_nothing_runs_after_it(airflow_db, env):
    done, _, states, xcoms = run_dag(airflow_db, {**env, "TELLTALE_RETRIES": "0"}, FIRST_NIGHT.replace(day=20).isoformat())
    assert states == {**dict.fromkeys(TASKS, "upstream_failed"), "sample": "success", "profile": "failed"}, done.stdout[-6000:]
    assert "no rows from 2026-03-19" in done.stdout
    assert set(xcoms) == {"sample"}


def test_a_run_by_hand_without_params_is_told_what_is_missing(airflow_db, env):
    # `airflow dags test` makes up an interval; a run that is triggered has none.
    dag = DagBag(dag_folder=str(DAG_FILE)).dags["telltale_nightly"]
    nothing = {"params": {"from": None, "to": None}, "data_interval_start": None, "data_interval_end": None}
    templates = dag.get_task("profile").env
    start, end = (dag.get_template_env().from_string(templates[name]).render(nothing) for name in ("NIGHT_FROM", "NIGHT_TO"))
    done = telltale("profile", "--from", start, "--to", end, env=env)
    assert done.returncode == 2
    assert "--from" in done.stderr and "fix:" in done.stderr


def test_the_gate_ends_99_and_0_and_3_before_the_alerts_are_computed(pristine_lake, tmp_path_factory):
    env = open_lake(pristine_lake, tmp_path_factory.mktemp("lake of the gate"))
    quiet, first, second = night(0), night(2), night(3)

    early = telltale("alerts", "gate", "--from", quiet[0], "--to", quiet[1], env=env)
    assert early.returncode == 3, early.stderr

    answer(telltale("run", "--from", quiet[0], "--to", quiet[1], env=env))
    closed = telltale("alerts", "gate", "--from", quiet[0], "--to", quiet[1], env=env)
    assert closed.returncode == 99, closed.stderr

    answer(telltale("run", "--from", first[0], "--to", second[1], env=env))
    opened = telltale("alerts", "gate", "--from", second[0], "--to", second[1], env=env)
    assert opened.returncode == 0, opened.stderr
    assert isinstance(json.loads(opened.stdout.splitlines()[-1]), dict)
    assert len(opened.stdout.splitlines()) == 1
