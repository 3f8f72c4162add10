"""Bringing in answers: the rate, the tries, what a crash leaves, on a clock that nobody waits for."""

import gzip
import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from boxout.cli.progress import Count
from boxout.errors import SourceUnavailable
from boxout.importing import Folder, Polite, bring
from boxout.model import Importer, Request, Unanswered, Wanted

SEASON = Wanted("2025-26")
LIST = Request("list.json.gz", {"what": "list"}, kept_s=3600)
OFFLINE = Unanswered("cannot be reached", is_passing=True)
BUSY = Unanswered("asked too much (429)", is_passing=True, wait_s=40)
BROKEN = Unanswered("answers 500", is_passing=True, is_of_one=True)
FORBIDDEN = Unanswered("refuses this machine (403)", is_passing=False)


def thing(number) -> Request:
    return Request(f"things/{number}.json.gz", {"what": str(number)})


def fault(request, answer):
    return None if answer.startswith(b"whole") else "it is cut off"


class Source:
    """A list of things, and each thing; what goes wrong is said per request, in order."""

    def __init__(self, folder, things=4) -> None:
        self.folder, self.things = folder, things
        self.now_s, self.told, self.asked, self.at = 0.0, [], [], []
        self.wrong: dict[str, list[object]] = {}
        self.importer = Importer(
            "shop",
            {
                "list": lambda _wanted, _read: [LIST],
                "things": lambda _wanted, read: [thing(n) for n in read(LIST).decode().split()[1:]],
            },
            connect=lambda: self.ask,
            fault=fault,
            refuses=lambda _: None,
            pause_s=2.0,
        )

    def ask(self, request):
        self.asked.append(request.asked["what"])
        self.at.append(self.now_s)
        wrong = self.wrong.get(request.asked["what"])
        found = wrong.pop(0) if wrong else None
        if isinstance(found, BaseException):
            raise found
        if isinstance(found, bytes):
            return found
        listed = " ".join(f"t{n}" for n in range(self.things))
        return b"whole " + (listed if request == LIST else request.file).encode()

    def clock(self):
        return datetime(2026, 2, 3, tzinfo=UTC) + timedelta(seconds=self.now_s)

    def sleep(self, seconds):
        self.now_s += seconds

    def bring(self, *, draw=0.0, **options):
        polite = Polite(
            self.importer, self.ask, lambda: self.now_s, self.sleep, lambda: draw, self.told.append
        )
        folder = Folder(self.folder, self.clock)
        self.asked = []
        return bring(polite, SEASON, folder, lambda _, n: nullcontext(Count(n)), **options)


THINGS = ["t0", "t1", "t2", "t3"]


@pytest.fixture
def shop(tmp_path) -> Source:
    return Source(tmp_path / "shop")


def lines(shop):
    text = (shop.folder / "manifest.jsonl").read_text()
    return [json.loads(one) for one in text.splitlines() if one]


def test_every_answer_is_kept_as_it_came_with_what_was_asked_and_when(shop):
    brought = shop.bring()
    assert len(brought.files) == 5
    assert gzip.decompress(shop.folder.joinpath("list.json.gz").read_bytes()) == (
        b"whole t0 t1 t2 t3"
    )
    first = lines(shop)[0]
    assert (first["file"], first["asked"]) == ("list.json.gz", {"what": "list"})
    assert first["at"] == "2026-02-03T00:00:00+00:00"
    assert not list(shop.folder.rglob(".part-*"))


def test_between_two_requests_lies_the_pause_and_up_to_half_of_it_more(shop):
    shop.bring()
    assert shop.at == [0, 2, 4, 6, 8]
    other = Source(shop.folder.parent / "other")
    other.bring(draw=1.0)
    assert other.at == [0, 3, 6, 9, 12]


def test_an_interrupted_import_asks_for_exactly_what_is_missing(shop):
    shop.wrong = {THINGS[2]: [KeyboardInterrupt()]}
    with pytest.raises(KeyboardInterrupt):
        shop.bring()
    brought = shop.bring()
    assert shop.asked == THINGS[2:]
    assert (len(brought.files), brought.kept) == (5, 3)
    shop.bring()
    assert shop.asked == []


