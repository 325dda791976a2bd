"""Redaction: no personal data leaves unredacted.

`redactor.py` passes a request through these steps, a folder each:

1. `request/`: `walker.py` walks the request and `visitors.py` collects each text with its field. What can't be read is
   refused (`unreadable.py`).
2. `text/`: `normalised.py` normalises a text and maps every place back.
3. `decoders/`: `views.py` decodes what is encoded in it, with `standard.py`.
4. `detection/`: `detector.py` finds personal data: `recognisers/` find identifiers, `models/` read names, addresses
   and references. `allow_list.py` says what stays, `resolver.py` which findings stand, and `known_values.py` finds
   again, everywhere, what is known. Tools and schemas are grammar: only known values are looked for in them
   (`grammar.py`).
5. `pseudonyms/`: `coreference.py` says which mentions are one person's, `pseudonyms.py` numbers them, and the ids of
   tool calls; the text is written with the pseudonyms (`visitors.py` again).

The answer passes these, in `answers/`:

6. `texts.py` reads every text of an answer, whole or streamed (`stream_texts.py`).
7. `inspector.py` finds what the model added (`additions.py`), and `masking.py` masks it where a policy says so.
8. `restorer.py` puts the values back (`matcher.py`).

`redaction_settings.py` and `models/model_loading.py` say which models are used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
