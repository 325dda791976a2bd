"""Makes gateway/evidence/sentence_model/known_sentences.npz: the vectors of the shipped rules' examples.

    python -m tools.build_known_sentences

Run it after a change of the examples of a shipped policy, of the ordinary sentences or of the model; a test says so.
Without it the gateway computes what is missing at each start. What this writes is committed.
"""

from pathlib import Path
from typing import Final

import numpy as np

from gateway.evidence.sentence_model import FOLDER, SentenceModel, sentence_key
from gateway.policy import PolicySet, load_policies
from gateway.policy.likeness import ordinary_sentences
from gateway.policy.requests import spelt_out

ROOT: Final = Path(__file__).parents[1]


def main() -> None:
    """Write the file, the same for the same sentences."""
    model = SentenceModel()
    texts = learnt_sentences(load_policies(ROOT / "policies", ROOT / "prompts"))
    keys = np.array([list(sentence_key(text)) for text in texts], np.uint8)
    vectors = np.stack([model.computed(text) for text in texts]).astype(np.float16)
    np.savez(FOLDER / "known_sentences.npz", keys=keys, vectors=vectors)
    print(f"{len(texts)} sentences")


def learnt_sentences(policies: PolicySet) -> list[str]:
    """What the rules of these policies learn from, as it is compared, in order."""
    rules = [rule for policy in policies for rule in policy.likenesses.values()]
    texts = {text for rule in rules for text in (*rule.like, *rule.unlike)}
    return sorted({spelt_out(text) for text in (*texts, *ordinary_sentences())})


if __name__ == "__main__":
    main()
