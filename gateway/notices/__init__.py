"""Notices by email (SMTP) and webhook of new, due and overdue advice, of alerts and of concerns.

They hold ids, policies, times and addresses of pages; nothing about any person.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.notices.dispatcher import NoticeDispatcher
    from gateway.notices.notice_settings import NoticeSettings
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = ["NoticeDispatcher", "NoticeSettings"]
