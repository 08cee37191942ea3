"""Writes the reference values of the tests and intervals that experiments use.

Beside reference.py, with the same tools (there are the versions):

    VENV/bin/python common/src/test/python/reference_tests.py
"""

import itertools
import math
from fractions import Fraction

import numpy as np
from reference import PYTHON, SCIPY, STATSMODELS, write
from scipy import integrate, optimize, stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import test_proportions_2indep

SCRIPT = "reference_tests.py"
ALTERNATIVES = ("two-sided", "greater", "less")


def mann_whitney():
    rng = np.random.default_rng(11)
    samples = [
        ([1.0], [2.0]),
        ([3.0, 1.0], [2.0, 5.0, 4.0]),
        (rng.normal(size=7), rng.normal(1, size=9)),
        (rng.normal(size=30), rng.normal(0.8, 2, size=25)),
        (rng.normal(size=50), rng.normal(-0.4, size=50)),
        (rng.normal(size=4), rng.normal(2, size=300)),
        (rng.normal(size=60), rng.normal(0.5, size=60)),
        (rng.normal(size=200), rng.normal(size=9)),
        (rng.integers(0, 4, size=40), rng.integers(1, 5, size=31)),
        (rng.poisson(1, size=300), rng.poisson(1.3, size=280)),
        ([0, 0, 0, 1], [0, 0, 1, 1, 1]),
        (rng.poisson(20, size=500), rng.poisson(12, size=500)),
    ]
    rows = []
    for control, variant in samples:
        control = np.round(np.asarray(control, dtype=float), 4)
        variant = np.round(np.asarray(variant, dtype=float), 4)
        n, m = len(control), len(variant)
        ties = len(set(control) | set(variant)) < n + m
        exact = not ties and min(n, m) <= 50 and n * m <= 10000
        methods = {}
        for method in ["exact", "asymptotic"]:
            methods[method] = [
                stats.mannwhitneyu(variant, control, method=method, alternative=a).pvalue
                for a in ALTERNATIVES
            ]
        u = stats.mannwhitneyu(variant, control, method="asymptotic").statistic
        if min(n, m) > 1:
            brunner = [
                stats.brunnermunzel(control, variant, alternative=a).pvalue
                for a in ("two-sided", "less", "greater")
            ]
            test = stats.brunnermunzel(control, variant)
        else:
            brunner = [1.0] * 3
        low, high = superiority_interval(control, variant) if min(n, m) > 1 else (0.0, 1.0)
        rows.append(
            (
                control,
                variant,
                exact,
                u,
                methods["exact"] if exact else methods["asymptotic"],
                methods["asymptotic"],
                brunner,
                low,
                high,
            )
        )
    write(
        "mann-whitney.csv",
        f"{SCIPY}: stats.mannwhitneyu(variant, control, method=..., alternative=...) for two-sided,"
        " greater, less; stats.brunnermunzel(control, variant); 95 % interval from NumPy's"
        " variances of the placements and stats.t.isf",
        ["control", "variant", "exact", "u", "p", "asymptotic", "brunner_munzel", "low", "high"],
        rows,
        script=SCRIPT,
    )


def superiority_interval(control, variant):
    """The placements' variances by ranks of all and of each sample alone."""
    n, m = len(control), len(variant)
    ranks = stats.rankdata(np.concatenate([control, variant]))
    placed_control = (ranks[:n] - stats.rankdata(control)) / m
    placed_variant = (ranks[n:] - stats.rankdata(variant)) / n
    a = np.var(placed_control, ddof=1) / n
    b = np.var(placed_variant, ddof=1) / m
    middle = placed_variant.mean()
    freedom = (a + b) ** 2 / (a * a / (n - 1) + b * b / (m - 1))
    half = stats.t.isf(0.025, freedom) * math.sqrt(a + b)
    return max(0.0, middle - half), min(1.0, middle + half)


