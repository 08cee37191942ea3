"""Writes the reference values of the tests of dev.telltale.experiment, and of Student's t.

Beside reference.py, with the same tools (there are the versions):

    VENV/bin/python common/src/test/python/reference_experiment.py
"""

import warnings

import numpy as np
from reference import SCIPY, STATSMODELS, TARGET, write
from scipy import stats
from statsmodels.api import OLS
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW, ttost_ind

SCRIPT = "reference_experiment.py"
EXPERIMENT = TARGET.parent / "experiment"
ALTERNATIVES = ("two-sided", "greater", "less")


def student():
    rows = []
    for df in [1.0, 1.5, 2.0, 3.0, 7.3, 30.0, 95.801, 1e3, 9999.0, 10001.0, 1e5, 1e6, 1e8]:
        for p in [0.5, 0.3, 0.1, 0.025, 1e-3, 1e-6, 1e-9, 1e-12]:
            rows.append((df, p, stats.t.isf(p, df)))
    write(
        "student-quantiles.csv",
        f"{SCIPY}: stats.t.isf(p, df)",
        ["df", "p", "t"],
        rows,
        script=SCRIPT,
    )
    rows = []
    for df in [1.0, 1.5, 4.0, 12.7, 100.0, 9999.0, 10001.0, 1e5, 1e6, 1e8]:
        for t in [0.0, 0.01, 0.7, 1.9988, 3.5, 7.0, -0.3, -4.0]:
            rows.append((df, t, stats.t.sf(t, df)))
    write("student.csv", f"{SCIPY}: stats.t.sf(t, df)", ["df", "t", "tail"], rows, script=SCRIPT)


def matrices():
    rng = np.random.default_rng(21)
    normal = rng.normal(size=(150, 3)) @ rng.normal(size=(3, 3))
    return {
        "two rows": np.array([[1.0, 2.0], [3.0, -1.0]]),
        "a single column": rng.exponential(size=(65, 1)).round(4),
        "correlated": normal.round(4),
        "far from zero": (1e9 + 5 * rng.normal(size=(200, 2))).round(3),
        "zeros and ones": rng.integers(0, 2, size=(64, 2)).astype(float),
        "of all sizes": (normal[:129] * [1e-6, 1, 1e6]).round(9),
        "a constant": np.column_stack([np.full(70, 0.1), rng.normal(size=70).round(3)]),
    }


