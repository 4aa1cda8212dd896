"""Churn risk from a table of accounts: a calibrated model, measured on customers it has not seen, beside a baseline.

The model is gradient boosting with isotonic calibration; the baseline a logistic regression on the same columns (both
scikit-learn, extra [learning]). A risk orders who to look at first; it decides nothing and opens no offer by itself.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.errors import BadInput

if TYPE_CHECKING:
    import numpy as np

YES = ("yes", "true", "1", "churned", "left")
NO = ("no", "false", "0", "stayed", "active")
MIN_ROWS = 200
BINS = 10
HOLDOUT_SHARE = 0.25


@dataclass(frozen=True)
class Table:
    """Accounts: their ids, what is known of each by column, and who left (None where the table does not say)."""

    ids: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    left: Sequence[bool] | None


@dataclass(frozen=True)
class Bin:
    """Accounts of about one predicted risk: how many, what was predicted, and what happened."""

    n: int
    predicted: float
    observed: float


@dataclass(frozen=True)
class Measured:
    """How good predictions were on accounts held out."""

    auc: float
    brier: float
    bins: tuple[Bin, ...]

    @property
    def calibration_error(self) -> float:
        """The mean distance of predicted and observed, by accounts (expected calibration error)."""
        total = sum(each.n for each in self.bins)
        return sum(each.n * abs(each.predicted - each.observed) for each in self.bins) / total


@dataclass(frozen=True)
class Backtest:
    """The model and its baselines on the same held-out accounts; `base_rate` predicts the same for everybody."""

    trained_on: int
    held_out: int
    left_share: float
    model: Measured
    baseline: Measured
    base_rate_brier: float


@dataclass(frozen=True)
class AtRisk:
    """One account and the chance that it leaves."""

    account_id: str
    risk: float


def read_table(path: Path, *, target: str, id_column: str, leave_out: Sequence[str] = ()) -> Table:
    """A CSV file of accounts.

    Args:
        path: with a head line.
        target: column that says who left (yes or no); it may be absent in a table that is only scored.
        id_column: column with the account's id.
        leave_out: columns the model must not see, such as protected traits.

    Raises:
        BadInput: the file or a column is missing, or the target holds something else than yes and no.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Name a CSV file with a head line.") from None
    names = list(rows[0]) if rows else []
    unknown = [name for name in (id_column, *leave_out) if name not in names]
    if unknown:
        raise BadInput(f"{path} has no column {unknown[0]!r}; it has: {', '.join(names) or 'none'}.")
    kept = [name for name in names if name not in (id_column, target, *leave_out)]
    columns = {name: [(row[name] or "").strip() for row in rows] for name in kept}
    left = [_is_yes(row[target], target, place) for place, row in enumerate(rows, start=2)] if target in names else None
    return Table([row[id_column] for row in rows], columns, left)


def backtest(table: Table, *, seed: int = 7) -> Backtest:
    """Train on three quarters, measure on the rest, once; the split is by chance from a seed, alike in both classes.

    Raises:
        BadInput: fewer than MIN_ROWS accounts, or all of them the same.
        ImportError: the extra [learning] is not installed.
    """
    from sklearn.model_selection import train_test_split  # noqa: PLC0415 - takes a second

    known = _left(table)
    places = list(range(len(known)))
    train, test = train_test_split(places, test_size=HOLDOUT_SHARE, random_state=seed, stratify=known)
    truth = [known[place] for place in test]
    rate = sum(known[place] for place in train) / len(train)
    return Backtest(
        trained_on=len(train),
        held_out=len(test),
        left_share=sum(known) / len(known),
        model=_measured(truth, _fitted(_model(table, seed), table, train, test)),
        baseline=_measured(truth, _fitted(_baseline(table), table, train, test)),
        base_rate_brier=sum((rate - left) ** 2 for left in truth) / len(truth),
    )


def at_risk(train: Table, accounts: Table, *, seed: int = 7) -> list[AtRisk]:
    """The accounts with their risk, highest first, by a model trained on the whole first table.

    Raises:
        BadInput: the tables do not have the same columns, or the first does not say who left.
    """
    if list(train.columns) != list(accounts.columns):
        raise BadInput(
            f"The accounts have the columns {', '.join(accounts.columns)}; the training table has "
            f"{', '.join(train.columns)}. Give both the same."
        )
    left = _left(train)
    model = _model(train, seed)
    model.fit(_frame(train), left)
    risks = model.predict_proba(_frame(accounts))[:, 1]
    listed = [AtRisk(account_id, float(risk)) for account_id, risk in zip(accounts.ids, risks, strict=True)]
    return sorted(listed, key=lambda each: (-each.risk, each.account_id))