def signed_rank():
    rng = np.random.default_rng(12)
    samples = [
        [1.5],
        [1.0, -2.0, 3.0, 4.5],
        rng.normal(0.4, size=20),
        rng.normal(-0.2, size=50),
        rng.normal(0.3, size=51),
        rng.normal(0.05, size=400),
        rng.integers(-3, 5, size=40),
        [2, 2, 2, -2, 0, 0, 0, -1, -1, 3],
        rng.poisson(3, size=300) - rng.poisson(2.5, size=300),
        [1.0, -1.0, 2.0, -2.0],
    ]
    rows = []
    for sample in samples:
        d = np.round(np.asarray(sample, dtype=float), 4)
        some = d[d != 0]
        exact = len(some) == len(d) <= 50 and len(set(abs(some))) == len(some)
        found = {}
        for name, options in {
            "exact": dict(method="exact"),
            "plain": dict(method="asymptotic"),
            "continuous": dict(method="asymptotic", correction=True),
        }.items():
            found[name] = [
                stats.wilcoxon(d, zero_method="wilcox", alternative=a, **options).pvalue
                for a in ALTERNATIVES
            ]
        statistics = [
            stats.wilcoxon(d, zero_method="wilcox", method="asymptotic", alternative=a).statistic
            for a in ALTERNATIVES
        ]
        rows.append(
            (
                d,
                exact,
                statistics,
                found["exact"] if exact else found["plain"],
                found["plain"],
                found["continuous"],
            )
        )
    write(
        "signed-rank.csv",
        f"{SCIPY}: stats.wilcoxon(differences, zero_method='wilcox', method=..., correction=...,"
        " alternative=...) for two-sided, greater, less",
        ["differences", "exact", "statistic", "p", "asymptotic", "continuous"],
        rows,
        script=SCRIPT,
    )


def fisher():
    rows = []
    tables = [
        (1, 2, 0, 3),
        (3, 10, 7, 12),
        (0, 20, 5, 15),
        (4, 4, 0, 4),
        (0, 5, 0, 5),
        (7, 7, 9, 9),
        (10, 100, 30, 100),
        (996, 1000, 999, 1000),
        (2, 1000, 9, 100000),
        (40, 50, 30, 3000),
        (300, 1000, 330, 1100),
        (60, 100, 10, 100),
    ]
    for x, n, y, m in tables:
        p = [fisher_exactly(x, n, y, m, a) for a in ALTERNATIVES]
        table = [[x, n - x], [y, m - y]]
        for a, value in zip(ALTERNATIVES, p):
            assert math.isclose(stats.fisher_exact(table, a).pvalue, value, rel_tol=1e-9)
        rows.append((x, n, y, m, p))
    for x, n, y, m in [(5000, 100000, 5200, 101000), (500000, 1000000, 501000, 1000000)]:
        table = [[x, n - x], [y, m - y]]
        rows.append((x, n, y, m, [stats.fisher_exact(table, a).pvalue for a in ALTERNATIVES]))
    write(
        "fisher.csv",
        f"{PYTHON}, which {SCIPY}: stats.fisher_exact(table, alternative) agrees with; that alone"
        " from 100,000 on",
        ["variant", "n", "control", "m", "p"],
        rows,
        script=SCRIPT,
    )


def fisher_exactly(x, n, y, m, alternative):
    weights = {
        k: math.comb(n, k) * math.comb(m, x + y - k)
        for k in range(max(0, x + y - m), min(n, x + y) + 1)
    }
    chosen = {
        "two-sided": lambda k: weights[k] <= weights[x],
        "greater": lambda k: k >= x,
        "less": lambda k: k <= x,
    }[alternative]
    total = sum(weights.values())
    part = sum(weight for k, weight in weights.items() if chosen(k))
    # An integer quotient of Python is rounded once, however large both are.
    return part / total


def score_intervals():
    """The ratio by statsmodels; the difference not: its cubic equation for the proportions that
    are most likely (0.15.0, score_test_proportions_2indep) has the control's successes where
    Miettinen and Nurminen have its trials, so that only the test of 0 agrees (statsmodels issue
    10269)."""
    rows = []
    counts = [
        (7, 34, 1, 34),
        (9, 10, 3, 10),
        (15, 100, 10, 120),
        (56, 70, 48, 80),
        (500, 1000, 520, 1000),
        (1000, 1000000, 1200, 1000000),
        (12, 40000, 30, 41000),
        (5, 20, 8, 15),
        (19, 20, 18, 30),
    ]
    names = ["two-sided", "larger", "smaller"]
    for x, n, y, m in counts:
        row = [x, n, y, m]
        zero = difference_score(x, n, y, m, 0.0)
        expected = test_proportions_2indep(x, n, y, m, compare="diff", method="score").pvalue
        assert math.isclose(2 * stats.norm.sf(abs(zero)), expected, rel_tol=1e-10)
        for value in (0.0, 0.03):
            z = difference_score(x, n, y, m, value)
            row.append([2 * stats.norm.sf(abs(z)), stats.norm.sf(z), stats.norm.cdf(z)])
        for value in (1.0, 1.25):
            row.append(
                [
                    test_proportions_2indep(
                        x, n, y, m, value=value, compare="ratio", method="score", alternative=a
                    ).pvalue
                    for a in names
                ]
            )
        limit = stats.norm.isf(0.025)
        middle = x / n - y / m
        for start, end, sign in [(-1 + 1e-9, middle, 1), (middle, 1 - 1e-9, -1)]:
            row.append(
                optimize.brentq(
                    lambda d: difference_score(x, n, y, m, d) - sign * limit, start, end, xtol=1e-15
                )
            )
        row += ratio_interval(x, n, y, m, limit)
        rows.append(row)
    write(
        "score-intervals.csv",
        f"{PYTHON} for the most likely proportions and {SCIPY}: stats.norm and optimize.brentq for"
        f" p-values (two-sided, greater, less) and intervals of the difference; {STATSMODELS}:"
        " stats.proportion.test_proportions_2indep(x, n, y, m, value=..., compare='ratio',"
        " method='score', alternative=...) and its roots in value",
        [
            "variant",
            "n",
            "control",
            "m",
            "difference_0",
            "difference_3_percent",
            "ratio_1",
            "ratio_1_25",
            "difference_low",
            "difference_high",
            "ratio_low",
            "ratio_high",
        ],
        rows,
        script=SCRIPT,
    )


