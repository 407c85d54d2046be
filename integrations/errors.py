"""What another system can fail with.

IntegrationError(system, operation)
  ServiceUnavailable(retry_after)   certainly not taken: no connection, 429, 503  -> tried again
  DeliveryUnclear                   sent, but no clear answer came back           -> looked up before it is sent again
  ServiceRejected                   a refusal that will not change by itself      -> waits for an operator
  ServiceContractBroken             an answer not as agreed                       -> waits for an operator
  LookUpInconclusive                the look-up cannot tell whether it arrived    -> waits for an operator
  ReportRefused                 a report whose sender is not proved              -> not looked at
  ReportMalformed               a report that is none                            -> told to its sender, shown to operators
"""

from typing import ClassVar


class IntegrationError(Exception):
    """Base: which system, which operation. `detail` and `status` (HTTP) carry no personal data: they are logged."""

    code: ClassVar[str] = "integration_error"

    def __init__(self, system: str, operation: str, detail: str = "", *, status: int | None = None) -> None:
        self.system = system
        self.operation = operation
        self.detail = detail
        self.status = status
        super().__init__(f"{system}.{operation}: {detail}" if detail else f"{system}.{operation}")


class ServiceUnavailable(IntegrationError):
    """Not reachable, or it says itself that it did not take the call. `retry_after` in seconds, if it said so."""

    code: ClassVar[str] = "service_unavailable"

    def __init__(
        self,
        system: str,
        operation: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.retry_after = retry_after
        super().__init__(system, operation, detail, status=status)


class DeliveryUnclear(IntegrationError):
    """The call went out; whether it was taken is not known."""

    code: ClassVar[str] = "delivery_unclear"


class ServiceRejected(IntegrationError):
    """Understood and refused."""

    code: ClassVar[str] = "service_rejected"


class ServiceContractBroken(IntegrationError):
    """The answer is not what was agreed."""

    code: ClassVar[str] = "service_contract_broken"


class LookUpInconclusive(IntegrationError):
    """The other system does not show enough to tell whether a delivery has arrived."""

    code: ClassVar[str] = "look_up_inconclusive"


class ReportRefused(IntegrationError):
    """The signature does not fit, or it is too old."""

    code: ClassVar[str] = "report_refused"


class ReportMalformed(IntegrationError):
    """`detail` names the field that is wrong, never what stood in it. `message_id`: as its sender numbers it."""

    code: ClassVar[str] = "report_malformed"

    def __init__(self, system: str, message_id: str, detail: str) -> None:
        self.message_id = message_id
        super().__init__(system, "report", detail)
