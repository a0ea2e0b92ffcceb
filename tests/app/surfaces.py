"""Fields of known roughness, to be written into files of every kind."""

import numpy as np


def surface(shape, hurst=0.5, seed=3):
    """A periodic Gaussian field, from its spectrum."""
    rng = np.random.default_rng(seed)
    k = np.sqrt(sum(np.meshgrid(*[np.fft.fftfreq(n, 1 / n) ** 2 for n in shape], indexing="ij")))
    k[(0,) * len(shape)] = np.inf
    return np.fft.ifftn(np.fft.fftn(rng.standard_normal(shape)) * k ** (-hurst - len(shape) / 2)).real * 100