def difference_score(x, n, y, m, difference):
    """Halves the range of the control's proportion, where the likelihood's slope changes sign."""
    d = Fraction(difference)
    low, high = max(Fraction(0), -d), min(Fraction(1), 1 - d)
    for _ in range(110):
        p = (low + high) / 2
        q = p + d
        # The slope x/q - (n-x)/(1-q) + y/p - (m-y)/(1-p) times what makes it a polynomial.
        slope = (x * (1 - q) - (n - x) * q) * p * (1 - p) + (y * (1 - p) - (m - y) * p) * q * (1 - q)
        low, high = (p, high) if slope > 0 else (low, p)
    p, q = low, low + d
    variance = (q * (1 - q) / n + p * (1 - p) / m) * (n + m) / (n + m - 1)
    above = Fraction(x, n) - Fraction(y, m) - d
    return float(above) / math.sqrt(variance)


def ratio_interval(x, n, y, m, limit):
    """Roots by hand: confint_proportions_2indep stops early, and for some tables in an error."""

    def score(log):
        test = test_proportions_2indep(
            x, n, y, m, value=math.exp(log), compare="ratio", method="score"
        )
        return float(test.statistic)

    middle = math.log(x / n / (y / m))
    return [
        math.exp(optimize.brentq(lambda v: score(v) - sign * limit, start, end, xtol=1e-15))
        for start, end, sign in [(middle - 8, middle, 1), (middle, middle + 8, -1)]
    ]


def poisson_ratios():
    rows = []
    cases = [
        (0, 24, 5, 24),
        (5, 24, 0, 24),
        (12, 24, 12, 24),
        (41, 28010, 15, 19017),
        (150, 24, 100, 24),
        (1000, 24, 29000, 720),
        (3, 0.5, 200000, 20000),
        (30000, 24, 61000, 48),
        (401500, 24, 400000, 24),
    ]
    for x, s, y, t in cases:
        row = [x, s, y, t]
        for ratio in (1.0, 1.2):
            share = ratio * s / (ratio * s + t)
            greater = stats.binom.sf(x - 1, x + y, share)
            less = stats.binom.cdf(x, x + y, share)
            row.append([min(1.0, 2 * min(greater, less)), greater, less])
        for level in (0.95, 0.99):
            tail = (1 - level) / 2
            low = stats.beta.ppf(tail, x, y + 1) if x else 0.0
            high = stats.beta.isf(tail, x + 1, y) if y else 1.0
            row += [low / (1 - low) * t / s, high / (1 - high) * t / s if y else "Infinity"]
        rows.append(row)
    write(
        "poisson-ratios.csv",
        f"{SCIPY}: stats.binom.sf(x - 1, x + y, share), stats.binom.cdf(x, x + y, share) and twice"
        " the smaller, at most 1; stats.beta.ppf(tail, x, y + 1) and stats.beta.isf(tail, x + 1, y)"
        " as ratios",
        [
            "variant",
            "variant_exposure",
            "control",
            "control_exposure",
            "ratio_1",
            "ratio_1_2",
            "low_95",
            "high_95",
            "low_99",
            "high_99",
        ],
        rows,
        script=SCRIPT,
    )


