"""Settings: what a file and the environment give, and every mistake answered with where it is and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from groupbot import config
from groupbot.config import ConfigError, Settings

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
WHOLE = """\
database = "sqlite:///county.db"
[telegram]
token_file = "telegram.token"
base_url = "http://127.0.0.1:8081/bot"
[matrix]
homeserver = "https://matrix.example.org"
user_id = "@groupbot:example.org"
"""


def _load(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "groupbot.toml"
    file.write_text(text, encoding="utf-8")
    return config.load(file, environ)


def _refusal(folder: Path, text: str, **environ: str) -> str:
    with pytest.raises(ConfigError) as refused:
        _load(folder, text, **environ)
    return str(refused.value).replace(str(folder), "")


def test_paths_of_the_file_are_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "telegram.token").write_text(f"{TOKEN}\n", encoding="utf-8")
    settings = _load(tmp_path, WHOLE)
    assert settings.database == f"sqlite:///{tmp_path / 'county.db'}"
    assert settings.telegram is not None
    assert settings.telegram.read_token() == TOKEN
    assert settings.matrix is not None
    assert settings.matrix.state_dir == tmp_path / "matrix-state"


def test_what_the_file_leaves_at_its_default_is_beside_it_too(tmp_path: Path) -> None:
    assert _load(tmp_path, "").database == f"sqlite:///{tmp_path / 'groupbot.db'}"


def test_without_settings_it_is_the_sandboxs_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load(None, {"HOME": "/"}).database == "sqlite:///groupbot-sandbox/groupbot.db"
    assert config.load(None, {"GROUPBOT_DATABASE": "postgresql://h/d"}).database == "postgresql://h/d"
    assert config.load(None, {"GROUPBOT_TELEGRAM_TOKEN": TOKEN}).database == "sqlite:///groupbot.db"


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    settings = _load(tmp_path, WHOLE, GROUPBOT_DATABASE="postgresql://h/d", GROUPBOT_TELEGRAM_TOKEN=TOKEN)
    assert settings.database == "postgresql://h/d"
    assert settings.telegram is not None
    assert settings.telegram.read_token() == TOKEN
    assert settings.telegram.base_url == "http://127.0.0.1:8081/bot"


def test_a_variable_alone_makes_a_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not config.load(None, {"HOME": "/"}).has_platform()
    assert config.load(None, {"GROUPBOT_TELEGRAM_TOKEN": TOKEN}).has_platform()


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    settings = _load(tmp_path, WHOLE, GROUPBOT_TELEGRAM_TOKEN=TOKEN)
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump_json()}"
    assert TOKEN not in _refusal(tmp_path, f'[telegram]\ntoken = ["{TOKEN}"]\n')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("databse = 'x'", "/groupbot.toml: 'databse' is not a setting; did you mean 'database'?"),
        ("[telegram]\ntokenfile = 'x'", "/groupbot.toml: 'telegram.tokenfile' is not a setting; did you mean"),
        ("[irc]\nx = 1", "/groupbot.toml: 'irc' is not a setting; known here are database, pack, telegram, matrix"),
        ("file = 'x'", "/groupbot.toml: 'file' is not a setting; remove it"),
        ("[matrix]\nuser_id = '@a:b'", "/groupbot.toml: 'matrix.homeserver' is missing; matrix needs it"),
        ("[matrix]\nhomeserver = 'x'\nuser_id = '@a:b'", "/groupbot.toml: 'matrix.homeserver' is unfit: String should"),
        ("telegram = 3", "/groupbot.toml: 'telegram' is unfit: "),
        ("database = 3", "/groupbot.toml: 'database' is unfit: Input should be a valid string"),
        ("x = ", "/groupbot.toml is not TOML: "),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    assert _refusal(tmp_path, text).startswith(said)


def test_a_mistake_in_the_environment_is_named_too(tmp_path: Path) -> None:
    unknown = _refusal(tmp_path, "", GROUPBOT_TELEGRAM_TOKN=TOKEN)
    assert unknown == (
        "the environment's GROUPBOT_TELEGRAM_TOKN is not a setting; did you mean 'GROUPBOT_TELEGRAM_TOKEN'?"
    )
    unfit = _refusal(tmp_path, "", GROUPBOT_TELEGRAM_BASE_URL="example.org")
    assert unfit.startswith("the environment (GROUPBOT_TELEGRAM_BASE_URL): 'telegram.base_url' is unfit: ")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no file .*: write one, or name another with --config"):
        config.load(tmp_path / "groupbot.toml", {})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            None,
            "telegram.token_file /telegram.token is not there: put the token in it: "
            "printf '%s' 'THE-TOKEN' > /telegram.token && chmod 600 /telegram.token",
        ),
        ("\n", "telegram.token_file /telegram.token is empty: put the token in it"),
    ],
)
def test_a_secret_that_lacks_is_asked_for(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "telegram.token").write_text(content, encoding="utf-8")
    telegram = _load(tmp_path, WHOLE).telegram
    assert telegram is not None
    with pytest.raises(ConfigError) as refused:
        telegram.read_token()
    assert str(refused.value).replace(str(tmp_path), "") == said


def test_a_secret_that_nobody_named_is_asked_for(tmp_path: Path) -> None:
    telegram = _load(tmp_path, "[telegram]\n").telegram
    assert telegram is not None
    with pytest.raises(ConfigError, match=r"'telegram.token' is missing: put it in a file .* or set GROUPBOT_TELEGRAM"):
        telegram.read_token()
