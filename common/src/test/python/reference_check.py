"""Writes what Great Expectations itself says of a small table, which the tests of `check` compare with.

    python3 -m venv VENV && VENV/bin/pip install great_expectations==1.24.1 pandas==3.1.1 numpy==2.4.6
    VENV/bin/python common/src/test/python/reference_check.py

The files are committed: a test run needs no Python. Great Expectations runs on pandas, on the table of
rows.csv; a row condition is one that pandas and Spark SQL both read. The seed is fixed.
"""

import json
import math
import pathlib
import warnings

import great_expectations as gx
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
ROOT = pathlib.Path(__file__).parents[4]
TARGET = ROOT / "jobs" / "src" / "test" / "resources" / "dev" / "telltale" / "jobs" / "check"
ROWS = 500


def table():
    """Nulls, NaN, ties, repeated keys, negative zero, text that needs escaping."""
    rng = np.random.default_rng(20)
    origins = np.array(["ATL", "BOS", "ORD", "it's", "a\\b", "x%y", "ünï"], dtype=object)
    frame = pd.DataFrame(
        {
            "id": [f"flight-{i % 490}" for i in range(ROWS)],
            "number": rng.integers(0, 60, ROWS),
            "leg": rng.integers(0, 12, ROWS),
            "delay": np.round(rng.normal(10, 30, ROWS), 1),
            "taxi": np.round(rng.exponential(8, ROWS), 2),
            "wheels": np.round(rng.exponential(8, ROWS), 2),
            "origin": rng.choice(origins, ROWS),
            "dest": rng.choice(origins, ROWS),
            # In nanoseconds: Great Expectations compares no other times with text.
            "left": (pd.Timestamp("2001-03-01") + pd.to_timedelta(rng.integers(0, 86400, ROWS), unit="s")).astype("datetime64[ns]"),
            "late": rng.random(ROWS) < 0.3,
        }
    )
    frame.loc[rng.random(ROWS) < 0.1, "delay"] = np.nan
    frame.loc[rng.random(ROWS) < 0.2, "origin"] = None
    frame.loc[rng.random(ROWS) < 0.2, "dest"] = None
    frame.loc[rng.random(ROWS) < 0.1, "wheels"] = np.nan
    frame.loc[rng.random(ROWS) < 0.5, "wheels"] = frame["taxi"]
    frame.loc[3, "delay"] = -0.0
    frame.loc[4, "delay"] = 0.0
    frame["nothing"] = np.full(ROWS, np.nan)
    frame["whole"] = 100 - frame["number"] - frame["leg"]
    frame.loc[rng.random(ROWS) < 0.1, "whole"] = 7
    return frame


