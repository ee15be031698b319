"""Lull: an offline voice that guides a mother through warming, massage and relaxation, hands free."""

__version__ = "0.1.0"
