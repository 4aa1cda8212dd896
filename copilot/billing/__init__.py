"""Exact money: restoration, arrangements, proration, leaving early, credits, bills explained, declined cards."""

from copilot.billing.arrange import Arrangement, Wish, arrange, split
from copilot.billing.credits import CreditDue, outage_credit
from copilot.billing.discrepancies import Discrepancy, discrepancies
from copilot.billing.dunning import Decline, RetryVerdict, decline, due_steps, may_retry, next_step
from copilot.billing.from_record import Adjustments, open_arrangements, restore_due_of
from copilot.billing.invoice import ExplainedInvoice, ExplainedLine, explain_invoice
from copilot.billing.phone_check import Authorisation, Debit, authorisation
from copilot.billing.prorate import PlanChange, prorate, prorate_change
from copilot.billing.restore import RestorationFee, RestoreDue, RestoreInput, restore_due
from copilot.billing.termination import Agreement, ExitCharge, exit_charge, months_left
from copilot.billing.units import Quantity, cost, quantity, unit_of

__all__ = [
    "Adjustments",
    "Agreement",
    "Arrangement",
    "Authorisation",
    "CreditDue",
    "Debit",
    "Decline",
    "Discrepancy",
    "ExitCharge",
    "ExplainedInvoice",
    "ExplainedLine",
    "PlanChange",
    "Quantity",
    "RestorationFee",
    "RestoreDue",
    "RestoreInput",
    "RetryVerdict",
    "Wish",
    "arrange",
    "authorisation",
    "cost",
    "decline",
    "discrepancies",
    "due_steps",
    "exit_charge",
    "explain_invoice",
    "may_retry",
    "months_left",
    "next_step",
    "open_arrangements",
    "outage_credit",
    "prorate",
    "prorate_change",
    "quantity",
    "restore_due",
    "restore_due_of",
    "split",
    "unit_of",
]
