"""What the picture of a week's or month's figures says: only what its message says, and the same of those before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from groupbot.messages import Catalogue
from groupbot.pictures.figures import Count, Rate, Told
from groupbot.rules.figures import Share

RATES = (("answered", "due"), ("heard", "hearable"), ("held", "known"))
# What would make a rate cheap is striking when there is any of it.
CHEAP = ("soon_answers", "soon_words", "downgrades", "second_dates", "vacant", "silent", "set_aside")
COUNTS = (
    "soon_answers", "soon_words", "downgrades", "second_dates", "reopenings",
    "unreachable", "posted", "open", "vacant", "silent",
)  # fmt: skip
IF_ANY = ("set_aside", "per")
OWN_TEXTS = ("soon_answers", "soon_words", "per")
NONE = "–"


def told(catalogue: Catalogue, language: str, params: Mapping[str, Any], now: datetime, source: str) -> Told:
    """The picture's words, from the allowed parameters of its message; `source` names the county. `now` is aware."""

    def text(key: str, **more: object) -> str:
        return catalogue.text(key, language, {**params, **more}, now)

    def rate(label: str, count: int, of: int, key: str = "picture_share") -> Rate:
        said = text(key, count=count, of=of) if of else NONE
        return {"label": label, "said": said, "percent": Share(of, count).percent}

    def term(name: str) -> str:
        return catalogue.term(f"figure.{name}", language)

    headline = rate(term("confirmed"), params["confirmed"], params["due"])
    trend = [(text("picture_day", at=at), confirmed, due) for at, confirmed, due in params["trend"]]
    before = [rate(*one) for one in trend]
    return {
        "title": text("picture_title"),
        "source": source,
        "percent": text("picture_percent"),
        "headline": {**headline, "said": text("picture_due")},
        "rates": [rate(term(name), params[name], params[of]) for name, of in RATES],
        "trend": text("picture_trend"),
        "weeks": [rate(*one, "picture_counts") for one in trend],
        "counts": _counts(text, term, params),
        "note": text("picture_note"),
        "alt": text("picture_alt", before=[f"{week['label']} {week['said']}" for week in before]),
    }


def _counts(text: Callable[..., str], term: Callable[[str], str], params: Mapping[str, Any]) -> Sequence[Count]:
    return [
        {
            "label": text(f"picture_{name}") if name in OWN_TEXTS else term(name),
            "said": text("picture_counts", count=params[name], of=params["all"])
            if name == "silent"
            else str(params[name]),
            "striking": name in CHEAP and params[name] > 0,
        }
        for name in (*COUNTS, *(name for name in IF_ANY if params.get(name) is not None))
    ]