@pytest.mark.parametrize("harm", ["cut", "gone", "line cut", "other question"])
def test_an_answer_that_is_not_whole_on_disk_is_asked_for_again(shop, harm):
    shop.bring()
    kept, manifest = shop.folder / thing("t3").file, shop.folder / "manifest.jsonl"
    if harm == "cut":
        kept.write_bytes(kept.read_bytes()[:-5])
    elif harm == "gone":
        kept.unlink()
    elif harm == "line cut":
        manifest.write_bytes(manifest.read_bytes().rstrip()[:-9])
    else:
        manifest.write_text(manifest.read_text().replace('"what": "t3"', '"what": "x"'))
    shop.bring()
    assert shop.asked == THINGS[3:]
    shop.bring()
    assert shop.asked == []


def test_a_list_that_is_old_is_asked_for_again_and_brings_what_is_new(shop):
    shop.bring()
    shop.now_s += 3601
    shop.things = 5
    shop.bring()
    assert shop.asked == ["list", "t4"]


def test_all_is_asked_for_again_when_a_person_says_so(shop):
    shop.bring()
    shop.now_s += 10
    shop.bring(since=shop.clock())
    assert shop.asked == ["list", *THINGS]


def test_a_source_that_is_asked_too_much_is_left_alone_as_long_as_it_says(shop):
    shop.wrong = {THINGS[0]: [BUSY, BUSY]}
    brought = shop.bring()
    assert brought.lacking == {}
    assert shop.asked == ["list", THINGS[0], THINGS[0], *THINGS]
    assert shop.at[:4] == [0, 2, 42, 82]
    assert shop.told == ["things/t0.json.gz: asked too much (429); asked again in 40 s"] * 2


def test_tries_come_at_growing_distances_and_end(shop):
    shop.wrong = {"list": [OFFLINE] * 9}
    with pytest.raises(
        SourceUnavailable, match=r"shop: cannot be reached\. Stopped after request 5"
    ):
        shop.bring()
    assert shop.at == [0, 5, 15, 35, 75]
    assert not shop.folder.exists()


def test_a_source_that_wants_an_hour_is_not_waited_for(shop):
    shop.wrong = {"list": [Unanswered("busy", is_passing=True, wait_s=3600)]}
    with pytest.raises(SourceUnavailable, match="Run it again later"):
        shop.bring()
    assert shop.at == [0]


def test_a_source_that_refuses_is_not_asked_twice(shop):
    shop.wrong = {THINGS[1]: [FORBIDDEN]}
    with pytest.raises(SourceUnavailable, match=r"Whole answers in .*shop: 2\."):
        shop.bring()
    assert shop.asked == ["list", *THINGS[:2]]


def test_a_garbled_answer_is_not_kept_and_asked_for_again(shop):
    shop.wrong = {THINGS[1]: [b"garbled"]}
    brought = shop.bring()
    assert shop.asked == ["list", THINGS[0], THINGS[1], *THINGS[1:]]
    assert len(brought.files) == 5
    assert len(lines(shop)) == 5


def test_one_answer_that_cannot_be_had_does_not_hold_up_the_others(shop):
    shop.wrong = {THINGS[1]: [b"garbled"] * 5, THINGS[3]: [BROKEN] * 5}
    brought = shop.bring()
    assert len(brought.files) == 3
    assert brought.lacking == {
        thing("t1").file: "the answer is not whole: it is cut off",
        thing("t3").file: "answers 500",
    }


def test_three_in_a_row_without_an_answer_are_no_matter_of_one_request(shop):
    shop.wrong = dict.fromkeys(THINGS, [BROKEN] * 15)
    with pytest.raises(SourceUnavailable, match="answers 500"):
        shop.bring()
    assert THINGS[3] not in shop.asked


def test_an_answer_in_between_shows_that_the_source_is_well(shop):
    shop.wrong = {one: [BROKEN] * 5 for one in THINGS if one != THINGS[2]}
    assert len(shop.bring().lacking) == 3


def test_a_manifest_that_somebody_spoiled_names_no_answer(shop):
    shop.bring()
    manifest = shop.folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace("2026-02-03T", "yesterday "))
    shop.bring()
    assert shop.asked == ["list", *THINGS]


def test_a_round_cannot_be_asked_without_the_answer_that_names_it(shop):
    shop.wrong = {"list": [b"garbled"] * 5}
    with pytest.raises(SourceUnavailable, match="it is cut off"):
        shop.bring()
    assert set(shop.asked) == {"list"}
