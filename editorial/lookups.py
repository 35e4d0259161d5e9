from django.core.exceptions import EmptyResultSet
from django.db.models.lookups import In


class InWhatAColumnHolds(In):
    """``in`` without what no column can hold, which ``exact`` leaves out too: SQLite stumbles."""

    def batch_process_rhs(self, compiler, connection, rhs=None):
        kind = self.lhs.output_field.get_internal_type()
        low, high = connection.ops.integer_field_range(kind)
        values = self.rhs if rhs is None else rhs
        held = [each for each in values if not isinstance(each, int) or low <= each <= high]
        if not held:
            raise EmptyResultSet
        return super().batch_process_rhs(compiler, connection, held)
