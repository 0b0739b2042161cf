"""What groupbot says: `Catalogue` gives a text by key; `wording`: how texts are written, `speech`: how values are."""

from groupbot.messages.catalogue import TABLES, Catalogue, compile_text

__all__ = ["TABLES", "Catalogue", "compile_text"]
