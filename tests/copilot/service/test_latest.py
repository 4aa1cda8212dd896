from threading import Thread

from copilot.service.latest import Errand, LatestQueue


def errand(key: str, rank: int, given_up: list[str]) -> Errand:
    return Errand(key, rank, lambda: None, lambda: given_up.append(f"{key}{rank}"))


def taken(queue: LatestQueue) -> str:
    found = queue.take()
    assert found is not None
    queue.done(found.key)
    return found.key


def test_the_most_urgent_goes_first_and_among_equals_the_older() -> None:
    queue, given_up = LatestQueue(10), list[str]()
    for key, rank in (("a", 2), ("b", 0), ("c", 2), ("d", 1)):
        queue.put(errand(key, rank, given_up))
    assert [taken(queue) for _ in range(4)] == ["b", "d", "a", "c"]
    assert given_up == []


def test_a_newer_errand_takes_the_place_of_the_older_with_its_key() -> None:
    queue, given_up = LatestQueue(10), list[str]()
    queue.put(errand("a", 2, given_up))
    queue.put(errand("a", 1, given_up))
    assert given_up == ["a2"]
    assert taken(queue) == "a"
    assert not queue.holds("a")


def test_when_it_is_full_the_last_of_the_least_urgent_is_given_up() -> None:
    queue, given_up = LatestQueue(2), list[str]()
    for key, rank in (("a", 2), ("b", 2), ("c", 0)):
        queue.put(errand(key, rank, given_up))
    assert given_up == ["b2"]
    assert [taken(queue) for _ in range(2)] == ["c", "a"]


def test_one_key_runs_at_most_once_at_a_time() -> None:
    queue = LatestQueue(10)
    queue.put(errand("a", 0, []))
    first = queue.take()
    assert first is not None
    queue.put(errand("a", 0, []))
    queue.put(errand("b", 1, []))
    assert taken(queue) == "b"
    assert queue.holds("a")
    queue.done(first.key)
    assert taken(queue) == "a"


def test_closing_gives_up_what_waits_and_lets_the_takers_go() -> None:
    queue, given_up = LatestQueue(10), list[str]()
    waiting = Thread(target=queue.take)
    waiting.start()
    queue.put(errand("a", 0, given_up))
    waiting.join(5)
    queue.put(errand("b", 0, given_up))
    queue.close()
    queue.put(errand("c", 0, given_up))
    assert given_up == ["b0", "c0"]
    assert queue.take() is None
