"""The probability distributions that the suite's statistics need, on the standard library alone.

The program has no scipy; a test compares these with it.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_TINY = 1e-300  # keeps the continued fraction from dividing by nothing
_CLOSE = 1e-15
_MOST_STEPS = 10_000


def normal_quantile(probability: float) -> float:
    """The value below which a standard normal variable falls with this probability.

    Args:
        probability: above 0 and below 1.

    Raises:
        ValueError: any other probability.
    """
    if not 0 < probability < 1:
        raise ValueError(f"A probability lies between 0 and 1; this is {probability}.")
    return NormalDist().inv_cdf(probability)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b): the distribution function of a beta variable.

    The continued fraction 26.5.8 of Abramowitz and Stegun (1964), evaluated by Lentz's method; where it
    converges slowly, the symmetry I_x(a, b) = 1 - I_{1-x}(b, a) is used.

    Args:
        a, b: above 0.
        x: 0 to 1.

    Raises:
        ValueError: an argument out of range.
    """
    if a <= 0 or b <= 0 or not 0 <= x <= 1:
        raise ValueError(f"The incomplete beta function knows no a={a}, b={b}, x={x}.")
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / (a * _fraction(a, b, x))


def _fraction(a: float, b: float, x: float) -> float:
    """The denominator of the continued fraction, 1 + d1/(1 + d2/(1 + ...)), by Lentz's method."""
    value = numerator = 1.0
    denominator = 0.0
    for step in range(1, _MOST_STEPS):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        denominator = 1.0 / _away_from_zero(1.0 + term * denominator)
        numerator = _away_from_zero(1.0 + term / numerator)
        change = numerator * denominator
        value *= change
        if abs(change - 1.0) < _CLOSE:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_above(value: float, freedom: float) -> float:
    """The probability that a Student t variable lies above a value.

    Args:
        value: any number, infinities included.
        freedom: degrees of freedom, above 0.

    Raises:
        ValueError: no degrees of freedom, or the value is not a number.
    """
    if freedom <= 0 or math.isnan(value):
        raise ValueError(f"Student's t knows no value {value} with {freedom} degrees of freedom.")
    if math.isinf(value):
        return 0.0 if value > 0 else 1.0
    near = value * value / (freedom + value * value)
    if near < 1.5 / (freedom / 2 + 2.5):  # close to the middle, where 1 - near would lose its digits
        tail = 0.5 * (1.0 - incomplete_beta(0.5, freedom / 2, near))
    else:
        tail = 0.5 * incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value))
    return tail if value >= 0 else 1.0 - tail


def t_quantile(probability: float, freedom: float) -> float:
    """The value below which a Student t variable falls with this probability; found by halving.

    Args:
        probability: above 0 and below 1.
        freedom: degrees of freedom, above 0.

    Raises:
        ValueError: an argument out of range.
    """
    if not 0 < probability < 1:
        raise ValueError(f"A probability lies between 0 and 1; this is {probability}.")
    if probability < 0.5:
        return -t_quantile(1.0 - probability, freedom)
    low, high = 0.0, 1.0
    while t_above(high, freedom) > 1.0 - probability:
        low, high = high, high * 2.0
    while high - low > 1e-12 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if t_above(middle, freedom) > 1.0 - probability else (low, middle)
    return (low + high) / 2


def coin_at_least(heads: int, tosses: int) -> float:
    """The probability of at least so many heads in so many tosses of a fair coin; exact.

    Args:
        heads: 0 to tosses.
        tosses: 0 or more.

    Raises:
        ValueError: an argument out of range.
    """
    if not 0 <= heads <= tosses:
        raise ValueError(f"{heads} of {tosses} tosses cannot be heads.")
    ways = sum(math.comb(tosses, count) for count in range(heads, tosses + 1))
    return float(ways / 2**tosses)
