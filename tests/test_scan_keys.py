import random

from rejoinder.scan.keys import RECENT, Keys


def test_it_is_a_set():
    """What was taken in is in it, and nothing else, however much there is."""
    rng = random.Random(1)
    numbers = [rng.getrandbits(64) for _ in range(RECENT * 9 + 7)]
    keys = Keys()
    keys.update(numbers)
    keys.update(numbers[:100])
    assert all(number in keys for number in numbers)
    assert not any(rng.getrandbits(64) in keys for _ in range(1000))
    assert len(keys.recent) + sum(map(len, keys.runs)) == len(numbers)