def cases():
    """(expectation, kwargs) of all that Great Expectations and Telltale both have."""
    c = []

    def add(name, **kwargs):
        c.append((name, kwargs))

    for column in ("delay", "origin", "nothing", "number"):
        add("expect_column_values_to_not_be_null", column=column)
        add("expect_column_values_to_be_null", column=column)
    add("expect_column_values_to_not_be_null", column="delay", mostly=0.85)
    add("expect_column_values_to_be_null", column="delay", mostly=0.05)
    add("expect_column_values_to_not_be_null", column="delay", row_condition='origin=="ATL"')
    add("expect_column_values_to_be_between", column="delay", min_value=-40, max_value=60)
    add("expect_column_values_to_be_between", column="delay", min_value=-40, max_value=60, mostly=0.9)
    add("expect_column_values_to_be_between", column="delay", min_value=0, strict_min=True)
    add("expect_column_values_to_be_between", column="delay", max_value=0, strict_max=True)
    add("expect_column_values_to_be_between", column="number", min_value=0, max_value=59)
    add("expect_column_values_to_be_between", column="number", min_value=10, row_condition='origin=="ATL"', mostly=0.5)
    add("expect_column_values_to_be_between", column="nothing", min_value=0, max_value=1)
    add("expect_column_values_to_be_between", column="left", min_value="2001-03-01 06:00:00", max_value="2001-03-02 00:00:00")
    add("expect_column_values_to_be_in_set", column="origin", value_set=["ATL", "BOS", "it's", "a\\b"])
    add("expect_column_values_to_be_in_set", column="origin", value_set=["ATL", "BOS", "it's", "a\\b"], mostly=0.3)
    add("expect_column_values_to_be_in_set", column="number", value_set=list(range(50)))
    add("expect_column_values_to_not_be_in_set", column="origin", value_set=["ORD", "x%y"])
    add("expect_column_values_to_not_be_in_set", column="number", value_set=[100, 200])
    add("expect_column_values_to_match_regex", column="origin", regex="^[A-Z]{3}$")
    add("expect_column_values_to_match_regex", column="origin", regex="[a-z]", mostly=0.2)
    add("expect_column_values_to_match_regex", column="origin", regex="\\\\")
    add("expect_column_values_to_not_match_regex", column="origin", regex="['%]")
    add("expect_column_values_to_match_regex", column="id", regex="^flight-\\d+$")
    add("expect_column_values_to_match_regex_list", column="origin", regex_list=["^A", "D$"])
    add("expect_column_values_to_match_regex_list", column="origin", regex_list=["^A", "L$"], match_on="all")
    add("expect_column_values_to_not_match_regex_list", column="origin", regex_list=["^A", "D$"])
    add("expect_column_value_lengths_to_be_between", column="origin", min_value=3, max_value=3)
    add("expect_column_value_lengths_to_be_between", column="origin", min_value=3, strict_min=True, mostly=0.1)
    add("expect_column_value_lengths_to_equal", column="origin", value=3)
    add("expect_column_values_to_be_unique", column="id")
    add("expect_column_values_to_be_unique", column="id", mostly=0.9)
    add("expect_column_values_to_be_unique", column="delay")
    add("expect_column_values_to_be_unique", column="nothing")
    add("expect_column_values_to_be_unique", column="id", row_condition="number<20")
    add("expect_compound_columns_to_be_unique", column_list=["number", "leg"])
    add("expect_compound_columns_to_be_unique", column_list=["origin", "dest"])
    add("expect_compound_columns_to_be_unique", column_list=["id", "number", "leg"])
    add("expect_compound_columns_to_be_unique", column_list=["origin", "dest", "number"], ignore_row_if="any_value_is_missing")
    add("expect_compound_columns_to_be_unique", column_list=["origin", "dest", "number"], ignore_row_if="never")
    add("expect_column_pair_values_a_to_be_greater_than_b", column_A="taxi", column_B="wheels")
    add("expect_column_pair_values_a_to_be_greater_than_b", column_A="taxi", column_B="wheels", or_equal=True, mostly=0.6)
    add("expect_column_pair_values_a_to_be_greater_than_b", column_A="taxi", column_B="wheels", ignore_row_if="either_value_is_missing")
    add("expect_column_pair_values_to_be_equal", column_A="taxi", column_B="wheels")
    add("expect_column_pair_values_to_be_equal", column_A="origin", column_B="dest")
    add("expect_column_pair_values_to_be_equal", column_A="origin", column_B="dest", ignore_row_if="neither")
    add("expect_column_pair_values_to_be_in_set", column_A="origin", column_B="dest", value_pairs_set=[["ATL", "BOS"], ["ORD", None], ["BOS", "BOS"]])
    add("expect_multicolumn_sum_to_equal", column_list=["number", "leg", "whole"], sum_total=100)
    add("expect_select_column_values_to_be_unique_within_record", column_list=["origin", "dest"])
    add("expect_select_column_values_to_be_unique_within_record", column_list=["taxi", "wheels", "delay"])
    add("expect_multicolumn_values_to_be_equal", column_list=["taxi", "wheels"])
    for name, low, high in (("mean", 8, 12), ("median", 9, 11), ("stdev", 20, 29), ("sum", 0, 100000), ("min", -90, -60), ("max", 10, 20)):
        add(f"expect_column_{name}_to_be_between", column="delay", min_value=low, max_value=high)
        add(f"expect_column_{name}_to_be_between", column="number", min_value=low)
        add(f"expect_column_{name}_to_be_between", column="delay", max_value=high, row_condition='origin=="ATL"')
    add("expect_column_mean_to_be_between", column="nothing", min_value=0)
    add("expect_column_max_to_be_between", column="nothing", max_value=0)
    quantiles = {"quantiles": [0, 0.05, 0.25, 0.333, 0.5, 0.75, 0.99, 1], "value_ranges": [[None, 0], [-50, None], [-20, 0], [None, None], [9, 10], [20, 30], [0, 70], [0, 1000]]}
    for way in (False, "linear", "lower", "higher", "midpoint", "nearest"):
        add("expect_column_quantile_values_to_be_between", column="delay", quantile_ranges=quantiles, allow_relative_error=way)
        add("expect_column_quantile_values_to_be_between", column="number", quantile_ranges={"quantiles": [0.1, 0.5], "value_ranges": [[5, 6], [28, 31]]}, allow_relative_error=way)
    add("expect_column_unique_value_count_to_be_between", column="origin", min_value=7, max_value=7)
    add("expect_column_unique_value_count_to_be_between", column="delay", min_value=100, max_value=300)
    add("expect_column_proportion_of_unique_values_to_be_between", column="origin", min_value=0.01, max_value=0.02)
    add("expect_column_proportion_of_unique_values_to_be_between", column="id", min_value=0.99)
    add("expect_column_proportion_of_non_null_values_to_be_between", column="origin", min_value=0.7, max_value=0.79)
    add("expect_column_distinct_values_to_be_in_set", column="origin", value_set=["ATL", "BOS", "it's"])
    add("expect_column_distinct_values_to_be_in_set", column="number", value_set=list(range(60)))
    add("expect_column_distinct_values_to_contain_set", column="origin", value_set=["ATL", "BOS", "JFK"])
    add("expect_column_distinct_values_to_contain_set", column="number", value_set=[1, 2])
    add("expect_column_distinct_values_to_equal_set", column="origin", value_set=["ATL", "BOS", "JFK"])
    add("expect_column_distinct_values_to_equal_set", column="number", value_set=list(range(60)))
    add("expect_column_most_common_value_to_be_in_set", column="number", value_set=list(range(30)), ties_okay=True)
    add("expect_column_most_common_value_to_be_in_set", column="origin", value_set=["ATL", "BOS", "ORD", "x%y"])
    add("expect_table_row_count_to_be_between", min_value=400, max_value=499)
    add("expect_table_row_count_to_equal", value=500)
    add("expect_table_column_count_to_be_between", min_value=3, max_value=20)
    add("expect_table_column_count_to_equal", value=11)
    add("expect_table_columns_to_match_set", column_set=["id", "number"], exact_match=False)
    add("expect_table_columns_to_match_set", column_set=["id", "numbers"])
    add("expect_table_columns_to_match_ordered_list", column_list=["id", "leg", "number"])
    add("expect_column_to_exist", column="id")
    add("expect_column_to_exist", column="id", column_index=3)
    add("expect_column_to_exist", column="ids")
    add("expect_column_values_to_not_be_null", column="ids")
    return c


