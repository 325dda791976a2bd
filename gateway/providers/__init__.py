"""Models behind the gateway: routes, retries, fallbacks and errors in our words; litellm, and nothing else
knows of it.

A request and an answer are OpenAI's chat completions as dicts. Three ways lead to a provider: directly where
it speaks OpenAI's interface, by litellm's translations over our own client, or through litellm's whole call
(docs/decisions/0001). The rehearsal model stands in where there is none.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
