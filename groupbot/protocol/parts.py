"""What all parts of a pack share: frozen, unknown keys refused; and the shapes that recur in them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Words = dict[str, tuple[str, ...]]  # language -> words
Names = dict[str, str]  # language -> name
NonEmpty = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Base of all parts of a pack: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
