"""What a change changes: items of lists, whole entries and the order of them, each once; and a policy in short."""

from gateway.policy import Difference, differences, summary
from tests.policy.conftest import Folder

BEFORE = """
refuse:
  - {id: no-songs, like: [Write a song., Sing to me.], unlike: [Who sang?], say: No songs.}
  - {id: no-poems, when: 'request.text.contains("poem")', say: No poems.}
caveats: [{id: check, say: Check it.}, {id: gone, say: Gone., confirm: true}]
redaction: {keep: [Leeds Court, Theft Act]}
examples:
  - {name: a song, request: {messages: [{role: user, content: Sing.}]}, expect: {outcome: refused}}
"""
AFTER = """
refuse:
  - {id: no-poems, when: 'request.text.contains("poem")', say: No verse.}
  - {id: no-songs, like: [Write a song., Hum a tune.], unlike: [Who sang?], say: No songs.}
caveats: [{id: check, say: Check it.}, {id: come, say: Come., when_like: [He is a risk.]}]
redaction: {keep: [Theft Act, Leeds Court]}
"""


def changed(folder: Folder, before: str, after: str) -> dict[str, Difference]:
    return {one.field: one for one in differences(folder.policy(before), folder.policy(after))}


def test_of_a_list_the_items_that_came_and_went_are_told(folder: Folder) -> None:
    found = changed(folder, BEFORE, AFTER)
    likes = found["refuse.no-songs.like"]
    assert (likes.removed, likes.added) == (["Sing to me."], ["Hum a tune."])
    assert "refuse.no-songs.unlike" not in found
    assert (found["refuse.no-poems.say"].before, found["refuse.no-poems.say"].after) == (
        "No poems.",
        "No verse.",
    )


def test_an_entry_that_is_new_or_gone_is_one_difference_without_its_defaults(folder: Folder) -> None:
    found = changed(folder, BEFORE, AFTER)
    assert found["caveats.gone"] == Difference("caveats.gone", "say: Gone.\nconfirm: true", None)
    assert found["caveats.come"] == Difference("caveats.come", None, "say: Come.\nwhen_like: He is a risk.")
    assert found["examples.a song"].after is None
    assert not [
        field for field in found if field.startswith(("caveats.gone.", "caveats.come.", "examples.a song."))
    ]


def test_another_order_is_a_difference(folder: Folder) -> None:
    found = changed(folder, BEFORE, AFTER)
    for field in ("refuse", "redaction.keep"):
        one = found[field]
        assert one.is_list
        assert (one.removed, one.added) == ([], [])
        assert (one.before or "").split("\n") == (one.after or "").split("\n")[::-1]


def test_a_list_that_is_emptied_is_told_entry_by_entry(folder: Folder) -> None:
    found = changed(folder, BEFORE, "")
    assert [field for field in found if field.startswith("refuse")] == ["refuse.no-songs", "refuse.no-poems"]
    assert set(changed(folder, "", BEFORE)) == set(found)


def test_a_policy_in_short_counts_its_rules_and_names_them(folder: Folder) -> None:
    found = {one.field: (one.count, one.text) for one in summary(folder.policy(BEFORE))}
    assert found["refuse"] == (2, "no-songs, no-poems")
    assert found["caveats"] == (2, "check, gone")
    assert found["examples"] == (1, "")
    assert found["words"] == (2, "")
    assert found["review"][1] == "gate release; deciders 1"
    assert found["redaction"][1] == "keep Leeds Court, Theft Act"
    assert found["applications"][1] == "casebook"
