"""What the worker does with an import: it plans it, or applies it, and notes what hinders that."""

import msgspec
import structlog
from pgqueuer.domain.models import Job

from leadconnect.auth.services import Services
from leadconnect.errors import LeadConnectError, ServiceBusy
from leadconnect.imports.actions import CannotBeStored
from leadconnect.imports.applying import apply
from leadconnect.imports.planning import Superseded, plan
from leadconnect.imports.upkeep import fail
from leadconnect.imports.waiting import Order
from leadconnect.worker.trying import FINAL, JobParked, Timing, refusal

_log = structlog.get_logger()


class ImportHandler:
    """Carries out orders to plan or to apply an import."""

    def __init__(self, services: Services, timing: Timing) -> None:
        self._services = services
        self._timing = timing

    async def handle(self, job: Job) -> None:
        """Carry out the order in `job`. What is wrong with the file or its data is noted at the import and not tried
        again.

        Raises:
            RetryRequested: it failed and is to be tried again.
            JobParked: it failed for the last time, and the import says so.
        """
        order, failure, is_final = None, "", False
        try:
            order = msgspec.json.decode(job.payload or b"", type=Order)
            await self._carry_out(order)
        except Superseded:
            _log.info("import_superseded", job_id=job.id, import_id=str(order.import_id) if order else None)
        except Exception as error:
            failure, is_final = type(error).__name__, isinstance(error, FINAL)
        if failure:
            import_id = str(order.import_id) if order else None
            raised = refusal(self._timing, job, failure, None, is_final=is_final, import_id=import_id)
            if order is not None and isinstance(raised, JobParked):
                await self._note(order, CannotBeStored() if is_final else LeadConnectError())
            raise raised

    async def _carry_out(self, order: Order) -> None:
        try:
            if order.is_apply:
                await apply(self._services, order.key, order.actor_id)
            else:
                await plan(self._services, order.key)
        except ServiceBusy:
            raise
        except LeadConnectError as error:
            await self._note(order, error)

    async def _note(self, order: Order, error: LeadConnectError) -> None:
        await fail(self._services.database, order.key, error)
