"""The evidence for an answer: the passages of the material behind each fact and sentence. Pure functions.

1. `facts.py`: what a fact is, and the keys by which two of the same value are one
2. `dates.py`, `number_words.py`, `numbers.py`, `identifiers.py`, `citations.py`, `name_facts.py`: the recognisers
3. `sentences.py`: sentences, and the words by which they are compared
4. `fact_finder.py`: one text, read by all of them
5. `material.py`: the request's texts, with an index of what they say
6. `neighbours.py`: a fact that is there, but belongs to something else
7. `sentence_model.py`, `sentence_support.py`: the passage that a sentence rests on
8. `clauses.py`, `polarity.py`: a sentence that its passage says with another "not" or "if"
9. `left_out.py`: what the answer does not mention
10. `evidence.py`: all of this, for one answer
11. `wrong_fact.py`: a good answer with one fact made wrong, for seeded checks

That something is in the material makes it neither true nor well used; that it is not there may be right (a sum of two
numbers). docs/evidence.md has how much is found, and how it was measured.
"""

from gateway.evidence.evidence import AnswerFact, AnswerSentence, Evidence, Omission, evidence_of
from gateway.evidence.material import Place
from gateway.evidence.name_facts import People
from gateway.evidence.planted_fault import PLANT_KINDS, PlantedFault, PlantKind, plant
from gateway.evidence.sentence_model import Embeds, SentenceModel, shipped_model

__all__ = [
    "PLANT_KINDS",
    "AnswerFact",
    "AnswerSentence",
    "Embeds",
    "Evidence",
    "Omission",
    "People",
    "Place",
    "PlantKind",
    "PlantedFault",
    "SentenceModel",
    "evidence_of",
    "plant",
    "shipped_model",
]