def permutations():
    rng = np.random.default_rng(13)
    samples = [
        ([1.0, 2.0], [3.0, 4.0, 5.0]),
        (rng.normal(size=8), rng.normal(0.8, size=8)),
        (rng.normal(1e6, 1, size=12), rng.normal(1e6 + 1, 1, size=5)),
        ([0.1, 0.2, 0.3, 0.3], [0.3, 0.3, 0.6, 0.1, 0.2]),
        (rng.poisson(2, size=9), rng.poisson(3, size=8)),
        (rng.normal(size=300), [3.0, 1.5]),
        ([1.0, 1.0], [1.0, 1.0]),
    ]
    rows = []
    for control, variant in samples:
        control = np.asarray(control, dtype=float)
        variant = np.asarray(variant, dtype=float)
        found = [
            stats.permutation_test(
                (variant, control),
                lambda x, y, axis: np.mean(x, axis=axis) - np.mean(y, axis=axis),
                permutation_type="independent",
                vectorized=True,
                n_resamples=100000,
                alternative=a,
            )
            for a in ALTERNATIVES
        ]
        rows.append((control, variant, found[0].statistic, [f.pvalue for f in found]))
    write(
        "permutations.csv",
        f"{SCIPY}: stats.permutation_test((variant, control), difference of means,"
        " permutation_type='independent', n_resamples=100000, alternative=...), exact",
        ["control", "variant", "difference", "p"],
        rows,
        script=SCRIPT,
    )


def powers():
    rows = []
    designs = itertools.product(
        [("STUDENT", TTestIndPower()), ("NORMAL", NormalIndPower())],
        [(0.05, True), (0.01, True), (0.05, False)],
        [1.0, 0.5, 3.0],
        [0.02, 0.2, 0.8],
    )
    for (name, tool), (alpha, two_sided), ratio, effect in designs:
        alternative = "two-sided" if two_sided else "larger"
        common = dict(alpha=alpha, ratio=ratio, alternative=alternative)
        for n in (6.0, 80.0, 20000.0):
            power = tool.power(effect, n, alpha, ratio=ratio, alternative=alternative)
            if not math.isnan(power):
                rows.append((name, alpha, two_sided, ratio, effect, n, power, ""))
        # Near the answer: far above it SciPy's noncentral distribution is NaN.
        z = stats.norm.isf(alpha / 2 if two_sided else alpha) + stats.norm.ppf(0.8)
        near = (z / effect) ** 2 * (1 + 1 / ratio)
        size = optimize.brentq(
            lambda n: tool.power(effect, n, alpha, ratio=ratio, alternative=alternative) - 0.8,
            max(1.6, 0.7 * near),
            1.2 * near + 10,
            xtol=1e-12,
            rtol=1e-14,
        )
        solved = tool.solve_power(effect_size=effect, power=0.8, nobs1=None, **common)
        assert math.isclose(size, float(np.squeeze(solved)), rel_tol=1e-6)
        rows.append((name, alpha, two_sided, ratio, effect, size, 0.8, size))
    write(
        "powers.csv",
        f"{STATSMODELS}: stats.power.TTestIndPower and NormalIndPower: power(effect, n, alpha,"
        " ratio, alternative); its root in n for a power of 0.8, which solve_power agrees with",
        ["distribution", "alpha", "two_sided", "ratio", "effect", "n", "power", "solved"],
        rows,
        script=SCRIPT,
    )


def dunnett():
    rows = []
    for alpha, two_sided, ratio, variants in [
        (0.05, True, 1.0, 1),
        (0.05, True, 1.0, 2),
        (0.05, True, 1.0, 5),
        (0.05, False, 1.0, 3),
        (0.01, True, 0.5, 4),
        (0.05, True, 0.25, 10),
        (0.2, False, 2.0, 2),
    ]:
        rho = ratio / (1 + ratio)

        def outside(c):
            def at(y):
                above = stats.norm.cdf((c - math.sqrt(rho) * y) / math.sqrt(1 - rho))
                below = (
                    stats.norm.cdf((-c - math.sqrt(rho) * y) / math.sqrt(1 - rho))
                    if two_sided
                    else 0
                )
                return stats.norm.pdf(y) * (above - below) ** variants

            return 1 - integrate.quad(at, -12, 12, epsabs=1e-14, epsrel=1e-13, limit=500)[0]

        critical = optimize.brentq(lambda c: outside(c) - alpha, 0, 10, xtol=1e-13)
        each = (2 if two_sided else 1) * stats.norm.sf(critical)
        rows.append((alpha, two_sided, ratio, variants, each))
    write(
        "dunnett.csv",
        f"{SCIPY}: root of 1 - integrate.quad of the product of normal probabilities given the"
        " control's mean, less alpha; the tail beyond it",
        ["alpha", "two_sided", "ratio", "variants", "each"],
        rows,
        script=SCRIPT,
    )


if __name__ == "__main__":
    mann_whitney()
    signed_rank()
    fisher()
    score_intervals()
    poisson_ratios()
    permutations()
    powers()
    dunnett()
