import pytest

from boxout.errors import DefinitionError
from boxout.ledger.postgres_url import parts, shown


def test_one_host_is_connected_to_as_it_is() -> None:
    said = parts("postgresql://ann@db.example.org:5433/boxout", 30)
    assert (said["host"], said["port"], said["user"]) == ("db.example.org", "5433", "ann")
    assert "target_session_attrs" not in said


def test_of_several_hosts_the_one_that_can_be_written_to_is_meant() -> None:
    said = parts("postgresql://ann@one:5432,other:5433/boxout", 30)
    assert (said["host"], said["port"]) == ("one,other", "5432,5433")
    assert said["target_session_attrs"] == "read-write"


def test_what_the_address_says_of_it_counts() -> None:
    said = parts("postgresql://one,other/b?target_session_attrs=primary&connect_timeout=3", 30)
    assert (said["target_session_attrs"], said["connect_timeout"]) == ("primary", "3")


def test_options_of_the_address_are_kept_beside_ours() -> None:
    said = parts("postgresql://one/b?options=-csearch_path%3Dmine", 7)
    assert said["options"].startswith("-csearch_path=mine -c lock_timeout=7000 ")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann:secret@one,other/b", "postgresql://ann:***@one,other/b"),
        ("postgresql://ann:se:cret@one/b", "postgresql://ann:***@one/b"),
        (
            "postgresql:///b?host=/run&password=secret&user=ann",
            "postgresql:///b?host=/run&password=***&user=ann",
        ),
        ("postgresql://ann@one/b", "postgresql://ann@one/b"),
    ],
)
def test_a_password_is_never_shown(url: str, told: str) -> None:
    assert shown(url) == told


def test_an_address_that_cannot_be_read_is_told_without_its_password() -> None:
    with pytest.raises(DefinitionError, match="is not the address of a PostgreSQL") as refused:
        parts("postgresql://ann:secret@[one/b", 30)
    assert "secret" not in str(refused.value)
