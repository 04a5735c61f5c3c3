"""The license key's check digit, and versions compared number by number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import InputError, MistypedKey
from nexuslic.rules.license import Extension, LicenseKey, Version

LAW = settings(max_examples=100, deadline=None, derandomize=True)
NUMBERS = st.integers(0, 10**12 - 1)


def check_digit(body: str) -> str:
    """ISO/IEC 7064 MOD 11,10, written out."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


@LAW
@given(NUMBERS)
def test_the_last_digit_of_a_key_is_its_iso_7064_check_digit(number):
    digits = LicenseKey.from_number(number).digits
    assert digits == f"{number:012d}" + check_digit(digits[:12])


@LAW
@given(NUMBERS, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, shift):
    digits = LicenseKey.from_number(number).digits
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    with pytest.raises(MistypedKey, match="check digit does not fit"):
        LicenseKey.parse(wrong)


@LAW
@given(NUMBERS)
def test_a_printed_key_is_read_back(number):
    key = LicenseKey.from_number(number)
    assert LicenseKey.parse(str(key)) == key


def test_a_key_is_printed_in_groups():
    assert str(LicenseKey.from_number(123_456_789_012)) == "1234-5678-90124"


@pytest.mark.parametrize(
    "text", ["1234567890124", " 1234 5678 90124\n", "1-2-3-4-5-6-7-8-9-0-1-2-4", "1234 - 567890124"]
)
def test_spaces_and_hyphens_in_a_key_are_ignored(text):
    assert LicenseKey.parse(text).digits == "1234567890124"


@pytest.mark.parametrize("text", ["", "128", "123456789012", "12345678901240", "123456789012x", "١٢٣٤٥٦٧٨٩٠١٢٤"])
def test_what_is_not_13_plain_digits_is_no_key(text):
    with pytest.raises(MistypedKey, match="a key has 13 digits"):
        LicenseKey.parse(text)


@pytest.mark.parametrize("digits", ["1234567890128", "0000", "12345678901240", "١٢٣٤٥٦٧٨٩٠١٢٤", "123456789012x"])
def test_no_key_can_be_made_without_its_check_digit(digits):
    with pytest.raises(MistypedKey, match="mistyped"):
        LicenseKey(digits)


@pytest.mark.parametrize("digits", ["02", "00000000000008"])
def test_a_good_check_digit_does_not_excuse_a_wrong_length(digits):
    assert check_digit(digits[:-1]) == digits[-1]
    with pytest.raises(MistypedKey, match="mistyped"):
        LicenseKey(digits)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("6.2", "6.10"),
        ("6.9.9", "6.10"),
        ("9.0", "10.0"),
        ("6.2", "6.2.1"),
        ("6.2.9", "6.2.10"),
        ("6.99", "7"),
        ("0", "0.1"),
    ],
)
def test_versions_compare_number_by_number(older, newer):
    assert Version.parse(older).older_than(Version.parse(newer))
    assert not Version.parse(newer).older_than(Version.parse(older))


@pytest.mark.parametrize(
    ("one", "other"),
    [("6.2", "6.2.0"), ("6", "6.0"), ("6.2.0.0", "6.2"), ("6.0.0", "6"), (" 6.2 ", "6.2"), ("6.02", "6.2")],
)
def test_zeros_at_the_end_make_no_other_version(one, other):
    assert Version.parse(one) == Version.parse(other)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("6.2", (6, 2)),
        ("6", (6, 0)),
        ("0.0", (0, 0)),
        ("6.0.2", (6, 0, 2)),
        ("6.0.0.1", (6, 0, 0, 1)),
        ("6.2.1.0", (6, 2, 1)),
    ],
)
def test_a_version_keeps_the_numbers_that_count(text, numbers):
    assert Version.parse(text).numbers == numbers


@pytest.mark.parametrize(
    "text", ["", "6.", ".6", "6..2", "v6", "6.2-beta", "6,2", "-6", "1.2.3.4.5.6.7", "1234567", "٦.٢"]
)
def test_what_is_not_numbers_with_dots_is_no_version(text):
    with pytest.raises(InputError, match=r"write numbers with dots, such as 6\.10"):
        Version.parse(text)


@LAW
@given(st.lists(st.integers(0, 999_999), min_size=1, max_size=6))
def test_a_printed_version_is_read_back(numbers):
    version = Version.parse(".".join(map(str, numbers)))
    assert Version.parse(str(version)) == version


@LAW
@given(*[st.lists(st.integers(0, 12), min_size=2, max_size=6)] * 2)
def test_the_order_of_versions_is_that_of_their_numbers(one, other):
    padded = [numbers + [0] * (6 - len(numbers)) for numbers in (one, other)]
    first, second = (Version.parse(".".join(map(str, numbers))) for numbers in (one, other))
    assert first.older_than(second) is (padded[0] < padded[1])


def test_an_extension_is_its_days_and_the_last_instant_at_which_it_is_handed_out(build):
    extension = Extension(20, build.day(9))
    assert (extension.days, extension.until) == (20, build.day(9))
    assert extension not in {Extension(21, build.day(9)), Extension(20, build.day(10))}
