"""What another system can fail with.

IntegrationError(system, operation)
  ServiceUnavailable(retry_after)   timeout, connection, 5xx, 429   -> tried again
  ServiceRejected(reason)           a refusal that will not change  -> shown to operators
  ServiceContractBroken             an answer not as agreed         -> shown to operators, never tried again by itself
"""

from typing import ClassVar


class IntegrationError(Exception):
    """Base: which system, which operation."""

    code: ClassVar[str] = "integration_error"

    def __init__(self, system: str, operation: str, detail: str = "") -> None:
        self.system = system
        self.operation = operation
        super().__init__(f"{system}.{operation}: {detail}" if detail else f"{system}.{operation}")


class ServiceUnavailable(IntegrationError):
    """Not reachable, too slow, overloaded."""

    code: ClassVar[str] = "service_unavailable"

    def __init__(
        self, system: str, operation: str, detail: str = "", retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(system, operation, detail)


class ServiceRejected(IntegrationError):
    """Understood and refused."""

    code: ClassVar[str] = "service_rejected"


class ServiceContractBroken(IntegrationError):
    """The answer is not what was agreed."""

    code: ClassVar[str] = "service_contract_broken"
