"""Notices by email (SMTP) and webhook of new, due and overdue advice, of alerts and of concerns.

They hold ids, policies, times and addresses of pages; nothing about any person.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
