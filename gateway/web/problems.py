"""What is wrong with a form, as the error summary and the fields tell it."""

from dataclasses import dataclass, field

from gateway.web.language import Language


@dataclass
class Problems:
    """Texts by the field that each is about, in the order of the page."""

    language: Language
    found: dict[str, str] = field(default_factory=dict)

    def _(self, text: str) -> str:
        """`text` in the visitor's language."""
        return str(self.language.words.gettext(text))

    def add(self, name: str, text: str) -> None:
        """The field's problem; the first one stands."""
        self.found.setdefault(name, text)

    def of(self, name: str) -> dict[str, str] | None:
        """The field's error message as the GOV.UK macros take it."""
        return {"text": self.found[name]} if name in self.found else None

    @property
    def summary(self) -> list[dict[str, str]]:
        """Every problem with a link to its field."""
        return [{"text": text, "href": f"#{name}"} for name, text in self.found.items()]

    def __bool__(self) -> bool:
        return bool(self.found)
