"""
# Telltale, every night

One task per job, over the data interval that Airflow hands out (a UTC day, half-open):

`sample` → `profile` → `drift` → `alerts` → `gate`, and `plan` and `report` after `alerts`; beside `drift`,
`profile` → `check`, `system`, `experiment` → `alerts` and `profile` → `join` → `quality` → `alerts`.
Last of all `maintain`, after `plan` and `report`.

* **sample** draws the part of the telemetry that later jobs read row by row. A model without `sampling` is not
  sampled: it ends well at once.
* **profile** counts what the model saw, once; everything later comes from these counts.
* **check** checks what the model file expects of tables, and takes from the profile what that knows. A model without
  `checks` has nothing to check: it ends well at once.
* **drift** judges them against the baseline and against the previous window.
* **join** brings the predictions together with the feedback that has arrived for them.
* **quality** measures them as far as their labels are known. A model without feedback has nothing to join or
  measure: both end well at once.
* **system** measures the service around the model, and **experiment** looks at the running experiments. A model without
  `system` or experiments ends them well at once.
* **alerts** opens, keeps and closes alerts.
* **gate** succeeds when an open alert asks for a retraining and is *skipped* when none does. Only its
  success updates its asset, so a DAG with `schedule=[Asset("x-telltale://retrain")]` runs exactly then.
* **plan** decides tomorrow's sampling rates, where `sampling.allocation` is `adaptive`.
* **report** draws the night as one HTML file, whatever the gate said.
* **maintain** drops what `retention` in the model file says is too old, and compacts the result tables. Without
  `retention` nothing is dropped.

A run by hand has no interval: give the params `from` and `to` (ISO 8601, UTC), which also win over the
interval where there is one. Running a night again replaces its rows.

What the deployment sets, as environment variables of the workers (and of the DAG processor for the first four):

| variable | meaning | default |
|---|---|---|
| `TELLTALE_COMMAND` | how to start Telltale, quoted as in a shell | the launcher beside this folder |
| `TELLTALE_MODELS` | model ids, by comma: one DAG each, `telltale_nightly_MODEL`, asset `x-telltale://MODEL/retrain` | one DAG for the only model |
| `TELLTALE_SCHEDULE` | cron expression, UTC, whose intervals are the nights | `0 0 * * *` |
| `TELLTALE_RETRIES` | how often a failed task is tried again, after 5, 10, 20… minutes | `2` |
| `TELLTALE_LAKE`, `TELLTALE_CONFIG`, `TELLTALE_MASTER` | read by Telltale itself | see `telltale --help` |
"""

from __future__ import annotations

import json
import os
import shlex
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, Param, TriggerRule

LAUNCHER = Path(__file__).resolve().parent.parent / "telltale"
COMMAND = shlex.split(os.environ.get("TELLTALE_COMMAND", "")) or [str(LAUNCHER)]

# The interval reaches the shell as variables, so that a param can never become part of the command.
# Empty when a run by hand gives no params: Telltale then says what is missing.
NIGHT = {
    "NIGHT_FROM": "{{ params['from'] or (data_interval_start | ts if data_interval_start else '') }}",
    "NIGHT_TO": "{{ params['to'] or (data_interval_end | ts if data_interval_end else '') }}",
    "NIGHT_RUN": "{{ run_id }}",
}
INTERVAL_FLAGS = '--from "$NIGHT_FROM" --to "$NIGHT_TO" --run-id "$NIGHT_RUN"'


def last_line(output: str) -> dict:
    """The answer of a job, for XCom: its last line is one JSON object."""
    return json.loads(output)


def job(task_id: str, *words: str, **options) -> BashOperator:
    """One job of the night as a task."""
    return BashOperator(
        task_id=task_id,
        bash_command=f"exec {shlex.join([*COMMAND, *words])} {INTERVAL_FLAGS}",
        env=NIGHT,
        append_env=True,
        skip_on_exit_code=99,
        output_processor=last_line,
        do_xcom_push=True,
        **options,
    )


def nightly(model: str | None) -> DAG:
    """The night of the named model, or of the only one that the configuration has."""
    only = ["--model", model] if model else []
    asset = Asset(f"x-telltale://{model}/retrain" if model else "x-telltale://retrain")
    with DAG(
        dag_id=f"telltale_nightly_{model}" if model else "telltale_nightly",
        description="What production says about the model: sample, profile, check, drift, quality, experiments, alerts, plan, report, maintain.",
        doc_md=__doc__,
        # Not a plain cron string: since Airflow 3 that is a trigger time without an interval.
        schedule=CronDataIntervalTimetable(os.environ.get("TELLTALE_SCHEDULE", "0 0 * * *"), timezone="UTC"),
        # Early, so that old nights can be backfilled; nothing runs for them unasked.
        start_date=datetime(2000, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        # An alert depends on the nights before it, so nights run one after the other.
        max_active_runs=1,
        default_args={
            "retries": int(os.environ.get("TELLTALE_RETRIES", "2")),
            "retry_delay": timedelta(minutes=5),
            "retry_exponential_backoff": True,
            "execution_timeout": timedelta(hours=4),
        },
        params={
            "from": Param(None, type=["null", "string"], title="From", description="Start, inclusive; ISO 8601, UTC. Empty: the data interval."),
            "to": Param(None, type=["null", "string"], title="To", description="End, exclusive; ISO 8601, UTC. Empty: the data interval."),
        },
        tags=["telltale", "monitoring"],
    ) as dag:
        sample = job("sample", "sample", *only)
        profile = job("profile", "profile", *only)
        check = job("check", "check", *only)
        system = job("system", "system", *only)
        drift = job("drift", "drift", *only)
        join = job("join", "join", *only)
        quality = job("quality", "quality", *only)
        experiment = job("experiment", "experiment", *only)
        alerts = job("alerts", "alerts", *only)
        gate = job("gate", "alerts", "gate", *only, outlets=[asset])
        plan = job("plan", "plan", *only)
        report = job("report", "report", *only, trigger_rule=TriggerRule.NONE_FAILED)
        # The gate may be skipped, and nothing waits for it.
        maintain = job("maintain", "maintain", *only)
        sample >> profile >> drift >> alerts >> [gate, plan, report]
        [plan, report] >> maintain
        profile >> [check, system, experiment] >> alerts
        profile >> join >> quality >> alerts
    return dag


for _model in [name.strip() for name in os.environ.get("TELLTALE_MODELS", "").split(",") if name.strip()] or [None]:
    _dag = nightly(_model)
    globals()[_dag.dag_id] = _dag
