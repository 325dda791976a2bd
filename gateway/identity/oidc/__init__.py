"""Somebody else's word for who a person is: an OpenID Connect provider, asked and verified.

It knows nothing of our people: `identity` makes one of the issuer and the subject that are given here.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
