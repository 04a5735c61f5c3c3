"""Where the license server's address and the token come from, and what is never used or shown."""

import pytest

from nexuslic.cli.vendor import config
from nexuslic.cli.vendor.config import Given, account
from nexuslic.cli.vendor.link import Vendor
from nexuslic.errors import InputError
from nexuslic.server import making, settings

URL, OTHER = "https://license.example", "https://other.example"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a file that only its owner reads; vendor.toml is where it is looked for."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path)

    def written(name, text, mode=0o600):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(mode)
        return tmp_path / name

    return written


def test_options_count_before_variables_and_those_before_the_file(write):
    write("vendor.toml", f'server = "{URL}"\ntoken = "from-file"\nauthority = "file.pem"\n')
    for source in ("file", "variable", "option"):
        write(f"{source}.pem", f"pem of {source}")
    variables = {"NEXUSLIC_TOKEN": "from-variable", "NEXUSLIC_AUTHORITY": str(write("variable.pem", "pem of variable"))}
    option = Given(token_file=write("t", "from-option\n"), authority=write("option.pem", "pem of option"))
    found = [account(Given(), {}), account(Given(), variables), account(option, variables)]
    assert [one.token for one in found] == ["from-file", "from-variable", "from-option"]
    assert [one.authority for one in found] == ["pem of file", "pem of variable", "pem of option"]
    assert {one.server for one in found} == {URL}


def test_the_server_too(write):
    write("vendor.toml", f'server = "{URL}"\ntoken = "from-file"\n')
    variables = {"NEXUSLIC_SERVER": OTHER, "NEXUSLIC_TOKEN": "t"}
    assert account(Given(), variables).server == OTHER
    assert account(Given(server="https://third.example"), variables).server == "https://third.example"


def test_a_token_of_the_file_goes_to_the_server_of_the_file_only(write):
    write("vendor.toml", f'server = "{URL}"\ntoken = "from-file"\n')
    assert account(Given(server=f"{URL}/"), {}).token == "from-file"
    with pytest.raises(InputError, match=r"no token for https://other\.example is told"):
        account(Given(server=OTHER), {})


def test_another_file_may_be_given(write):
    path = write("mine.toml", f'server = "{OTHER}"\ntoken_file = "t"\n')
    write("t", "from-token-file\n")
    assert account(Given(config=path), {}).token == "from-token-file"


def test_without_anything_the_ways_are_named(write):
    with pytest.raises(InputError, match=r"give --server URL, NEXUSLIC_SERVER or a line `server` in vendor.toml"):
        account(Given(), {})
    with pytest.raises(InputError, match="give --token-file FILE, or NEXUSLIC_TOKEN"):
        account(Given(server=URL), {})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_with_a_token_that_others_can_read_is_refused(write, mode):
    write("vendor.toml", f'server = "{URL}"\ntoken = "hidden"\n', mode)
    with pytest.raises(InputError, match="holds a token and others can read it: run `chmod 600 ") as caught:
        account(Given(), {})
    assert "hidden" not in str(caught.value)
    with pytest.raises(InputError, match="others can read it"):
        account(Given(server=URL, token_file=write("t", "hidden", mode)), {})


def test_a_file_without_a_token_may_be_read_by_others(write):
    write("vendor.toml", f'server = "{URL}"\n', 0o644)
    assert account(Given(), {"NEXUSLIC_TOKEN": "t"}).server == URL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("server = ", "is not TOML"),
        ('sever = "a"', "there is no setting `sever`: did you mean `server`?"),
        ('colour = "a"', "known here: server, token, token_file, authority"),
        ("server = 1", "`server` has to be some text in quotes"),
        ('token = " "', "`token` has to be some text in quotes"),
        ('token = "a"\ntoken_file = "b"', "`token` and `token_file` exclude each other"),
        ('server = "https://a"\ntoken_file = "none"', "none cannot be read as the token (No such file or directory)"),
        ('server = "https://a"\ntoken = "a"\nauthority = "none"', "none cannot be read as the authority"),
    ],
)
def test_a_file_that_is_wrong_is_named(write, text, words):
    path = write("vendor.toml", text)
    with pytest.raises(InputError) as caught:
        account(Given(), {})
    assert words in str(caught.value) and str(path.parent) in str(caught.value)


def test_a_file_that_was_given_has_to_be_there(write, tmp_path):
    with pytest.raises(InputError, match="cannot be read as the configuration"):
        account(Given(config=tmp_path / "none"), {})


def test_what_is_no_text_is_said(write, tmp_path):
    (tmp_path / "t").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="it is no text in UTF-8"):
        account(Given(server=URL, token_file=tmp_path / "t"), {})


@pytest.mark.parametrize("token", ["two words", "two\nlines", "ümlaut", "\n", "a\x00b"])
def test_what_is_no_token_is_refused_and_not_repeated(write, token):
    with pytest.raises(InputError, match="is no token: it reads nexuslic_") as caught:
        account(Given(server=URL, token_file=write("t", token)), {})
    assert token.strip() not in str(caught.value) or not token.strip()


def test_no_text_of_an_account_shows_the_token(write):
    assert "hidden" not in repr(account(Given(server=URL), {"NEXUSLIC_TOKEN": "hidden"}))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--folder", "vendor", "--server", URL], "--folder and --server exclude each other"),
        (["--folder", "vendor", "--token-file", "t"], "--folder and --token-file exclude each other"),
        (["--folder", "vendor", "--authority", "t"], "--folder and --authority exclude each other"),
        (["--folder", "vendor", "--config", "t"], "--folder and --config exclude each other"),
        (["--server", URL, "--passphrase-file", "t"], "--passphrase-file opens the keys of a --folder"),
        (["--timeout", "0"], "'0' is not a whole number from 1 to 3600"),
    ],
)
def test_options_that_contradict_each_other_are_refused(desk, args, words):
    done = desk.command("vendor", "list", *args)
    assert done.status == 2 and words in done.err


def test_options_stand_before_or_after_the_command_and_after_counts(desk, tmp_path):
    assert desk.command("vendor", "--folder", str(desk.folder), "list").status == 0
    done = desk.command("vendor", "--folder", str(tmp_path / "none"), "list", "--folder", str(desk.folder))
    assert done.status == 0
    done = desk.command("vendor", "--folder", str(desk.folder), "list", "--folder", str(tmp_path / "none"))
    assert done.status == 2


def test_a_token_is_no_option():
    from nexuslic.cli.vendor import command

    assert "--token" not in {name for option in command.params for name in option.opts}


def test_keys_with_a_passphrase_are_opened_for_a_code_only(desk, tmp_path, monkeypatch):
    from nexuslic.adapters.chance import SystemChance

    sealed = tmp_path / "sealed"
    made = settings.chosen("Survey", ["localhost"], "127.0.0.1:0")
    making.make(sealed, made, b"four words of a ship", desk.clock, SystemChance())
    desk.folder = sealed
    code = desk.request_code(desk.issue())
    with monkeypatch.context() as patched:
        patched.setattr(Vendor, "request", lambda *_: pytest.fail("the registry is held while a key is opened"))
        refused = desk.call("answer-code", code)
    assert refused.status == 2 and "is encrypted: give its passphrase by --passphrase-file" in refused.err
    (tmp_path / "words").write_text("four words of a ship\n")
    assert desk.call("answer-code", code, "--passphrase-file", str(tmp_path / "words")).status == 0


def test_the_place_of_the_file_is_the_platforms():
    assert str(config.platformdirs.user_config_path("nexuslic", appauthor=False)).endswith("nexuslic")
