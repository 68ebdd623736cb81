"""How notebooks show the estimator."""

from __future__ import annotations

from typing import Any

from ._notebook import summary_html
from ._rows import normal_names


class ShownInNotebooks:
    """Estimators: scikit-learn's diagram, and, once it is fitted, its summary and a small picture."""

    def _repr_html_inner(self: Any) -> str:
        diagram: str = super()._repr_html_inner()  # type: ignore[misc]
        if not self._is_fitted():
            return diagram
        names = normal_names(getattr(self, "feature_names_in_", []))
        return diagram + summary_html(self.summary(), self.mixture_, names)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        shown: dict[str, str] = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        if "text/html" in shown:
            shown["text/html"] = self._repr_html_inner()
        return shown
