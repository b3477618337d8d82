"""When things happen: customers by day and season, users in their office hours. All instants are UTC epoch seconds.

Only additions, products and tables, no logarithms: a last digit that differs between two machines would move a letter.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

HOUR = 3600
DAY = 24 * HOUR
YEAR_DAYS = 365

# How many letters come by hour of the day (UTC), by weekday from Monday, by month from January.
_BY_HOUR = (2, 1, 1, 1, 2, 4, 9, 18, 30, 38, 41, 36, 31, 33, 36, 37, 34, 27, 21, 18, 15, 11, 7, 4)
_BY_WEEKDAY = (118, 116, 108, 102, 90, 42, 34)
_BY_MONTH = (112, 92, 95, 96, 92, 86, 78, 80, 97, 104, 142, 178)

Random = Callable[[], float]


def arrivals(random: Random, count: int, until: int) -> Iterator[int]:
    """When each of `count` conversations begins, in order, over the year before `until`.

    The year is a row of hours with weights; conversation i is the i-th equal slice of the whole weight.
    """
    start = until - YEAR_DAYS * DAY
    sums = _hours(random, start)
    total = sums[-1]
    hour, below = 0, 0.0
    for number in range(count):
        target = (number + random()) * total / count
        while sums[hour] < target and hour < len(sums) - 1:
            below = sums[hour]
            hour += 1
        part = (target - below) / (sums[hour] - below)
        yield min(start + hour * HOUR + int(part * HOUR), until)


def _hours(random: Random, start: int) -> list[float]:
    sums = []
    total = 0.0
    for day in range(YEAR_DAYS):
        at = start + day * DAY
        month = datetime.fromtimestamp(at, UTC).month - 1
        growth = 55 + 65 * day / YEAR_DAYS
        mood = 0.8 + 0.4 * random()
        for hour in range(24):
            weekday = ((at + hour * HOUR) // DAY + 3) % 7
            of_day = _BY_HOUR[(at // HOUR + hour) % 24]
            total += of_day * _BY_WEEKDAY[weekday] * _BY_MONTH[month] * growth * mood * (0.5 + random())
            sums.append(total)
    return sums


# Quantiles of waiting times in seconds, shaped like a log-normal curve; between two of them we draw a line.
FIRST_ANSWER = (60, 260, 520, 900, 1500, 2400, 3600, 5100, 6900, 9000, 12000, 16000, 22000, 31000, 46000, 80000, 200000)
ANSWER = (90, 400, 900, 1600, 2500, 3700, 5200, 7000, 9500, 12800, 17500, 24000, 34000, 52000, 90000, 190000)
CUSTOMER = (180, 700, 1600, 3000, 5200, 8600, 14000, 22000, 36000, 60000, 90000, 150000, 260000, 500000, 1100000)
ASIDE = (30, 120, 240, 420, 700, 1100, 1800, 3000, 5000, 9000, 18000)
CHAT = (4, 9, 14, 19, 25, 32, 41, 54, 75, 120, 210)
GIVING_UP = (40000, 90000, 172800, 259200, 345600, 432000, 604800, 691200, 1209600)


def wait(random: Random, curve: tuple[int, ...]) -> int:
    """Seconds, drawn from one of the curves above; at least one."""
    place = random() * (len(curve) - 1)
    low = int(place)
    return curve[low] + int((place - low) * (curve[low + 1] - curve[low])) + 1


def at_work(random: Random, at: int, opens: int, closes: int) -> int:
    """The same instant if the user is at work then, else early in the next hours of work.

    `opens` and `closes` are seconds of the day; an eighth of the weekend is worked too.
    """
    day, second = divmod(at, DAY)
    if second >= closes:
        day, second = day + 1, 0
    weekday = (day + 3) % 7
    if weekday > 4 and random() > 0.12:
        day, second = day + 7 - weekday, 0
    if second < opens:
        early = random()
        second = opens + int(early * early * 4 * HOUR)
    return day * DAY + second


def awake(random: Random, at: int) -> int:
    """The same instant, or the next morning if it falls into the night."""
    second = at % DAY
    if second < 5 * HOUR:
        return at - second + 5 * HOUR + int(random() * 5 * HOUR)
    if second > 21 * HOUR + 1800 and random() < 0.7:
        return at - second + DAY + 5 * HOUR + int(random() * 6 * HOUR)
    return at
