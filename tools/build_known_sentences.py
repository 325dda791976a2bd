"""Makes what the shipped rules by example need at a start, so that no gateway computes it: the vectors of their
examples (gateway/evidence/sentence_model/known_sentences.npz) and what they learn (gateway/policy/learnt_rules.npz).

    python -m tools.build_known_sentences

Run it after a change of the examples of a shipped policy, of the ordinary sentences, of the model or of how rules
learn; tests say so. Without it the gateway computes what is missing at each start. What this writes is committed.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gateway.evidence.sentence_model import FOLDER, SentenceModel, sentence_key
from gateway.policy import PolicySet, load_policies
from gateway.policy.likeness import LEARNT, Solution, ordinary_sentences
from gateway.policy.requests import spelt_out

ROOT: Final = Path(__file__).parents[1]


def main() -> None:
    """Write both files, the same for the same sentences."""
    LEARNT.unlink(missing_ok=True)
    policies = load_policies(ROOT / "policies", ROOT / "prompts")
    model = SentenceModel()
    texts = learnt_sentences(policies)
    keys = np.array([list(sentence_key(text)) for text in texts], np.uint8)
    vectors = np.stack([model.computed(text) for text in texts]).astype(np.float16)
    np.savez(FOLDER / "known_sentences.npz", keys=keys, vectors=vectors)
    embed = SentenceModel()  # with the vectors as they are kept
    rules = [rule.learnt(embed) for policy in policies for rule in policy.likenesses.values()]
    kept = {rule.key: kept_solution(rule.solution) for rule in rules}
    np.savez(LEARNT, allow_pickle=False, **kept)
    print(f"{len(texts)} sentences, {len(rules)} rules")


def kept_solution(solution: Solution) -> NDArray[np.float32]:
    """A rule's solution as it is kept."""
    weights, unseen, shift = solution
    return np.stack([np.append(weights, shift), np.append(unseen, 0)]).astype(np.float32)


def learnt_sentences(policies: PolicySet) -> list[str]:
    """What the rules of these policies learn from, as it is compared, in order."""
    rules = [rule for policy in policies for rule in policy.likenesses.values()]
    texts = {text for rule in rules for text in (*rule.like, *rule.unlike)}
    return sorted({spelt_out(text) for text in (*texts, *ordinary_sentences())})


if __name__ == "__main__":
    main()
