"""Writes the units that AnalyzeCommandTest reads, and what SciPy says of them.

    VENV/bin/python jobs/src/test/python/analyze_reference.py

with the tools of common/src/test/python/reference.py. Seeded: the same versions write the same bytes.
"""

import csv
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import test_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

TARGET = pathlib.Path(__file__).parents[1] / "resources/dev/telltale/jobs/analyze"
PAIRS = 120


def main():
    rng = np.random.default_rng(41)
    rows = []
    for user in range(PAIRS):
        age = float(np.round(rng.normal(40, 9), 1))
        for variant, lift in (("grey", 0.0), ("blue", 2.5)):
            spend = round(float(0.5 * age + lift + rng.normal(0, 5)), 2)
            views = int(rng.poisson(6) + 1)
            clicks = int(rng.binomial(views, 0.3 if variant == "grey" else 0.36))
            bought = int(rng.random() < (0.25 if variant == "grey" else 0.4))
            before = "" if rng.random() < 0.1 else round(spend - lift + float(rng.normal(0, 4)), 2)
            rating = ("", "NaN", "Infinity")[user] if user < 3 else int(rng.integers(1, 6))
            country = ("at", "de", "fr")[user % 3] if user % 10 else ""
            rows.append([user, variant, country, spend, views, clicks, bought, age, before, rating,
                         0, views - 7, "text"])
    header = ["user", "variant", "country", "spend", "views", "clicks", "bought", "age", "before",
              "rating", "zero", "signed", "comment"]
    with open(TARGET / "units.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)

    def column(name, variant):
        return np.array([float(row[header.index(name)]) for row in rows if row[1] == variant])

    grey, blue = column("spend", "grey"), column("spend", "blue")
    ones = [int(column("bought", variant).sum()) for variant in ("blue", "grey")]
    table = [[one, PAIRS - one] for one in ones]
    tests = {
        "welch": stats.ttest_ind(blue, grey, equal_var=False).pvalue,
        "z": CompareMeans(DescrStatsW(blue), DescrStatsW(grey)).ztest_ind(usevar="unequal")[1],
        "paired": stats.ttest_rel(blue, grey).pvalue,
        "wilcoxon": stats.wilcoxon(blue - grey, method="asymptotic").pvalue,
        "mann-whitney": stats.mannwhitneyu(blue, grey, method="asymptotic").pvalue,
        "score": test_proportions_2indep(
            ones[0], PAIRS, ones[1], PAIRS, method="score", compare="diff").pvalue,
        "chi-square": stats.chi2_contingency(table, correction=False).pvalue,
        "fisher": stats.fisher_exact(table).pvalue,
    }
    with open(TARGET / "expected.csv", "w", newline="", encoding="utf-8") as file:
        file.write(f"# SciPy {scipy.__version__}, statsmodels {statsmodels.__version__}:"
                   " see analyze_reference.py\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["test", "p"])
        writer.writerows([name, repr(float(p))] for name, p in tests.items())


main()