def calibration_svg(measured: Measured, title: str) -> str:
    """A calibration plot: predicted across, observed up, the diagonal is perfect; dots grow with their accounts."""
    most = max(each.n for each in measured.bins)
    dots = "".join(
        f'<circle cx="{40 + 300 * each.predicted:.1f}" cy="{340 - 300 * each.observed:.1f}" '
        f'r="{3 + 7 * each.n / most:.1f}" fill="#2563eb"><title>{each.n} accounts: predicted '
        f"{each.predicted:.2f}, observed {each.observed:.2f}</title></circle>"
        for each in measured.bins
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 380" font-family="sans-serif" font-size="12" '
        'role="img">'
        f'<title>{title}</title><rect width="380" height="380" fill="#fff"/>'
        '<path d="M40 40V340H340" fill="none" stroke="#111"/><path d="M40 340L340 40" stroke="#999" '
        f'stroke-dasharray="4"/>{dots}<text x="190" y="368" text-anchor="middle">predicted risk</text>'
        '<text x="14" y="190" text-anchor="middle" transform="rotate(-90 14 190)">share that left</text>'
        f'<text x="190" y="24" text-anchor="middle">{title}</text></svg>\n'
    )


def _is_yes(value: str | None, target: str, line: int) -> bool:
    plain = (value or "").strip().casefold()
    if plain not in YES + NO:
        raise BadInput(f"Line {line}: {target} is {value!r}; allowed is yes or no. Correct the file.")
    return plain in YES


def _left(table: Table) -> Sequence[bool]:
    known = table.left or []
    if len(known) < MIN_ROWS or len(set(known)) < 2:
        raise BadInput(
            f"{len(known)} accounts with a known end; allowed are {MIN_ROWS} or more, some that left and some that did "
            "not. Give a larger table with its target column."
        )
    return known


def _frame(table: Table) -> "np.ndarray[Any, Any]":
    """The columns beside each other, numbers as numbers, an empty field as not known."""
    import numpy as np  # noqa: PLC0415 - with scikit-learn

    numbers = set(_numeric(table))
    columns = [
        [float(value) if value else float("nan") for value in values] if name in numbers else list(values)
        for name, values in table.columns.items()
    ]
    return np.array(columns, dtype=object).T


def _numeric(table: Table) -> list[str]:
    def is_number(value: str) -> bool:
        try:
            float(value)
        except ValueError:
            return not value
        return True

    return [name for name, values in table.columns.items() if any(values) and all(map(is_number, values))]


def _parts(table: Table) -> tuple[list[int], list[int]]:
    names, numbers = list(table.columns), set(_numeric(table))
    return (
        [place for place, name in enumerate(names) if name in numbers],
        [place for place, name in enumerate(names) if name not in numbers],
    )


def _model(table: Table, seed: int) -> Any:
    from sklearn.calibration import CalibratedClassifierCV  # noqa: PLC0415 - takes a second
    from sklearn.compose import ColumnTransformer  # noqa: PLC0415 - the same
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - the same
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - the same
    from sklearn.preprocessing import OneHotEncoder  # noqa: PLC0415 - the same

    numbers, words = _parts(table)
    encode = ColumnTransformer(
        [
            ("words", OneHotEncoder(handle_unknown="ignore", sparse_output=False), words),
            ("numbers", "passthrough", numbers),
        ]
    )
    trees = HistGradientBoostingClassifier(learning_rate=0.05, max_iter=150, max_leaf_nodes=8, random_state=seed)
    return CalibratedClassifierCV(make_pipeline(encode, trees), method="isotonic", cv=5)


def _baseline(table: Table) -> Any:
    from sklearn.compose import ColumnTransformer  # noqa: PLC0415 - takes a second
    from sklearn.impute import SimpleImputer  # noqa: PLC0415 - the same
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - the same
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415 - the same
    from sklearn.preprocessing import OneHotEncoder, StandardScaler  # noqa: PLC0415 - the same

    numbers, words = _parts(table)
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    encode = ColumnTransformer([("words", OneHotEncoder(handle_unknown="ignore"), words), ("numbers", scaled, numbers)])
    return make_pipeline(encode, LogisticRegression(max_iter=2000))


def _fitted(model: Any, table: Table, train: Sequence[int], test: Sequence[int]) -> list[float]:
    frame, left = _frame(table), _left(table)
    model.fit(frame[list(train)], [left[place] for place in train])
    return [float(risk) for risk in model.predict_proba(frame[list(test)])[:, 1]]


def _measured(truth: Sequence[bool], risks: Sequence[float]) -> Measured:
    from sklearn.metrics import brier_score_loss, roc_auc_score  # noqa: PLC0415 - takes a second

    auc, brier = roc_auc_score(truth, risks), brier_score_loss(truth, risks)
    return Measured(round(float(auc), 4), round(float(brier), 4), _bins(truth, risks))


def _bins(truth: Sequence[bool], risks: Sequence[float]) -> tuple[Bin, ...]:
    """Tenths of the accounts by risk, so that every bin holds as many."""
    ordered = sorted(zip(risks, truth, strict=True))
    size = max(len(ordered) // BINS, 1)
    cuts = [ordered[begin : begin + size] for begin in range(0, size * BINS, size)]
    cuts[-1] = ordered[size * (BINS - 1) :]
    return tuple(
        Bin(
            len(cut),
            round(sum(risk for risk, _ in cut) / len(cut), 4),
            round(sum(left for _, left in cut) / len(cut), 4),
        )
        for cut in cuts
        if cut
    )
