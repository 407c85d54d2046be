"""Registers a component only where Rasa's recipe is loaded already: importing the recipe would import TensorFlow."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

C = TypeVar("C", bound=type)


def register(component_type: str, *, is_trainable: bool) -> Callable[[C], C]:
    """Decorator. When serving or testing there is no recipe and nothing to register with."""
    recipe = sys.modules.get("rasa.engine.recipes.default_recipe")
    if recipe is None:
        return lambda cls: cls
    kind = recipe.DefaultV1Recipe.ComponentType[component_type]
    decorator: Callable[[C], C] = recipe.DefaultV1Recipe.register(kind, is_trainable=is_trainable)
    return decorator
