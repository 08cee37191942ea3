"""A small lake with a quiet and a drifted night, the launcher, and an Airflow home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

DAGS = Path(__file__).resolve().parent.parent
HOME = DAGS.parent
LAUNCHER = HOME / "telltale"
DAG_FILE = DAGS / "telltale_nightly.py"
MODEL = "toy"

# Before any import of Airflow, which reads it once.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="telltale-airflow-")
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(DAGS)
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
for _name in [name for name in os.environ if name.startswith("TELLTALE_")]:
    del os.environ[_name]
# The launcher is tested with and without a spark-submit, and says so itself each time.
os.environ.pop("SPARK_HOME", None)
os.environ["TELLTALE_RUNTIME"] = "embedded"
# Each command is a new JVM on a tiny lake: what the optimising compiler compiles is hardly used.
os.environ["TELLTALE_JAVA_OPTIONS"] = "-XX:TieredStopAtLevel=1"

FIRST_NIGHT = datetime(2026, 3, 2, tzinfo=timezone.utc)
ROWS = 2000
ACCURACY = 0.9


def night(n: int) -> tuple[str, str]:
    """The interval of the n-th night, from 0."""
    start = FIRST_NIGHT + timedelta(days=n)
    return start.isoformat(), (start + timedelta(days=1)).isoformat()


def telltale(*args: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess:
    """Runs the launcher; never raises for its exit code."""
    return subprocess.run(
        [str(LAUNCHER), *args], env={**os.environ, **(env or {})}, cwd=cwd, text=True, capture_output=True, timeout=600
    )


def answer(done: subprocess.CompletedProcess) -> dict:
    """The JSON object on the last line of standard output, of a command that ended well."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture(scope="session")
def spark():
    """PySpark with Delta: writes the telemetry and reads the results, independently of Telltale."""
    from pyspark.sql import SparkSession

    jars = HOME / "jobs/target/runtime/lib"
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", ",".join(str(next(jars.glob(f"{name}-*.jar"))) for name in ("delta-spark_2.12", "delta-storage")))
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def pristine_lake(spark, tmp_path_factory) -> Path:
    """
    A lake before its first run, with blanks in its path. Amounts are N(0, 1); from the third night on
    they are N(2, 1), which is drift by any measure. Every tenth prediction is wrong, in all nights.
    """
    root = tmp_path_factory.mktemp("a lake with blanks")
    lake = root / "lake"
    rows = spark.range(ROWS).selectExpr(
        "concat('b', id) AS prediction_id",
        "timestamp_seconds(1767225600 + id * 60) AS event_ts",
        "'v1' AS model_version",
        "CAST(id % 2 AS DOUBLE) AS prediction",
        "rand(1) AS score",
        "randn(2) AS amount",
        "element_at(array('north', 'south', 'west'), CAST(id % 3 AS INT) + 1) AS region",
    )
    rows.write.format("delta").save(str(lake / "baseline"))
    for n in range(4):
        start = int((FIRST_NIGHT + timedelta(days=n)).timestamp())
        spark.range(ROWS).selectExpr(
            f"concat('n{n}-', id) AS prediction_id",
            f"timestamp_seconds({start} + id * 40) AS event_ts",
            "'v1' AS model_version",
            "CAST(id % 2 AS DOUBLE) AS prediction",
            f"rand({n} + 10) AS score",
            f"randn({n} + 20) + {2 if n >= 2 else 0} AS amount",
            "element_at(array('north', 'south', 'west'), CAST(id % 3 AS INT) + 1) AS region",
        ).write.format("delta").mode("append").save(str(lake / "predictions"))
        spark.range(ROWS).selectExpr(
            f"concat('n{n}-', id) AS prediction_id",
            "CAST(IF(id % 10 = 0, 1 - id % 2, id % 2) AS DOUBLE) AS label",
            f"timestamp_seconds({start} + id * 40 + 3600) AS label_ts",
        ).write.format("delta").mode("append").save(str(lake / "labels"))
    models = root / "conf" / "models"
    models.mkdir(parents=True)
    (models / f"{MODEL}.yaml").write_text(
        f"""model: {MODEL}
predictions:
  table: predictions
  id: prediction_id
  event-time: event_ts
  model-version: model_version
  prediction: prediction
  score: score
baseline:
  table: baseline
quality:
  task: binary
feedback:
  - {{kind: outcome, table: labels, id: prediction_id, value: label, arrival-time: label_ts, wait: 1 day}}
"""
    )
    return root


def open_lake(pristine: Path, target: Path) -> dict[str, str]:
    """A copy of the lake, initialised; returns the variables that lead Telltale to it."""
    shutil.copytree(pristine, target, dirs_exist_ok=True)
    env = {"TELLTALE_LAKE": str(target / "lake"), "TELLTALE_CONFIG": str(target / "conf")}
    done = telltale("init", env=env)
    assert done.returncode == 0, done.stderr
    return env


def airflow(*args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """The airflow command of this Python."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "airflow"), *args],
        env={**os.environ, **(env or {})},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=900,
    )


@pytest.fixture(scope="session")
def airflow_db() -> Path:
    """Airflow's own database, created once."""
    done = airflow("db", "migrate")
    assert done.returncode == 0, done.stdout
    return Path(os.environ["AIRFLOW_HOME"]) / "airflow.db"
