"""How a model was trained is kept with it, and its card says it."""

import json
from pathlib import Path

from name_model.card import card
from name_model.trainings import Average, Training, averages_of, trainings_of

TRAINING = {"documents": 900, "nobody": 300, "styles": 40, "own": 0, "pieces": 1_000_000, "seed": 7}


def test_a_mean_with_an_earlier_model_is_in_the_card(tmp_path: Path) -> None:
    config = {"trainings": [TRAINING, TRAINING], "averages": [{"training": 2, "other": 1, "share": 0.4}]}
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    trainings, averages = trainings_of(tmp_path), averages_of(tmp_path)
    assert averages == [Average(training=2, other=1, share=0.4)]
    text = card(trainings, averages, [], layers=4, origins=98, own_texts=False)
    assert "averaged with that after training 1, which counts 0.4." in text


def test_a_model_without_a_mean_has_none(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"trainings": [TRAINING]}), "utf-8")
    assert averages_of(tmp_path) == []
    assert trainings_of(tmp_path) == [Training(**TRAINING)]
