"""Credentials of computers: anyone who holds one can act as its owner."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier

_PRIVATE_KEY = r"(?:[A-Z]+ )?PRIVATE KEY-----"
_AFTER = r"(?<![A-Za-z0-9_-])"

CREDENTIAL = Identifier(
    type="CREDENTIAL",
    what="keys and tokens of computer services (AWS, GitHub, GitLab, Slack, OpenAI, Google, Stripe, this gateway's"
    " own), JSON web tokens (RFC 7519) and private keys (RFC 7468)",
    forms={
        rf"{_AFTER}(?:AKIA|ASIA)[A-Z0-9]{{16}}(?![A-Za-z0-9])": ALONE,
        rf"{_AFTER}(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|hf_|sk-|sk_live_|rk_live_|whsec_|cs_(?:app|person)_"
        r"|AIza|SG\.|xox[abeprs]-|xapp-)[A-Za-z0-9_.-]{16,255}": ALONE,
        rf"{_AFTER}eyJ[A-Za-z0-9_-]{{8,4000}}\.eyJ[A-Za-z0-9_-]{{8,8000}}\.[A-Za-z0-9_-]{{0,2000}}": ALONE,
        rf"-----BEGIN {_PRIVATE_KEY}[A-Za-z0-9+/=\s]{{16,20000}}-----END {_PRIVATE_KEY}": ALONE,
    },
    prefilter=r"akia|asia|gh[pousr]_|github_pat|glpat|npm_|pypi-|hf_|sk[-_]|rk_live|whsec|cs_|aiza|sg\.|xox|xapp|eyj"
    r"|private key",
    certain=ALONE,
    examples=("ghp_EXAMPLENOTAREALGITHUBTOKEN0000000000",),
)
