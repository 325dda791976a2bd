"""Where the policies and prompts lie that the gateway starts with."""

from pathlib import Path


def shipped_policies() -> tuple[Path, Path]:
    """The folders of policies and prompts: the current folder's, else those in the package, else the
    checkout's.
    """
    package = Path(__file__).parents[1]
    for root in (Path.cwd(), package / "shipped", package.parent):
        if (root / "policies").is_dir() and (root / "prompts").is_dir():
            return root / "policies", root / "prompts"
    raise FileNotFoundError(
        "There are no folders policies/ and prompts/ here; name them in countersign.yaml."
    )
