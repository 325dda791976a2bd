"""Trust policies (C2SP tlog-policy): read strictly, and asked whether enough witnesses cosigned."""

from itertools import combinations

import pytest

from audit.audit_errors import PolicyUnreadable
from audit.cosignature import COSIGNATURE, ML_DSA
from audit.signer import Signer
from audit.trust_policy import parse_policy
from tests.audit.logs import run, worked_tree

LOG = Signer.generate("log.example/log").verifier_key
KEYS = {
    name: Signer.generate(f"{name}.example/w", kind).verifier_key
    for name, kind in zip("abcdef", (COSIGNATURE, ML_DSA) * 3, strict=True)
}
WITNESSES = "".join(f"witness {name} {key}\n" for name, key in KEYS.items())


def satisfied(text: str, cosigned: str) -> bool:
    keys = {KEYS[name] for name in cosigned}
    return parse_policy(text.encode()).satisfied(lambda witness: witness.verifier_key in keys)


def test_the_specifications_example_of_two_levels() -> None:
    policy = (
        f"log {LOG}\n{WITNESSES}"
        "group X-witnesses 2 a b c\ngroup Y-witnesses any d e f\n"
        "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
    )
    for count in range(7):
        for chosen in combinations("abcdef", count):
            enough = len(set(chosen) & set("abc")) >= 2 and bool(set(chosen) & set("def"))
            assert satisfied(policy, "".join(chosen)) is enough


def test_spaces_tabs_comments_urls_and_names_that_are_not_ascii() -> None:
    policy = (
        f"# whose log\n\t log  {LOG}\thttps://log.example \n\n  # who cosigns\n"
        f"witness K\u00e4the {KEYS['a']} https://w.example/\u00fc\nquorum\tK\u00e4the\n"
    )
    assert satisfied(policy, "a")
    assert not satisfied(policy, "b")
    assert satisfied("quorum none\n", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum line"),
        (f"log {LOG}\n", "no quorum line"),
        ("quorum none\nquorum none\n", "line 2: there is one quorum line"),
        ("quorum a\n" + WITNESSES, "line 1: names a witness or group that no line above defines"),
        (WITNESSES + "group g 0 a b\nquorum g\n", "line 7: a group's threshold"),
        (WITNESSES + "group g 3 a b\nquorum g\n", "line 7: a group's threshold"),
        (WITNESSES + "group g 01 a b\nquorum g\n", "line 7: a group's threshold"),
        (WITNESSES + "group g all\nquorum g\n", "line 7: a group is"),
        (WITNESSES + "group g any a a\nquorum g\n", "line 7: a name is a member"),
        (WITNESSES + "group g any a\ngroup h any a b\nquorum h\n", "line 8: a name is a member"),
        (WITNESSES + "group g any none\nquorum g\n", "line 7: names a witness or group"),
        (WITNESSES + "group a any b\nquorum a\n", "line 7: this name is taken"),
        (f"witness none {KEYS['a']}\nquorum none\n", "line 1: this name is taken"),
        (f"witness a {KEYS['a']}\nwitness b {KEYS['a']}\nquorum a\n", "line 2: this public key stands"),
        (f"log {LOG}\nlog {LOG}\nquorum none\n", "line 2: this public key stands"),
        (f"log {KEYS['a']}\nquorum none\n", "line 1: this is a witness's key"),
        (f"witness a {LOG}\nquorum a\n", "line 1: this is a log's key"),
        ("log x+y+z\nquorum none\n", "line 1: the verifier key is not valid"),
        ("logs\nquorum none\n", "line 1: begins with none of"),
        ("quorum none\r\n", "line 1: holds a control character"),
    ],
    ids=str.__len__,  # keys are made anew in each process, and a test's name must be the same in all of them
)
def test_what_breaks_a_rule_is_named_by_its_line(text: str, said: str) -> None:
    with pytest.raises(PolicyUnreadable, match=said.replace("(", r"\(")):
        parse_policy(text.encode())


def test_verify_takes_keys_witnesses_and_quorum_from_the_policy(tmp_path, capsys) -> None:
    log = worked_tree(tmp_path / "tree")
    one, two = log["vkeys"]["witnesses"][:2]
    lines = f"log {log['vkeys']['log']}\nwitness one {one}\nwitness two {two}\nwitness away {KEYS['a']}\n"
    for rule, code in (("all one two", 0), ("2 one two away", 0), ("all one two away", 1), ("1 away", 1)):
        (tmp_path / "policy").write_text(f"{lines}group enough {rule}\nquorum enough\n")
        found, out, _ = run(
            capsys, "verify", tmp_path / "tree", "--any-entries", "--policy", tmp_path / "policy"
        )
        assert found == code, out
        assert ("not cosigned as the policy asks for" in out) is (code == 1)
    (tmp_path / "policy").write_text("quorum any\n")
    found, _, err = run(capsys, "verify", tmp_path / "tree", "--policy", tmp_path / "policy")
    assert found == 2
    assert "line 1" in err
