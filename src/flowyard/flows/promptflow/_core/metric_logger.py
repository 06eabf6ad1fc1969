"""``promptflow._core.metric_logger``."""

from flowyard.flows.runtime.context import log_metric

__all__ = ["log_metric"]
