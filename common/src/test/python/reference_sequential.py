"""Writes the reference values of what looks at experiments again and again.

Beside reference.py, with the same tools (there are the versions):

    VENV/bin/python common/src/test/python/reference_sequential.py
"""

import math

import numpy as np
from reference import PYTHON, SCIPY, TARGET, write
from scipy import integrate, optimize, stats

SCRIPT = "reference_sequential.py"
SEQUENTIAL = TARGET.parent / "sequential"


def confidence_sequences():
    """The bound of z from the mixture's integral; one-sided where (that - 1) * 2 is the ratio."""
    rows = []
    for alpha in (0.001, 0.05, 0.2):
        for sides in (1, 2):
            for tuned in (100.0, 5000.0):
                level = alpha if sides == 2 else 2 * alpha
                rho = math.sqrt(
                    (-2 * math.log(level) + math.log(-2 * math.log(level) + 1)) / tuned
                )
                for units in (30.0, 100.0, 5000.0, 200000.0):
                    bound = optimize.brentq(
                        lambda z: ratio(z, units, rho, sides) + math.log(alpha), 0.01, 30, xtol=1e-13
                    )
                    for z in (0.5, 2.5, 4.0, 7.0):
                        p = min(1.0, math.exp(-ratio(z, units, rho, sides)))
                        rows.append((alpha, sides, tuned, units, bound, z, p))
    write(
        "confidence-sequences.csv",
        f"{SCIPY}: integrate.quad of the likelihood ratio exp(theta z sqrt(N) - theta^2 N / 2) over"
        " stats.norm(0, rho); its root in z at 1 / alpha by optimize.brentq; one over it is p."
        " One-sided the ratio is twice that integral less 2 / sqrt(N rho^2 + 1), which is below that"
        " over the upper half",
        ["alpha", "sides", "tuned", "units", "bound", "z", "p"],
        rows,
        target=SEQUENTIAL,
        script=SCRIPT,
    )


def ratio(z, units, rho, sides):
    """The logarithm of the likelihood of the mixture against no effect."""
    precision = units + 1 / rho**2
    centre, width = z * math.sqrt(units) / precision, 1 / math.sqrt(precision)
    top = centre * z * math.sqrt(units) / 2

    def at(theta):
        exponent = theta * z * math.sqrt(units) - theta**2 * units / 2
        return math.exp(exponent - top + stats.norm.logpdf(theta, 0, rho))

    def over(low, high):
        return integrate.quad(at, low, high, epsabs=0, epsrel=1e-13, limit=500)[0]

    both = over(centre - 12 * width, centre + 12 * width)
    if sides == 2:
        return top + math.log(both)
    least = 2 / math.sqrt(units * rho**2 + 1) * math.exp(-top)
    upper = 2 * over(0, centre + 12 * width)
    assert 2 * both - least <= upper * (1 + 1e-12), "not on the safe side"
    return top + math.log(max(2 * both - least, 1e-300))


def posteriors():
    rows = []
    for estimate, error, mean, deviation in [
        (0.3, 0.2, 0.0, 0.5),
        (-0.3, 0.2, 0.1, 0.15),
        (1.0, 0.25, 0.0, 1.0),
        (6.0, 0.9, 0.0, 3.0),
        (12.0, 1.0, 0.0, 20.0),
        (-30.0, 1.5, 2.0, 10.0),
        (1e-9, 2e-9, 0.0, 1e-3),
        (0.01, 5.0, 0.2, 0.01),
    ]:
        precision = 1 / error**2 + 1 / deviation**2
        centre = (estimate / error**2 + mean / deviation**2) / precision
        width = 1 / math.sqrt(precision)
        posterior = stats.norm(centre, width)
        row = [estimate, error, mean, deviation, centre, width]
        row += [*posterior.interval(0.9), posterior.sf(0)]
        for sign in (-1, 1):
            # Of the wrong side, from zero to where the density ends.
            start = max(0.0, sign * centre - 12 * width)
            peak = max(start, sign * centre)
            points = [start, peak + 0.3 * width, peak + 2 * width, peak + 6 * width]
            points.append(peak + 14 * width)
            row.append(
                sum(
                    integrate.quad(
                        lambda x: x * posterior.pdf(sign * x), a, b, epsabs=0, epsrel=1e-12
                    )[0]
                    for a, b in zip(points, points[1:])
                )
            )
        rows.append(row)
    write(
        "normal-posteriors.csv",
        f"{SCIPY}: stats.norm(mean, sd).interval(0.9), .sf(0), integrate.quad of the effect's size"
        " below zero and above zero times its density",
        [
            "estimate",
            "standard_error",
            "prior_mean",
            "prior_deviation",
            "mean",
            "deviation",
            "low",
            "high",
            "above",
            "loss_below",
            "loss_above",
        ],
        rows,
        script=SCRIPT,
    )


