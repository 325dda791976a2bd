from .dispatcher import NoticeDispatcher as NoticeDispatcher
from .notice_settings import NoticeSettings as NoticeSettings
