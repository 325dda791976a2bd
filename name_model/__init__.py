"""Training the name model that the gateway ships: `make name-model`.

1. `documents.py` reads the documents with slots of `documents/`.
2. `names.py` draws persons' names from many sources.
3. `filling.py` fills a document with names, and knows where they stand.
4. `writing.py` writes a filled document as somebody else would: as speech, in small letters, with slips.
5. `windows.py` makes of that what the model is given.
6. `encoder.py` is the network, begun from Rampart's weights.
7. `training.py` trains it; `exporting.py` makes it an 8-bit ONNX model; `measuring.py` measures that.
8. `__main__.py` does it all, and writes the card.
"""
