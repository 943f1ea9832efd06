"""How a route names what it is given: ``principal: Given[Principal]``, ``connection: Given[Connection]`` and so on.

What there is to be given is in `leadconnect.app.DEPENDENCIES`. Values that we make ourselves are not validated again.
"""

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")
Given: TypeAlias = NamedDependency[SkipValidation[T]]
