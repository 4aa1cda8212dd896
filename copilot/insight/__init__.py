"""Insight: what a desk's figures are, each with what was counted, out of what, and what was left out."""

from copilot.insight.customer_kpis import customer_kpis, save_rate
from copilot.insight.desk_kpis import desk_kpis
from copilot.insight.kpi import Excluded, Kpi
from copilot.insight.window import Window

__all__ = ["Excluded", "Kpi", "Window", "customer_kpis", "desk_kpis", "save_rate"]
