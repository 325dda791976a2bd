"""litellm, imported so that it neither calls home nor prints what it handles. The only place that
imports it.
"""

import logging
import os
import threading
import warnings
from typing import Any, Final

_OFFLINE: Final = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_BLOG_POSTS": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOCAL_AUTOROUTER_PRESETS": "True",
    "LITELLM_LOCAL_POLICY_TEMPLATES": "True",
    "LITELLM_TELEMETRY": "False",
    "LITELLM_MODE": "PRODUCTION",  # else it reads a .env file of the current folder
    "LITELLM_LOG": "CRITICAL",
    "DO_NOT_TRACK": "1",
}
"""Set before the import: litellm reads them while it is imported, and fetches from the network without them.
"""

_lock = threading.Lock()


def import_litellm() -> Any:
    """The module, switched off in all but its transformations. Takes seconds the first time."""
    with _lock:
        os.environ.update(_OFFLINE)
        warnings.filterwarnings(
            "ignore", message=".*`ReadOnly` qualifier", category=UserWarning
        )  # litellm's types
        import litellm

        _switch_off(litellm)
    return litellm


def _switch_off(litellm: Any) -> None:
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.set_verbose = False
    litellm.drop_params = False  # a field that a provider has not is an error, never dropped in silence
    litellm.modify_params = False
    litellm.turn_off_message_logging = True
    for name in ("callbacks", "input_callback", "success_callback", "failure_callback", "service_callback"):
        setattr(litellm, name, [])
    litellm._async_success_callback = []
    litellm._async_failure_callback = []
    _silence_loggers()


def _silence_loggers() -> None:
    """At every level: litellm's log lines hold prompts, answers and what providers sent."""
    for name in [*logging.root.manager.loggerDict, "LiteLLM", "LiteLLM Router", "LiteLLM Proxy"]:
        if name.lower().startswith("litellm"):
            logger = logging.getLogger(name)
            logger.disabled = True
            logger.propagate = False
            logger.handlers = [logging.NullHandler()]
