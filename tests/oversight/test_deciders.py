"""The measures tell somebody who reads from somebody who does not, by decisions that are made through the API."""

from pathlib import Path

from audit import verify_directory
from tests.bench.deciders import measured, needed, trial
from tests.bench.diligence import KINDS
from tests.waiting import wait_for

READS_ALL, _, RUBBER_STAMPS, _ = KINDS


def test_measures_and_alerts_tell_who_reads_from_who_does_not(tmp_path: Path) -> None:
    with trial(tmp_path) as played:
        for kind in (READS_ALL, RUBBER_STAMPS):
            played.play(kind, 25)
        wait_for(lambda: any(one["type"] == "alert.raised" for one in played.site.events()))
        figures = measured(played.site)
        sizes = needed(played.site, {"hasty"})
        events = played.site.events()
        folder = played.site.settings.data
    careful, hasty = (figures["time_to_decide"][kind.name]["interval"] for kind in (READS_ALL, RUBBER_STAMPS))
    assert hasty[1] < careful[0]
    assert figures["hasty"][READS_ALL.name]["value"] == 0
    assert figures["hasty"][RUBBER_STAMPS.name]["value"] == 1
    assert sizes["hasty"][RUBBER_STAMPS.name] == 10
    assert {one["policy"]["id"] for one in events if one["type"] == "alert.raised"} == {RUBBER_STAMPS.name}
    assert verify_directory(folder).size == len(events)
