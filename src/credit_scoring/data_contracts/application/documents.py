"""Documents submitted with the application; the source numbers them without naming them."""

from credit_scoring.data_contracts.column_types import flag

DOCUMENTS = tuple(
    flag(f"FLAG_DOCUMENT_{number}", f"1 if paper number {number} of the lender's list was handed in.")
    for number in range(2, 22)
)
