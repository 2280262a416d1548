"""Sealing and the key file."""

from __future__ import annotations

import base64
import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.adapters.crypto import (
    DataKey,
    MasterKey,
    Place,
    SealBroken,
    add_master_key,
    drop_old_master_keys,
    key_id_of,
)
from coach.errors import KeyRefused, StoreUnavailable

HERE = Place("entry", "sealed", "row1", "ann")
ELSEWHERE = [
    Place("turn", "sealed", "row1", "ann"),
    Place("entry", "lead", "row1", "ann"),
    Place("entry", "sealed", "row2", "ann"),
    Place("entry", "sealed", "row1", "ben"),
]


@pytest.fixture
def key() -> DataKey:
    return DataKey(bytes(range(32)))


@given(st.binary(max_size=300))
def test_what_was_sealed_opens_in_its_place(plaintext: bytes) -> None:
    key = DataKey.fresh()
    sealed = key.seal(plaintext, HERE)
    assert key.open(sealed, HERE) == plaintext
    assert len(sealed) == len(plaintext) + 33
    assert sealed[:5] == b"\x01" + key.id == b"\x01" + key_id_of(sealed)


def test_the_same_text_is_sealed_differently_each_time(key: DataKey) -> None:
    assert len({key.seal(b"text", HERE) for _ in range(50)}) == 50


@pytest.mark.parametrize("place", ELSEWHERE)
def test_nothing_opens_in_another_place(key: DataKey, place: Place) -> None:
    with pytest.raises(SealBroken) as broken:
        key.open(key.seal(b"text", HERE), place)
    assert broken.value.place == place
    assert isinstance(broken.value, StoreUnavailable)


def test_every_changed_bit_is_seen(key: DataKey) -> None:
    sealed = key.seal(b"a text", HERE)
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            key.open(changed, HERE)


@pytest.mark.parametrize("length", [0, 1, 5, 17, 32])
def test_a_cut_value_does_not_open(key: DataKey, length: int) -> None:
    with pytest.raises(SealBroken):
        key.open(key.seal(b"text", HERE)[:length], HERE)


def test_another_key_does_not_open(key: DataKey) -> None:
    with pytest.raises(SealBroken):
        DataKey.fresh().open(key.seal(b"text", HERE), HERE)


@given(*[st.text(st.sampled_from("a|%7C"), max_size=4)] * 4, st.data())
def test_no_two_places_look_the_same(a: str, b: str, c: str, d: str, data: st.DataObject) -> None:
    other = data.draw(st.tuples(*[st.text(st.sampled_from("a|%7C"), max_size=4)] * 4))
    assert (Place(a, b, c, d).bound() == Place(*other).bound()) == ((a, b, c, d) == other)


@pytest.mark.parametrize(
    ("one", "other"), [(("|", ""), ("%7C", "")), (("a|b", ""), ("a", "b")), (("a", "|b"), ("a|", "b"))]
)
def test_a_bar_inside_a_part_is_not_a_border(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert Place(*one, "row", "ann").bound() != Place(*other, "row", "ann").bound()


def test_an_open_failure_names_neither_text_nor_key(key: DataKey) -> None:
    with pytest.raises(SealBroken) as broken:
        key.open(b"SECRET" * 20, HERE)
    assert "SECRET" not in str(broken.value)
    assert broken.value.__cause__ is None
    assert broken.value.__context__ is None


def test_a_key_is_never_written_out(key: DataKey) -> None:
    assert repr(key) == "DataKey(...)"
    for write in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(key)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_256_bits(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(bytes(length))


def test_derived_keys_differ_by_purpose_and_stay_the_same(key: DataKey) -> None:
    assert len({key.derive("audit"), key.derive("blind index"), bytes(range(32))}) == 3
    assert key.derive("audit") == DataKey(bytes(range(32))).derive("audit")


# -- the key file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.key"


def test_a_new_key_file_is_for_this_account_only(path: Path) -> None:
    MasterKey.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_key_file_is_made_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: MasterKey.load(path), range(16)))
    assert len({key.keys[0].id for key in keys}) == 1


def test_a_missing_key_file_is_not_replaced_when_it_must_be_there(path: Path) -> None:
    with pytest.raises(KeyRefused, match="no master key file"):
        MasterKey.load(path, create=False)
    assert not path.exists()


def test_a_wrapped_key_opens_with_the_same_file(path: Path, key: DataKey) -> None:
    wrapped = MasterKey.load(path).wrap(key, HERE)
    assert MasterKey.load(path).unwrap(wrapped, HERE).id == key.id
    with pytest.raises(SealBroken):
        MasterKey.load(path).unwrap(wrapped, ELSEWHERE[3])


def test_another_master_key_is_refused_in_a_sentence(path: Path, tmp_path: Path, key: DataKey) -> None:
    wrapped = MasterKey.load(path).wrap(key, HERE)
    with pytest.raises(KeyRefused, match="does not open this store") as refused:
        MasterKey.load(tmp_path / "other").unwrap(wrapped, HERE)
    assert refused.value.remedy


def good_line() -> bytes:
    return base64.b64encode(bytes(range(32)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"# only a comment\n",
        b"hello\n",
        good_line()[:-4],
        good_line()[1:],
        good_line() + b"\nxx\n",
        b"\xff\xfe",
    ],
)
def test_a_damaged_key_file_is_refused_in_a_sentence(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(KeyRefused, match="damaged") as refused:
        MasterKey.load(path)
    assert refused.value.remedy
    assert refused.value.__context__ is None
    assert path.read_bytes() == content


def test_comments_and_empty_lines_are_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"# newest\n" + good_line() + b"\n\n  # older\n" + base64.b64encode(bytes(32)) + b"\n")
    assert [key.id for key in MasterKey.load(path).keys] == [
        DataKey(bytes(range(32))).id,
        DataKey(bytes(32)).id,
    ]


def test_a_key_inside_the_data_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)
    for path in (
        data / "master.key",
        data / "deep" / "key",
        tmp_path / "link" / "key",
        data / ".." / "data" / "k",
    ):
        with pytest.raises(KeyRefused, match="inside the data folder"):
            MasterKey.load(path, data)
    assert list(data.iterdir()) == []
    assert MasterKey.load(tmp_path / "data-keys" / "key", data)


def test_a_place_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeyRefused, match="cannot be written"):
        MasterKey.load(tmp_path / "file" / "master.key")
    with pytest.raises(KeyRefused, match="cannot be read"):
        MasterKey.load(tmp_path)


def test_a_new_master_key_seals_and_the_old_one_still_opens(path: Path, key: DataKey) -> None:
    old = MasterKey.load(path)
    wrapped = old.wrap(key, HERE)
    add_master_key(path)
    both = MasterKey.load(path)
    assert both.unwrap(wrapped, HERE).id == key.id
    assert (both.is_current(wrapped), both.is_current(both.wrap(key, HERE))) == (False, True)
    drop_old_master_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyRefused):
        MasterKey.load(path).unwrap(wrapped, HERE)
    assert MasterKey.load(path).keys[0].id == both.keys[0].id


def test_a_damaged_file_gets_no_new_key(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("damaged\n")
    for change in (add_master_key, drop_old_master_keys):
        with pytest.raises(KeyRefused):
            change(path)
    assert path.read_text() == "damaged\n"


def test_a_master_key_shows_nothing_of_itself(path: Path) -> None:
    master = MasterKey.load(path)
    assert path.read_text().splitlines()[-1] not in repr(master)
    assert repr(master) == "MasterKey()"
