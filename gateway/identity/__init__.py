"""The callers: applications with a key, people with a token and roles, and people who signed in to the pages.

An application can ask, never decide; a person decides in their own name. Keys and tokens are random 256-bit secrets,
stored as SHA-256 only, looked up on each request, so that revoking one works at once. With a passkey, whose secret
half never leaves their device, a person signs a decision.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
