"""Notices by email (SMTP) and webhook of new, due and overdue advice, of alerts and of concerns.

They hold ids, policies, times and addresses of pages; nothing about any person.
"""

from gateway.notices.dispatcher import NoticeDispatcher
from gateway.notices.notice_settings import NoticeSettings

__all__ = ["NoticeDispatcher", "NoticeSettings"]
