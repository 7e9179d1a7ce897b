import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS, encode_column, encode_requests


def test_a_category_becomes_its_index_in_the_contract() -> None:
    column = APPLICATION_TEST.column("NAME_CONTRACT_TYPE")
    np.testing.assert_array_equal(encode_column(column, ["Revolving loans", "Cash loans"]), [1.0, 0.0])


def test_unseen_categories_missing_codes_and_nulls_are_missing() -> None:
    gender = APPLICATION_TEST.column("CODE_GENDER")
    assert np.isnan(encode_column(gender, ["XNA", None, "never seen"])).all()
    employed = APPLICATION_TEST.column("DAYS_EMPLOYED")
    np.testing.assert_array_equal(encode_column(employed, [365243, -10, None]), [np.nan, -10.0, np.nan])


def test_encoding_leaves_its_argument_unchanged() -> None:
    values = np.array([365243.0])
    encode_column(APPLICATION_TEST.column("DAYS_EMPLOYED"), values)
    assert values[0] == 365243


def test_a_column_that_the_application_lacks_counts_as_missing() -> None:
    assert encode_requests([{}]).shape == (len(ENCODED_COLUMNS), 1)
    assert np.isnan(encode_requests([{}])).all()


def test_requests_are_encoded_to_the_same_bits_as_tables() -> None:
    choices = {
        column.name: [
            None,
            *column.missing_codes,
            *(("never seen", *column.categories) if column.is_category else (0, -0.0, 2.5, 3, 2**40, -1e-300)),
        ]
        for column in ENCODED_COLUMNS
    }
    requests = [
        {name: values[index % len(values)] for name, values in choices.items()}
        for index in range(max(map(len, choices.values())))
    ]
    together = encode_requests(requests)
    for column, encoded in zip(ENCODED_COLUMNS, together, strict=True):
        expected = encode_column(column, [request[column.name] for request in requests])
        assert encoded.tobytes() == expected.tobytes()
    for index, request in enumerate(requests):
        assert encode_requests([request]).tobytes() == together[:, index].tobytes()
    assert encode_requests([]).shape == (len(ENCODED_COLUMNS), 0)
