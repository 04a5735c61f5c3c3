"""Request and renewal codes: short enough to read over the radio, and no mistake gets through."""

import itertools
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.errors import CodeRefused, NexuslicError
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.trust import codes, signing
from nexuslic.trust.codes import ALPHABET, GROUP
from nexuslic.trust.keys import KeySet, SigningKey

LAWS = settings(max_examples=60, deadline=None, derandomize=True)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


def answer(bench: SimpleNamespace, terms: object = "the same", key: SigningKey | None = None, **changes) -> str:
    """The renewal code for a client that knows `terms`, for a grant with these changes."""
    known = bench.terms if terms == "the same" else terms
    request = codes.read_request(codes.write_request(bench.pending, known))
    certificate = bench.grant(**changes)
    return codes.write_answer(certificate, signing.sign(certificate, key or bench.key), request)


def accepted(bench: SimpleNamespace, code: str, terms: object = "the same", keys: KeySet | None = None) -> object:
    known = bench.terms if terms == "the same" else terms
    return codes.read_answer(code, bench.pending, known, keys or bench.known).value[0]


def refused(bench: SimpleNamespace, code: str, **changes) -> str:
    pending = attrs.evolve(bench.pending, **changes)
    with pytest.raises(CodeRefused) as caught:
        codes.read_answer(code, pending, bench.terms, bench.known)
    return str(caught.value)


def test_a_renewal_code_is_the_grant_and_its_signed_form(bench: SimpleNamespace):
    trusted = codes.read_answer(answer(bench), bench.pending, bench.terms, bench.known)
    assert trusted.value == (bench.certificate, bench.proof)


def test_the_usual_answer_has_some_117_letters(bench: SimpleNamespace):
    code = answer(bench)
    letters = len(code.replace(" ", ""))
    assert 115 <= letters <= 117, f"{letters} letters, {len(code)} with the spaces between {len(code.split())} groups"


def test_a_code_comes_in_groups_of_15_letters_that_are_easily_told_apart(bench: SimpleNamespace):
    *full, last = answer(bench).split(" ")
    assert {len(group) for group in full} == {GROUP}
    assert 2 <= len(last) <= GROUP
    assert set("".join([*full, last])) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)


def test_every_mistyped_letter_is_refused_and_its_group_is_named(bench: SimpleNamespace):
    groups = answer(bench).split(" ")
    wrong = []
    for number, group in enumerate(groups, 1):
        for at, letter in itertools.product(range(len(group)), ALPHABET):
            typed = group[:at] + letter + group[at + 1 :]
            if typed == group:
                continue
            said = refused(bench, " ".join([*groups[: number - 1], typed, *groups[number:]]))
            wrong += [] if said.startswith(f"group {number} of the code is mistyped") else [(number, at, letter, said)]
    assert wrong == []


def test_every_mistyped_letter_of_a_request_is_refused_and_its_group_is_named(bench: SimpleNamespace):
    groups = codes.write_request(bench.pending, bench.terms).split(" ")
    for number, group in enumerate(groups, 1):
        for at in range(len(group)):
            letter = ALPHABET[(ALPHABET.index(group[at]) + 1 + at) % 32]
            typed = group[:at] + letter + group[at + 1 :]
            with pytest.raises(CodeRefused, match=f"group {number} of the code is mistyped"):
                codes.read_request(" ".join([*groups[: number - 1], typed, *groups[number:]]))


def test_any_two_exchanged_groups_are_refused_and_the_first_of_them_is_named(bench: SimpleNamespace):
    groups = answer(bench).split(" ")[:-1]
    last = answer(bench).split(" ")[-1]
    for one, other in itertools.combinations(range(len(groups)), 2):
        typed = list(groups)
        typed[one], typed[other] = groups[other], groups[one]
        assert refused(bench, " ".join([*typed, last])).startswith(f"group {one + 1} of the code is mistyped")


def swaps(code: str) -> list[tuple[int, str]]:
    """The code with two neighbours of one group exchanged, in every way that changes it, and in which group."""
    groups = code.split(" ")
    found = []
    for number, group in enumerate(groups):
        for at in range(len(group) - 1):
            typed = group[:at] + group[at + 1] + group[at] + group[at + 2 :]
            if typed != group:
                found.append((number + 1, " ".join([*groups[:number], typed, *groups[number + 1 :]])))
    return found