def powers():
    """Densities on grids of 801 points between the bounds, by Simpson's rule."""
    rows = []
    looks = [0.2, 0.4, 0.6, 0.8, 1.0]
    designs = [
        (0.05, 2, "obf", lambda a, t: 2 * stats.norm.sf(stats.norm.isf(a / 2) / math.sqrt(t))),
        (0.05, 2, "pocock", lambda a, t: a * math.log(1 + (math.e - 1) * t)),
        (0.025, 1, "power:2", lambda a, t: a * t**2),
    ]
    for alpha, sides, name, spending in designs:
        bounds = []
        for k, t in enumerate(looks):
            before = spending(alpha / sides, looks[k - 1]) if k else 0.0
            spent = sides * (spending(alpha / sides, t) - before)
            bounds.append(
                optimize.brentq(
                    lambda b: crossings(looks[: k + 1], bounds + [b], 0.0, sides)[-1] - spent,
                    1.0,
                    8.0,
                    xtol=1e-11,
                )
            )
        for drift in (0.0, 1.0, 2.5, 3.3, 5.0):
            rows.append((alpha, sides, name, drift, sum(crossings(looks, bounds, drift, sides))))
        for power in (0.8, 0.9):
            drift = optimize.brentq(
                lambda d: sum(crossings(looks, bounds, d, sides)) - power, 1.0, 6.0, xtol=1e-10
            )
            rows.append((alpha, sides, name, drift, power))
    write(
        "powers.csv",
        f"{PYTHON.split(',')[0]} and {SCIPY}: densities between the bounds on grids of 801 points by"
        " Simpson's rule, crossings by stats.norm.sf, bounds and drifts by optimize.brentq; looks"
        " at 0.2, 0.4, 0.6, 0.8 and 1",
        ["alpha", "sides", "spending", "drift", "power"],
        rows,
        target=SEQUENTIAL,
        script=SCRIPT,
    )


def crossings(looks, bounds, drift, sides):
    """The probability of crossing first at each look, of both sides if two."""
    found = []
    grid, mass, before = np.zeros(1), np.ones(1), 0.0
    for t, bound in zip(looks, bounds):
        step, root = t - before, math.sqrt(t - before)
        high = bound * math.sqrt(t)
        out = stats.norm.sf((high - grid - drift * step) / root)
        if sides == 2:
            out = out + stats.norm.cdf((-high - grid - drift * step) / root)
        found.append(float(out @ mass))
        low = -high if sides == 2 else drift * t - 9 * math.sqrt(t)
        later = np.linspace(low, high, 801)
        density = stats.norm.pdf((later[:, None] - grid[None, :] - drift * step) / root) / root @ mass
        grid, mass, before = later, density * simpson(later), t
    return found


def simpson(points):
    weights = np.full(len(points), 2.0)
    weights[1::2] = 4.0
    weights[0] = weights[-1] = 1.0
    return weights * (points[1] - points[0]) / 3


if __name__ == "__main__":
    SEQUENTIAL.mkdir(parents=True, exist_ok=True)
    confidence_sequences()
    posteriors()
    powers()
