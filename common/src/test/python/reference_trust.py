"""Writes the reference values of the tests of dev.telltale.trust.

Beside reference.py, with the same tools (there are the versions):

    VENV/bin/python common/src/test/python/reference_trust.py
"""

import numpy as np
from reference import SCIPY, TARGET, write
from scipy import special, stats

SCRIPT = "reference_trust.py"
TRUST = TARGET.parent / "trust"


def evidences():
    rows = []
    for units, shares in [
        ([0, 0], [0.5, 0.5]),
        ([1, 0], [0.5, 0.5]),
        ([510, 490], [0.5, 0.5]),
        ([5_300, 4_700], [0.5, 0.5]),
        ([1_010_000, 990_000], [0.5, 0.5]),
        ([880, 120], [0.9, 0.1]),
        ([0, 40], [0.99, 0.01]),
        ([250, 260, 240, 255], [0.25] * 4),
        ([400_000, 200_300, 199_100], [0.5, 0.25, 0.25]),
        ([500_100_000, 499_900_000], [0.5, 0.5]),
    ]:
        units, shares = np.array(units), np.array(shares)
        total = units.sum()
        null = stats.multinomial.logpmf(units, total, shares)
        logs = [
            stats.dirichlet_multinomial.logpmf(units, concentration * shares, total) - null
            for concentration in (100, 10_000)
        ]
        rows.append((units, shares, special.logsumexp(logs) - np.log(2)))
    write(
        "sequential-sample-ratios.csv",
        f"{SCIPY}: mean over concentrations of 100 and 10,000 of exp(stats.dirichlet_multinomial"
        ".logpmf(units, concentration * shares, sum(units)) - stats.multinomial.logpmf(units,"
        " sum(units), shares)), its logarithm",
        ["units", "shares", "evidence"],
        rows,
        target=TRUST,
        script=SCRIPT,
    )


def contrasts():
    rng = np.random.default_rng(31)
    rows = []
    for n, m, shift in [(100, 100, 0.0), (150, 400, 0.4), (300, 120, -0.9)]:
        control = rng.exponential(2, (n, 2)).round(3)
        variant = rng.exponential(2, (m, 2)).round(3)
        variant[:, 1] += shift
        variant = variant.round(3)
        second = stats.ttest_ind(variant[:, 1], control[:, 1], equal_var=False)
        change = stats.ttest_ind(
            variant[:, 1] - variant[:, 0], control[:, 1] - control[:, 0], equal_var=False
        )
        rows.append((control.ravel(), variant.ravel(), second.statistic, second.pvalue,
                     change.statistic, change.pvalue))
    write(
        "contrasts.csv",
        f"{SCIPY}: rows of two columns; stats.ttest_ind(variant, control, equal_var=False) of the"
        " second column, and of the second minus the first",
        ["control", "variant", "second_t", "second_p", "change_t", "change_p"],
        rows,
        target=TRUST,
        script=SCRIPT,
    )


def difference(control, variant, is_ratio):
    def estimate(rows):
        return rows[:, 0].mean() / rows[:, 1].mean() if is_ratio else rows[:, 0].mean()

    def error(rows):
        values = rows[:, 0]
        if is_ratio:
            values = (rows[:, 0] - estimate(rows) * rows[:, 1]) / rows[:, 1].mean()
        return values.var(ddof=1) / len(rows)

    return estimate(variant) - estimate(control), np.sqrt(error(variant) + error(control))


def without_largest(rows):
    return np.delete(rows, np.abs(rows[:, 0]).argmax(), axis=0)


def outliers():
    rng = np.random.default_rng(32)
    rows = []
    for is_ratio, n, m, whale in [
        (False, 200, 250, 0.0), (False, 300, 300, 400.0), (False, 250, 200, -300.0),
        (True, 200, 220, 0.0), (True, 250, 240, 500.0),
    ]:
        arms = []
        for size in (n, m):
            second = rng.poisson(4, size) + 1.0
            first = (rng.exponential(2, size) * second).round(3)
            arms.append(np.column_stack([first, second]))
        control, variant = arms
        variant[7, 0] += whale
        effect, error = difference(control, variant, is_ratio)
        moves = [
            abs(difference(without_largest(control), variant, is_ratio)[0] - effect) / error,
            abs(difference(control, without_largest(variant), is_ratio)[0] - effect) / error,
        ]
        rows.append((is_ratio, control.ravel(), variant.ravel(), max(moves)))
    write(
        "outliers.csv",
        f"{SCIPY}: how many standard errors the difference of the means of the first column, or of"
        " the ratios of both, moves when numpy.delete takes the row with the largest first value"
        " out of an arm, the larger of both arms",
        ["ratio", "control", "variant", "move"],
        rows,
        target=TRUST,
        script=SCRIPT,
    )


if __name__ == "__main__":
    TRUST.mkdir(exist_ok=True)
    evidences()
    contrasts()
    outliers()