def test_two_exchanged_letters_are_always_refused_and_their_group_is_named_19_times_in_20(bench: SimpleNamespace):
    said = []
    for day in range(12):
        for number, typed in swaps(answer(bench, granted_at=bench.granted + timedelta(days=day))):
            said.append(refused(bench, typed).startswith(f"group {number} of the code is mistyped"))
    named, asked = sum(said), len(said)
    assert named >= 0.95 * asked, f"{asked - named} of {asked} exchanges pass the check of their group"


@pytest.mark.parametrize("cut", [1, 2, 14, 15, 16, 100, 116])
def test_a_code_that_is_cut_short_is_refused(bench: SimpleNamespace, cut: int):
    assert refused(bench, answer(bench).replace(" ", "")[:-cut])


def test_a_code_that_is_not_read_to_the_end_names_the_group(bench: SimpleNamespace):
    assert refused(bench, answer(bench)[:-1]).startswith("group 8 of the code is mistyped")


@pytest.mark.parametrize("empty", ["", " ", "\n", "--", " - "])
def test_nothing_at_all_is_refused(bench: SimpleNamespace, empty: str):
    assert refused(bench, empty) == "the code is empty"


@pytest.mark.parametrize("strange", ["?", "é", "\uff11", "*", "\0", ".", "ß!"])
def test_a_letter_that_no_code_has_is_named(bench: SimpleNamespace, strange: str):
    assert "letters and digits only" in refused(bench, strange + answer(bench))


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: code.replace(" ", "\n"),
        lambda code: code.replace(" ", "\u00a0"),
        lambda code: f"\r\n  {code} \t",
        lambda code: " ".join(code.replace(" ", "")),
        lambda code: "-".join(code.replace(" ", "")[at : at + 4] for at in range(0, 117, 4)),
    ],
    ids=["lowercase", "no spaces", "hyphens", "lines", "hard spaces", "pasted", "spelled", "fours"],
)
def test_case_and_spacing_do_not_matter(bench: SimpleNamespace, typed):
    assert accepted(bench, typed(answer(bench))) == bench.certificate


@pytest.mark.parametrize(
    ("written", "heard"),
    [("1", "I"), ("1", "L"), ("1", "i"), ("1", "l"), ("0", "O"), ("0", "o"), ("V", "U"), ("V", "u")],
)
def test_letters_that_look_alike_are_taken_for_each_other(bench: SimpleNamespace, written: str, heard: str):
    code = answer(bench)
    assert written in code
    assert accepted(bench, code.replace(written, heard)) == bench.certificate
    assert accepted(bench, code.replace(written, heard, 1)) == bench.certificate


def test_a_used_code_answers_no_newer_request(bench: SimpleNamespace):
    assert "answers another request" in refused(bench, answer(bench), nonce="f" * 32)


@pytest.mark.parametrize(
    "binding", [Binding("NORTHSEA-SQL", "other"), Binding("other", "survey"), Binding("NORTHSEA-SQL", "survey", "id")]
)
def test_a_code_for_another_database_is_refused(bench: SimpleNamespace, binding: Binding):
    assert "for another database" in refused(bench, answer(bench), binding=binding)


def test_a_code_for_another_license_key_is_refused(bench: SimpleNamespace):
    assert refused(bench, answer(bench), key=LicenseKey.from_number(1))


def test_a_code_of_a_vendor_that_is_not_trusted_is_refused(bench: SimpleNamespace):
    assert refused(bench, answer(bench, key=bench.other))


def test_a_code_whose_time_is_altered_is_refused(bench: SimpleNamespace):
    early, late = answer(bench), answer(bench, granted_at=bench.granted + timedelta(seconds=1))
    for mixed in itertools.product(*zip(early.split(" ")[-2:], late.split(" ")[-2:], strict=True)):
        code = " ".join([*early.split(" ")[:-2], *mixed])
        if code != early:
            assert refused(bench, code)
    assert early != late


def test_a_request_code_is_no_renewal_code(bench: SimpleNamespace):
    assert refused(bench, codes.write_request(bench.pending, bench.terms))


def test_a_renewal_code_is_no_request_code(bench: SimpleNamespace):
    with pytest.raises(CodeRefused, match="no request code"):
        codes.read_request(answer(bench))


OTHER_TERMS = {
    "organisation": "Østersøen Måling A/S",
    "type": LicenseType.NAMED,
    "seats": 3,
    "grace_days": 60,
    "minimum_version": Version((6, 10)),
    "ends": datetime(2027, 6, 30, 22, 59, 59, tzinfo=UTC),
}


@pytest.mark.parametrize("name", OTHER_TERMS)
def test_terms_that_differ_travel_in_the_code(bench: SimpleNamespace, name: str):
    terms = attrs.evolve(bench.terms, **{name: OTHER_TERMS[name]})
    code = answer(bench, license=terms)
    assert len(code) > len(answer(bench))
    assert accepted(bench, code) == bench.grant(license=terms)


