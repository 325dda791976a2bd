from .embeddings import EmbeddingResult as EmbeddingResult
from .embeddings import in_format as in_format
from .prices import Price as Price
from .provider_errors import (
    ProviderCut as ProviderCut,
)
from .provider_errors import (
    ProviderError as ProviderError,
)
from .provider_errors import (
    ProviderFailed as ProviderFailed,
)
from .provider_errors import (
    ProviderRateLimited as ProviderRateLimited,
)
from .provider_errors import (
    ProviderRefused as ProviderRefused,
)
from .provider_errors import (
    ProvidersBusy as ProvidersBusy,
)
from .provider_errors import (
    ProviderTimeout as ProviderTimeout,
)
from .provider_errors import (
    ResidencyUnmet as ResidencyUnmet,
)
from .provider_errors import (
    RouteInvalid as RouteInvalid,
)
from .providers import Providers as Providers
from .route_terms import RouteTerms as RouteTerms
from .routes import (
    DEFAULT_ROUTE as DEFAULT_ROUTE,
)
from .routes import (
    REHEARSAL as REHEARSAL,
)
from .routes import (
    EmbeddingModel as EmbeddingModel,
)
from .routes import (
    ModelRoute as ModelRoute,
)
from .routes import (
    default_routes as default_routes,
)
from .stream import Attempt as Attempt
from .stream import Completion as Completion
from .stream import CompletionStream as CompletionStream
from .token_count import count_tokens as count_tokens
from .transcripts import Recording as Recording
from .transcripts import TranscriptionResult as TranscriptionResult
