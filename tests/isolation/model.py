"""What accounts, people, permissions and leads are, in plain Python: the answers that the system has to give."""

import msgspec

GRANTS = ("canViewLeads", "canEditLeads", "canAddLeads", "canExportLeads")


class Lead(msgspec.Struct):
    """A lead of an account."""

    id: str
    name: str
    status: str
    is_deleted: bool = False


class Account(msgspec.Struct):
    """A tenant with all of its leads."""

    leads: dict[str, Lead] = msgspec.field(default_factory=dict)
    owner_is_active: bool = True

    def live(self) -> list[Lead]:
        """Return the leads that are not deleted."""
        return [lead for lead in self.leads.values() if not lead.is_deleted]


class Person(msgspec.Struct):
    """Somebody with a token. Owners have every grant."""

    account: Account
    user_id: str
    email: str
    token: str
    is_owner: bool
    grants: dict[str, bool] = msgspec.field(default_factory=dict)
    is_active: bool = True
    is_deleted: bool = False
    has_session: bool = True

    def refusal(self, *needed: str) -> int | None:
        """Return 401 for somebody who is out, 403 where a grant is missing, else None."""
        if self.is_deleted or not self.is_active or not self.has_session:
            return 401
        if self.is_owner:
            return None
        return None if self.may(*needed) else 403

    def may(self, *needed: str) -> bool:
        """Tell whether a sub-user has all of `needed`; changing and exporting leads need the right to view them."""
        implied = {"canEditLeads", "canExportLeads"}.intersection(needed)
        wanted = {*needed, "canViewLeads"} if implied else set(needed)
        return all(self.grants[grant] for grant in wanted)

    def finds(self, lead: Lead) -> bool:
        """Tell whether a lead is there for this person."""
        return lead.id in self.account.leads and not lead.is_deleted