def plain(value):
    """As JSON has it: NaN and NaT are null, NumPy's numbers are numbers."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(v) for v in value]
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if value is pd.NaT or value is pd.NA or (isinstance(value, (float, np.floating)) and math.isnan(value)):
        return None
    return float(value) if isinstance(value, np.floating) else value


def main():
    frame = table()
    TARGET.mkdir(parents=True, exist_ok=True)
    frame.to_csv(TARGET / "rows.csv", index=False, date_format="%Y-%m-%d %H:%M:%S")
    batch = (
        gx.get_context(mode="ephemeral")
        .data_sources.add_pandas("pandas")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    results = []
    for name, kwargs in cases():
        arguments = dict(kwargs)
        if "row_condition" in arguments:
            arguments["condition_parser"] = "pandas"
        camel = "".join(part.capitalize() for part in name.split("_"))
        expectation = getattr(gx.expectations, camel)(**arguments)
        answer = batch.validate(expectation, result_format={"result_format": "SUMMARY"})
        exception = '"raised_exception": true' in json.dumps(answer.exception_info)
        results.append({"expectation": name, "kwargs": kwargs, "success": bool(answer.success), "exception": exception, "result": plain(dict(answer.result))})
    header = {"great_expectations": gx.__version__, "pandas": pd.__version__, "numpy": np.__version__, "written by": "reference_check.py"}
    with open(TARGET / "great-expectations.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(header) + "\n")
        for result in results:
            file.write(json.dumps(result, ensure_ascii=False) + "\n")


main()
