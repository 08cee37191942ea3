"""The launcher, and the same night through the embedded Spark and through PyPI's real spark-submit."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pyspark
import pytest

from conftest import LAUNCHER, answer, night, open_lake, telltale

SPARK_HOME = str(Path(pyspark.__file__).parent)
SUBMITTED = {"TELLTALE_RUNTIME": "spark-submit", "SPARK_HOME": SPARK_HOME}
TABLES = [
    "profile_states",
    "profile_metrics",
    "drift_metrics",
    "labelled",
    "quality_states",
    "quality_metrics",
    "findings",
    "alerts",
]
# What differs from run to run: who computed a row, and when.
VOLATILE = {"run_id", "computed_at"}


@pytest.fixture(scope="module")
def lakes(pristine_lake, tmp_path_factory):
    """The same nights, computed embedded and submitted."""
    found = {}
    for name, how in (("embedded", {}), ("submitted", SUBMITTED)):
        env = {**open_lake(pristine_lake, tmp_path_factory.mktemp(f"lake {name}")), **how}
        for n in (1, 2, 3):
            start, end = night(n)
            answer(telltale("run", "--from", start, "--to", end, "--run-id", f"{name}-{n}", env=env))
        found[name] = env
    return found


@pytest.mark.parametrize("table", TABLES)
def test_the_same_night_through_spark_submit_gives_the_same_rows(lakes, spark, table):
    def rows(name):
        data = spark.read.format("delta").load(f"{lakes[name]['TELLTALE_LAKE']}/{table}")
        kept = [column for column in data.columns if column not in VOLATILE]
        return sorted(repr(row.asDict(recursive=True)) for row in data.select(*sorted(kept)).collect())

    embedded, submitted = rows("embedded"), rows("submitted")
    assert embedded, f"{table} is empty"
    assert submitted == embedded


def test_spark_submit_by_hand_runs_the_jar_with_exit_codes_and_one_line_of_output(lakes):
    jar = max((LAUNCHER.parent / "jobs/target").glob("telltale-[0-9]*.jar"), key=os.path.getmtime)
    delta = ",".join(str(path) for path in (LAUNCHER.parent / "jobs/target/runtime/lib").glob("delta-*.jar"))
    submit = [f"{SPARK_HOME}/bin/spark-submit", "--class", "dev.telltale.jobs.cli.Main", "--jars", delta, str(jar)]

    def run(*args):
        env = {**os.environ, "SPARK_HOME": SPARK_HOME, **lakes["submitted"]}
        return subprocess.run([*submit, *args], env=env, text=True, capture_output=True, timeout=600)

    start, end = night(1)
    done = run("profile", "--from", start, "--to", end)
    answer(done)
    assert len(done.stdout.splitlines()) == 1
    wrong = run("profile", "--from", end, "--to", start)
    assert wrong.returncode == 2
    assert wrong.stdout == ""


def test_any_directory_and_a_link_will_do(tmp_path):
    link = tmp_path / "a link"
    link.symlink_to(os.path.relpath(LAUNCHER, tmp_path))
    done = subprocess.run([str(link), "--version"], cwd=tmp_path, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("telltale ")


def test_exit_codes_pass_through_both_ways():
    for how in ({}, SUBMITTED):
        assert telltale("profile", "--nonsense", env=how).returncode == 2
        assert telltale("--version", env=how).returncode == 0


def bare_path(tmp_path, *commands):
    """A PATH with nothing but the named commands and what the launcher's shell needs."""
    for name in (*commands, "bash", "env", "readlink", "dirname", "basename", "sed", "find", "head", "mkdir"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return str(tmp_path)


def test_a_spark_that_does_not_fit_is_refused(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "jars").mkdir()
    (tmp_path / "bin/spark-submit").symlink_to("/bin/true")
    (tmp_path / "jars/spark-core_2.13-4.0.1.jar").touch()
    done = telltale("--version", env={"TELLTALE_RUNTIME": "", "SPARK_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert "spark-core_2.13-4.0.1.jar" in done.stderr and "fix:" in done.stderr


def test_asking_for_a_spark_submit_that_is_not_there_says_so(tmp_path):
    env = {"TELLTALE_RUNTIME": "spark-submit", "SPARK_HOME": "", "PATH": bare_path(tmp_path, "java")}
    done = telltale("--version", env=env)
    assert done.returncode == 2
    assert "there is no spark-submit" in done.stderr


def test_another_java_is_refused_with_what_to_do(tmp_path):
    copy = tmp_path / "telltale"
    # A machine whose only Java is too new: the places the launcher looks at lead nowhere else.
    copy.write_text(LAUNCHER.read_text().replace("/usr/lib/jvm/", "/nowhere/"))
    copy.chmod(0o755)
    java = tmp_path / "java21"
    (java / "bin").mkdir(parents=True)
    (java / "bin/java").symlink_to("/bin/true")
    (java / "release").write_text('JAVA_VERSION="21.0.4"\n')
    tools = tmp_path / "tools"
    tools.mkdir()
    done = subprocess.run([str(copy)], env={"JAVA_HOME": str(java), "PATH": bare_path(tools)}, text=True, capture_output=True)
    assert done.returncode == 2
    assert "Java 17 is needed" in done.stderr and "only Java 21 was found" in done.stderr and "JAVA_HOME" in done.stderr