def test_terms_travel_to_a_client_that_knows_none(bench: SimpleNamespace):
    assert accepted(bench, answer(bench, terms=None), terms=None) == bench.certificate


def test_terms_that_travel_are_taken_by_a_client_that_knows_others(bench: SimpleNamespace):
    code = answer(bench, terms=None)
    assert accepted(bench, code, terms=attrs.evolve(bench.terms, seats=1)) == bench.certificate


def test_terms_that_do_not_travel_must_be_known(bench: SimpleNamespace):
    with pytest.raises(CodeRefused, match="expects a license"):
        accepted(bench, answer(bench), terms=None)
    with pytest.raises(CodeRefused, match="answers another request"):
        accepted(bench, answer(bench), terms=attrs.evolve(bench.terms, seats=6))


def test_terms_in_a_code_cannot_be_altered(bench: SimpleNamespace):
    fewer, more = (answer(bench, license=attrs.evolve(bench.terms, seats=seats)).split(" ") for seats in (2, 9))
    assert len(fewer) == len(more) and fewer[9:] != more[9:]
    assert refused(bench, " ".join([*fewer[:9], *more[9:]]))


@pytest.mark.parametrize("days", [1, 20, 36_500, 65_535])
def test_extra_days_travel_in_the_code(bench: SimpleNamespace, days: int):
    assert accepted(bench, answer(bench, extra_days=days)) == bench.grant(extra_days=days)


def test_extra_days_and_other_terms_travel_together(bench: SimpleNamespace):
    terms = attrs.evolve(bench.terms, seats=7)
    code = answer(bench, license=terms, extra_days=20)
    assert accepted(bench, code) == bench.grant(license=terms, extra_days=20)


def test_a_code_of_the_new_key_is_accepted_while_keys_are_rotated(bench: SimpleNamespace):
    both = bench.trusting(bench.key.trusted(), bench.other.trusted())
    for key in (bench.key, bench.other):
        code = answer(bench, key=key)
        certificate, proof = codes.read_answer(code, bench.pending, bench.terms, both).value
        assert certificate == bench.certificate
        assert proof == signing.sign(bench.certificate, key)


@pytest.mark.parametrize(("after", "good"), [(0, True), (1, False)])
def test_a_code_of_a_retired_key_counts_up_to_its_last_instant(bench: SimpleNamespace, after: int, good: bool):
    retired = bench.trusting(bench.key.trusted(retired=bench.granted - timedelta(seconds=after)), bench.other.trusted())
    if good:
        assert accepted(bench, answer(bench), keys=retired) == bench.certificate
    else:
        with pytest.raises(CodeRefused):
            accepted(bench, answer(bench), keys=retired)


@LAWS
@given(TEXT, TEXT, TEXT, st.binary(min_size=16, max_size=16), st.integers(0, 10**12 - 1))
def test_a_request_code_says_what_was_asked(
    bench: SimpleNamespace, server: str, database: str, identity: str, nonce: bytes, number: int
):
    binding = Binding(server, database, identity)
    pending = attrs.evolve(bench.pending, binding=binding, nonce=nonce.hex(), key=LicenseKey.from_number(number))
    read = codes.read_request(codes.write_request(pending, bench.terms))
    assert read == codes.CodeRequest(pending, codes.terms_digest(bench.terms))


def test_a_request_tells_which_terms_are_known(bench: SimpleNamespace):
    assert codes.terms_digest(None) == bytes(4)
    assert len({codes.terms_digest(attrs.evolve(bench.terms, seats=seats)) for seats in range(500)}) == 500


def test_one_letter_more_after_a_full_group_is_refused(bench: SimpleNamespace):
    requests = (
        codes.write_request(attrs.evolve(bench.pending, binding=Binding("S" * length, "survey")), None)
        for length in range(40)
    )
    full = next(code for code in requests if len(code.replace(" ", "")) % GROUP == 0)
    number = len(full.split()) + 1
    for letter in ALPHABET:
        with pytest.raises(CodeRefused, match=f"group {number} of the code is mistyped"):
            codes.read_request(f"{full} {letter}")


@LAWS
@given(st.text(ALPHABET + " -", max_size=200))
def test_any_letters_are_refused_as_a_code(bench: SimpleNamespace, code: str):
    assert refused(bench, code)


@LAWS
@given(st.text(max_size=60))
def test_any_text_is_refused_as_a_request(code: str):
    with pytest.raises(NexuslicError):
        codes.read_request(code)