def cross_moments():
    rows = []
    for name, values in matrices().items():
        columns = values.shape[1]
        covariances = np.cov(values, rowvar=False, ddof=1).reshape(columns, columns)
        rows.append((name, columns, values.ravel(), values.mean(axis=0), covariances.ravel()))
    write(
        "cross-moments.csv",
        f"{SCIPY}: values.mean(axis=0), numpy.cov(values, rowvar=False, ddof=1)",
        ["name", "columns", "values", "means", "covariances"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


def samples():
    rng = np.random.default_rng(22)
    return [
        (rng.normal(49.4, 5, 50), rng.normal(51.4, 5, 48)),
        (rng.normal(10, 1, 12), rng.normal(10.4, 4, 90)),
        (rng.exponential(3, 300), rng.exponential(3.3, 200)),
        (rng.normal(-20, 2, 40), rng.normal(-19, 3, 30)),
        (rng.normal(0.1, 1, 25), rng.normal(0.3, 1, 25)),
        (np.array([1.0, 2.0]), np.array([4.0, 7.0])),
        (rng.poisson(2, 80).astype(float), rng.poisson(4, 75).astype(float)),
    ]


def ends(intervals):
    """Finite ends: below for two-sided and greater, above for two-sided and less."""
    two, greater, less = intervals
    return (two[0], greater[0]), (two[1], less[1])


def differences():
    rows = []
    for control, variant in samples():
        control, variant = control.round(4), variant.round(4)
        for alpha in (0.05, 0.1):
            welch = [stats.ttest_ind(variant, control, equal_var=False, alternative=a)
                     for a in ALTERNATIVES]
            low, high = ends([one.confidence_interval(1 - alpha) for one in welch])
            rows.append(("welch", alpha, control, variant, welch[0].statistic, welch[0].df,
                         [one.pvalue for one in welch], low, high))
            means = CompareMeans(DescrStatsW(variant), DescrStatsW(control))
            names = ("two-sided", "larger", "smaller")
            z = [means.ztest_ind(alternative=a, usevar="unequal") for a in names]
            low, high = ends(
                [means.zconfint_diff(alpha, alternative=a, usevar="unequal") for a in names])
            rows.append(("z", alpha, control, variant, z[0][0], "Infinity",
                         [one[1] for one in z], low, high))
            size = min(len(control), len(variant))
            first, second = control[:size], variant[:size] + 0.5 * control[:size]
            second = second.round(4)
            paired = [stats.ttest_rel(second, first, alternative=a) for a in ALTERNATIVES]
            low, high = ends([one.confidence_interval(1 - alpha) for one in paired])
            rows.append(("paired", alpha, first, second, paired[0].statistic, float(paired[0].df),
                         [one.pvalue for one in paired], low, high))
    write(
        "differences.csv",
        f"{SCIPY}: stats.ttest_ind(variant, control, equal_var=False), stats.ttest_rel(variant,"
        f" control); {STATSMODELS}: CompareMeans.ztest_ind and zconfint_diff, usevar='unequal';"
        " p for two-sided, greater, less; low of two-sided, greater; high of two-sided, less",
        ["test", "alpha", "control", "variant", "statistic", "df", "p", "low", "high"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


def margins():
    rows = []
    for control, variant in samples():
        control, variant = control.round(4), variant.round(4)
        nc, nv = len(control), len(variant)
        vc, vv = control.var(ddof=1) / nc, variant.var(ddof=1) / nv
        df = (vc + vv) ** 2 / (vc**2 / (nc - 1) + vv**2 / (nv - 1))
        for margin in (0.4, 2.0):
            both, below, above = ttost_ind(variant, control, -margin, margin, usevar="unequal")
            rows.append((False, margin, control, variant, both, below[1], above[1]))
        for margin in (0.05, 0.25):
            sides = []
            for side in (-1, 1):
                factor = 1 + side * margin * np.sign(control.mean())
                t = (variant.mean() - factor * control.mean()) / np.sqrt(vv + factor**2 * vc)
                level = abs(control.mean()) / np.sqrt(vc)
                sides.append(max(stats.t.sf(-side * t, df), stats.t.sf(level, df)))
            rows.append((True, margin, control, variant, max(sides), *sides))
    write(
        "margins.csv",
        f"{STATSMODELS}: ttost_ind(variant, control, -margin, margin, usevar='unequal'); relative"
        f" margins {SCIPY}: the contrast variant - (1 -+ margin) control, and that control is not 0,"
        " stats.t.sf",
        ["relative", "margin", "control", "variant", "equivalent", "not_below", "not_above"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


def influence(numerator, denominator):
    """Values whose mean is the estimate, and whose variance is that of its influence."""
    if denominator is None:
        return numerator
    ratio = numerator.mean() / denominator.mean()
    return ratio + (numerator - ratio * denominator) / denominator.mean()


def adjusted(z, x, kind):
    """Adjusted estimates of both arms with their covariance matrix, from influences per unit."""
    total = sum(len(one) for one in z)
    center = np.vstack(x).mean(axis=0)
    spread = [one - one.mean(axis=0) for one in x]
    moved = [one - one.mean() for one in z]
    if kind == "CUPED":
        theta = np.linalg.lstsq(np.vstack(spread), np.concatenate(moved), rcond=1e-9)[0]
        thetas = [theta, theta]
    else:
        thetas = [np.linalg.lstsq(a, b, rcond=1e-9)[0] for a, b in zip(spread, moved)]
    rank = np.linalg.matrix_rank(np.vstack(spread), tol=1e-6)
    values = [one.mean() - t @ (c.mean(axis=0) - center) for one, c, t in zip(z, x, thetas)]
    covariance = np.zeros((2, 2))
    for arm in (0, 1):
        n = len(z[arm])
        residual = moved[arm] - spread[arm] @ thetas[arm]
        parts = []
        for estimate in (0, 1):
            own = residual / n if estimate == arm else 0
            parts.append(own + spread[arm] @ thetas[estimate] / total)
        covariance += n * np.cov(np.vstack(parts), ddof=1)
        degrees = total - 2 if kind == "CUPED" else n - 1
        covariance[arm, arm] += rank / (degrees - rank) * residual.var(ddof=1) / n
    coefficients = thetas[0] if kind == "CUPED" else np.concatenate(thetas)
    # The same effect as a coefficient of least squares.
    treated = np.repeat([0.0, 1.0], [len(z[0]), len(z[1])])
    centered = np.vstack(x) - center
    design = np.column_stack([np.ones(total), treated, centered])
    if kind == "INTERACTED":
        design = np.column_stack([design, centered * treated[:, None]])
    with warnings.catch_warnings(action="ignore"):
        effect = OLS(np.concatenate(z), design).fit(method="pinv").params[1]
    return values, covariance, coefficients, effect


def estimators():
    rng = np.random.default_rng(23)
    rows = []
    for name, n, m, columns, is_ratio in [
        ("one covariate", 60, 45, 1, False),
        ("two covariates", 50, 120, 2, False),
        ("ratio", 70, 55, 1, True),
        ("ratio with two covariates", 40, 40, 2, True),
        ("constant covariate", 30, 35, 2, False),
        ("collinear covariates", 30, 35, 3, False),
    ]:
        arms = []
        for size, slope in ((n, 1.0), (m, 1.6)):
            x = rng.normal(5, 2, (size, columns))
            y = 3 + x[:, 0] * slope + rng.normal(0, 1, size) + (slope - 1)
            d = rng.poisson(4, size) + 1.0 if is_ratio else None
            if is_ratio:
                y = y * d
            if name == "constant covariate":
                x[:, 1] = 7
            x = x.round(3)
            if name == "collinear covariates":
                x[:, 2] = x[:, 0] + 2 * x[:, 1]
            arms.append((y.round(3), d, x))
        z = [influence(y, d) for y, d, x in arms]
        covariates = [x for y, d, x in arms]
        plain = [(one.mean(), one.var(ddof=1) / len(one)) for one in z]
        cells = []
        for y, d, x in arms:
            cells.append(np.column_stack([y, x] if d is None else [y, d, x]).ravel())
        for kind in ("CUPED", "INTERACTED"):
            values, covariance, theta, effect = adjusted(z, covariates, kind)
            rows.append((name, kind, is_ratio, columns, *cells, np.ravel(plain), values,
                         (covariance[0, 0], covariance[1, 1], covariance[0, 1]), theta, effect))
    write(
        "estimators.csv",
        f"{SCIPY}: numpy.linalg.lstsq and numpy.cov of the units' influences; effect"
        f" {STATSMODELS}: OLS of the influences on 1, variant, centered covariates and, for"
        " INTERACTED, their products with variant; plain is value and squared standard error of"
        " control and variant; covariance is of control, of variant, of both",
        ["name", "adjustment", "ratio", "covariates", "control", "variant", "plain", "adjusted",
         "covariance", "theta", "effect"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


def sample_ratios():
    rows = []
    for units, shares in [
        ([500, 500], [0.5, 0.5]),
        ([821_588, 815_482], [0.5, 0.5]),
        ([1000, 520, 480], [0.5, 0.25, 0.25]),
        ([95, 4], [0.9, 0.1]),
        ([0, 12], [0.5, 0.5]),
        ([10_000_000, 9_990_000, 10_003_000, 10_001_000], [0.25] * 4),
    ]:
        units, shares = np.array(units), np.array(shares)
        test = stats.chisquare(units, units.sum() * shares)
        rows.append((units, shares, test.statistic, len(units) - 1, test.pvalue))
    write(
        "sample-ratios.csv",
        f"{SCIPY}: stats.chisquare(units, sum(units) * shares)",
        ["units", "shares", "statistic", "df", "p"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


def quantiles():
    """Of rows in units; the standard error of the share is the delta method over units."""
    rng = np.random.default_rng(27)

    def units(number, mean, make):
        sizes = rng.geometric(1 / mean, number)
        return [make(size) for size in sizes]

    samples = {
        "latencies": units(
            250, 6, lambda n: 40 * np.exp(0.6 * rng.normal() + 0.6 * rng.normal(size=n))),
        "of both signs": units(200, 8, lambda n: rng.normal() + rng.normal(size=n)),
        "below zero": units(
            40, 40, lambda n: -np.exp(0.3 * rng.normal() + 0.5 * rng.normal(size=n))),
        "without clusters": units(1200, 1, lambda n: rng.exponential(5, size=n)),
    }
    rows = []
    for name, sample in samples.items():
        sample = [one.round(4) for one in sample]
        values = np.concatenate(sample)
        sizes = np.array([len(one) for one in sample])
        quantiles, found = (0.25, 0.5, 0.9), []
        for q in quantiles:
            estimate = np.quantile(values, q, method="inverted_cdf")
            below = np.array([np.sum(one <= estimate) for one in sample])
            residuals = below - below.sum() / sizes.sum() * sizes
            share = residuals.std(ddof=1) / np.sqrt(len(sample)) / sizes.mean()
            low, high = np.quantile(values, [q - 1.96 * share, q + 1.96 * share],
                                    method="inverted_cdf")
            found.append((estimate, low, high))
        rows.append((name, sizes, values, quantiles, *np.transpose(found)))
    write(
        "quantiles.csv",
        f"{SCIPY}: numpy.quantile(method='inverted_cdf') of all rows at q and at q -+ 1.96 standard"
        " errors of the share, over units: std(C - sum(C) / sum(N) N, ddof=1) / sqrt(n) / mean(N)",
        ["name", "sizes", "values", "quantiles", "estimates", "lows", "highs"],
        rows,
        target=EXPERIMENT,
        script=SCRIPT,
    )


if __name__ == "__main__":
    EXPERIMENT.mkdir(exist_ok=True)
    student()
    cross_moments()
    differences()
    margins()
    estimators()
    sample_ratios()
    quantiles()
