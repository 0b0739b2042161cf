"""The benchmark itself: its text is what it says, its sums are right, and what is slow or missing is not hidden."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from groupbot.chat.sandbox import Sandbox
from groupbot.records import instant
from tests.bench import floors, peers, runs, table
from tests.bench.conditions import NotADisk, require_disk
from tests.bench.contestants import CONTESTANTS, Contestant, Sizes
from tests.bench.figures import FIGURES, NUMBERS, Figure, row
from tests.bench.laps import Measures
from tests.bench.text import FIRST_AT, posts, raw_update, with_slips

FASTER = Figure(1, "rate", ("ours", "per_s"), ("theirs", "per_s"), "them", "rate", 5, 10, True)
SLOWER = Figure(2, "time", ("ours", "each"), ("theirs", "each"), "them", "time", 6, 4)
SIZES = Sizes(10, 10, 10)


def measured(ours: float, theirs: float) -> dict[str, Measures]:
    return {"ours": {"per_s": ours, "each": ours}, "theirs": {"per_s": theirs, "each": theirs}}


@pytest.mark.parametrize(("ours", "verdict"), [(100, "goal"), (99, "least"), (50, "least"), (49, "BELOW LEAST")])
def test_a_rate_is_better_when_it_is_higher(ours: float, verdict: str) -> None:
    assert row(FASTER, [measured(ours, 10)]).verdict == verdict


@pytest.mark.parametrize(("ours", "verdict"), [(40, "goal"), (41, "least"), (60, "least"), (61, "BELOW LEAST")])
def test_a_time_is_better_when_it_is_lower(ours: float, verdict: str) -> None:
    assert row(SLOWER, [measured(ours, 10)]).verdict == verdict


def test_the_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    rounds = [measured(10, 10), measured(30, 10), measured(200, 100)]
    found = row(SLOWER, rounds)
    assert (found.judged, found.low, found.high, found.ours, found.theirs) == (2, 1, 3, 30, 10)


def test_what_failed_is_said_and_not_asked_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def fail(_: Sizes, __: Path) -> Measures:
        asked.append("asked")
        raise ValueError("no such disk")

    failing = Contestant("ours", frozenset({2}), fail)
    fine = Contestant("theirs", frozenset({2}), lambda _, __: {"each": 1.0})
    run = runs.run([failing, fine], 3, SIZES, tmp_path, lambda _: None)
    assert run.failed == {"ours": "ours: ValueError('no such disk')"}
    assert asked == ["asked"]
    assert [list(measures) for measures in run.rounds] == [["theirs"]] * 3
    assert list(tmp_path.iterdir()) == []


def test_every_other_round_runs_in_reversed_order(tmp_path: Path) -> None:
    order: list[str] = []
    two = [Contestant(name, frozenset({2}), lambda _, __: {"each": 1.0}) for name in ("a", "b")]
    runs.run(two, 3, SIZES, tmp_path, order.append)
    assert order == ["round 1: a", "round 1: b", "round 2: b", "round 2: a", "round 3: a", "round 3: b"]


def test_without_the_peer_its_rows_say_so_and_nothing_has_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_PEERS", str(tmp_path / "nowhere"))
    peer = Contestant("helpdesk", frozenset({1}), lambda sizes, folder: peers.helpdesk(sizes.peer_posts, folder))
    ours = Contestant("accept", frozenset({1}), lambda _, __: {"per_s": 1.0})
    run = runs.run([ours, peer], 2, SIZES, tmp_path, lambda _: None)
    found = table.rows(run, frozenset({1}))
    assert run.failed == {}
    assert table.reasons(found) == ["1 not measured: peer harness not found: BENCH_PEERS names its folder"]


def test_the_table_shouts_what_is_below_the_least() -> None:
    run = runs.Run(rounds=[{"parse": {"clean": 130e-6, "clean_floor": 5e-6, "slips": 60e-6, "slips_floor": 20e-6}}])
    console = Console(width=150, file=StringIO())
    console.print(table.table(table.rows(run, frozenset({18}))))
    lines = [line for line in console.file.getvalue().splitlines() if "parse" in line]  # type: ignore[attr-defined]
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
    look_up = "dictionary + difflib"
    assert cells == [
        ["18", "parse, clean", "130 us", look_up, "5 us", "26 (26-26)", "<= 12", "<= 10", "BELOW LEAST"],
        ["18", "parse, misspelt labels", "60 us", look_up, "20 us", "3 (3-3)", "<= 6", "<= 4", "goal"],
    ]


def test_a_folder_in_memory_is_refused() -> None:
    if not Path("/dev/shm").is_dir():
        pytest.skip("no file system in memory here")
    with pytest.raises(NotADisk, match="/dev/shm lies on tmpfs: choose a folder on a disk with --folder"):
        require_disk(Path("/dev/shm"))


def test_a_seed_makes_the_same_posts_again_and_no_two_alike() -> None:
    texts = [post.text for post in posts(300)]
    assert texts == [post.text for post in posts(300)]
    assert len({text.split("\n")[2].partition(" ")[2] for text in texts}) == 300
    assert texts != [post.text for post in posts(300, seed=5)]


def test_the_floor_reads_the_labels_it_is_measured_by() -> None:
    made = list(posts(300))
    clean = [floors.read_labels(post.text) == post.values for post in made]
    slipped = with_slips([post.text for post in made])
    slips = [floors.read_labels(text) == post.values for text, post in zip(slipped, made, strict=True)]
    assert sum(clean) == 300
    assert sum(text != post.text for text, post in zip(slipped, made, strict=True)) > 100
    assert sum(slips) > 285


def test_a_made_update_is_what_the_sandbox_itself_would_hand_over() -> None:
    (post,) = posts(1)
    sandbox = Sandbox()
    sandbox.add_person(post.user_id, f"Ward Admin {post.ward}", "ward_admin")
    sandbox.add_chat(post.service_code, "", "department", [post.user_id])
    at = instant(FIRST_AT) + timedelta(seconds=37)
    sandbox.post(post.service_code, post.user_id, post.text, at=at)
    ((number, raw),) = sandbox.updates_after(0, 10)
    assert raw.replace(f'"n":{number}', '"n":1') == raw_update(post)


def test_whoever_a_figure_needs_runs_when_only_that_figure_is_asked_for() -> None:
    running = {contestant.name: contestant.figures for contestant in CONTESTANTS}
    needed = [(figure.number, measure[0]) for figure in FIGURES for measure in (figure.ours, figure.theirs) if measure]
    assert [(number, name) for number, name in needed if number not in running[name]] == []
    assert NUMBERS == (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 18, 20, 21)
