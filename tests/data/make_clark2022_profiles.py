"""Prints clark2022_profiles.csv: optimum and 95% profile intervals of E + A/x^alpha for the tables of Clark et al. (2022), by
dense grids that are refined around their best point, and bisection; numpy alone, without the program.

Objective: sum of squares of log L, E >= 0, 95% point of F(1, n - 3). Interval: between the outermost values under the limit.
"""
import csv
import os

import numpy as np
from scipy import optimize, stats

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROUTED = {"seed": "42", "k": "1", "routing_frequency": "0.5"}
ALPHAS = np.concatenate([np.linspace(-0.2, 0.6, 321), np.geomspace(0.603, 20, 160)])


def tables():
    """(router, column held, its value) -> sorted (x, loss); those with five points or more."""
    found = {}
    with open(os.path.join(FOLDER, "clark2022_routed_final_losses.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if any(row[k] != v for k, v in ROUTED.items()) or not row["loss_validation"] or row["router_type"] == "Dense":
                continue
            for held, x in (("num_experts", "dense_parameter_count"), ("dense_parameter_count", "num_experts")):
                found.setdefault((row["router_type"], held, row[held]), []).append((float(row[x]), float(row["loss_validation"])))
    return {k: sorted(v) for k, v in sorted(found.items()) if len(v) >= 5}


class Table:
    def __init__(self, points):
        self.f = np.log([x for x, _ in points])
        self.f -= self.f.mean()
        self.y = np.log([loss for _, loss in points])
        self.lowest = np.exp(self.y.min())

    def over_amplitude(self, alpha, e):
        """The objective minimised over log A for arrays alpha, E of one shape: best of a grid, then damped Gauss-Newton."""
        fall = -alpha[..., None] * self.f
        grid = np.linspace(-12, 2, 29)
        rest = [((self.y - np.log(e[..., None] + np.exp(np.clip(a + fall, -700, 700)))) ** 2).sum(-1) for a in grid]
        a, best = grid[np.argmin(rest, 0)], np.min(rest, 0)
        step = np.ones_like(a)
        for _ in range(12):
            term = np.exp(np.clip(a[..., None] + fall, -700, 700))
            share, r = term / (e[..., None] + term), self.y - np.log(e[..., None] + term)
            trial = a + step * (r * share).sum(-1) / np.maximum((share ** 2).sum(-1), 1e-300)
            value = ((self.y - np.log(e[..., None] + np.exp(np.clip(trial[..., None] + fall, -700, 700)))) ** 2).sum(-1)
            better = value <= best
            a, best, step = np.where(better, trial, a), np.where(better, value, best), np.where(better, 1, step / 3)
        return best

    def refined(self, objective, grid, low):
        """Least value of a function of one variable, and where: the grid, then finer ones around its best point."""
        for _ in range(6):
            values = objective(grid)
            i = int(np.argmin(values))
            best, at = values[i], grid[i]
            left, right = grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)]
            grid = np.union1d(np.linspace(max(left, low), right, 25), [at])
        return best, at

    def with_alpha(self, alpha):
        grid = np.concatenate([[0], np.linspace(0.02, 1.1, 82) * self.lowest])
        return self.refined(lambda e: self.over_amplitude(np.full_like(e, alpha), e), grid, 0)[0]

    def with_pedestal(self, e):
        return self.refined(lambda a: self.over_amplitude(a, np.full_like(a, e)), ALPHAS[::2], -2)[0]


    def optimum(self, alpha):
        """alpha of the best fit, from near the best point of the grids."""
        fits = [optimize.least_squares(lambda p: self.y - np.log(p[0] + np.exp(p[1] - p[2] * self.f)),
                                       [share * self.lowest, np.log((1 - share) * np.exp(self.y.mean())), alpha],
                                       bounds=([0, -np.inf, -2], [np.inf, np.inf, 20]), xtol=1e-15, ftol=1e-15, gtol=1e-15)
                for share in (1e-9, 0.3, 0.6, 0.9)]
        fit = min(fits, key=lambda f: f.cost)
        return 2 * fit.cost, fit.x[2]


def crossing(function, limit, inside, outside):
    for _ in range(26):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if function(middle) <= limit else (inside, middle)
    return (inside + outside) / 2


def ends(function, limit, grid, estimate):
    """Outermost values under the limit, in a grid with the estimate in it; infinite where the last one is under it."""
    grid = np.union1d(grid, [estimate])
    under = np.flatnonzero([function(v) <= limit for v in grid])
    low, high = under.min(), under.max()
    return (-np.inf if low == 0 else crossing(function, limit, grid[low], grid[low - 1]),
            np.inf if high == len(grid) - 1 else crossing(function, limit, grid[high], grid[high + 1]))


def main():
    print("router,fixed,value,alpha,alpha_low,alpha_high,E_low,E_high")
    for key, points in tables().items():
        table = Table(points)
        best, alpha = table.refined(lambda a, t=table: np.array([t.with_alpha(v) for v in a]), ALPHAS[::8], -2)
        if (polished := table.optimum(alpha))[0] < best:
            best, alpha = polished
        freedom = len(points) - 3
        limit = best * (1 + stats.t.ppf(0.975, freedom) ** 2 / freedom)
        low, high = ends(table.with_alpha, limit, ALPHAS[::4], alpha)
        _, pedestal = table.refined(lambda e, t=table: np.array([t.with_pedestal(v) for v in e]),
                                    np.linspace(0, 1.1, 34) * table.lowest, 0)
        e_low, e_high = ends(table.with_pedestal, limit, np.linspace(0, 2.5, 76) * table.lowest, pedestal)
        print(",".join([*key, *(f"{v:.7f}" for v in (alpha, low, high, max(e_low, 0), e_high))]), flush=True)


if __name__ == "__main__":
    main()
