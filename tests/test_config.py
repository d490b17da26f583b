"""Laws of settings: the nearer layer wins, a folder stays data, a mistake is named."""

from pathlib import Path

import pytest

from answerprint import config
from answerprint.config import ConfigError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(config, "user_file", lambda: tmp_path / "user.toml")
    return tmp_path


def test_the_nearer_layer_wins_and_says_so(home: Path) -> None:
    (home / "user.toml").write_text('raster = "3840x2160"\nclient = "mine"\nworkers = 3')
    (home / "answerprint.toml").write_text('title = "First Pour"\nclient = "theirs"\nrate = 25')
    settings = config.load(home, {"title": "Second Pour"})
    assert (settings["title"], settings["client"], settings["raster"], settings["rate"]) == ("Second Pour", "theirs", "3840x2160", "25")
    assert settings.origin["title"] == "command line"
    assert settings.origin["client"] == "answerprint.toml"
    assert settings.origin["raster"] == str(home / "user.toml")
    assert settings.origin["naming"] == "built in"
    assert settings.workers == 3


def test_an_unknown_setting_names_the_nearest(home: Path) -> None:
    (home / "answerprint.toml").write_text('titel = "First Pour"')
    with pytest.raises(ConfigError, match=r"'titel'\. Did you mean 'title'"):
        config.load(home)


@pytest.mark.parametrize("line", ["workers = 8", 'plugin = "evil"', 'provider = "http://example.com"'])
def test_a_folder_that_came_by_mail_cannot_choose_what_runs(home: Path, line: str) -> None:
    (home / "answerprint.toml").write_text(line)
    with pytest.raises(ConfigError):
        config.load(home)


@pytest.mark.parametrize("text", ["title = ", "title = 3", 'rate = "film"', "media = [1]", "look = {A = 1}", 'media = "one"'])
def test_a_setting_of_another_kind_is_an_error(home: Path, text: str) -> None:
    (home / "answerprint.toml").write_text(text)
    with pytest.raises(Exception, match=r"answerprint\.toml|frame rate"):
        config.load(home)


@pytest.mark.parametrize("naming", ["../../{what}", "/home/somebody/{what}", "..\\\\{what}", "{title.__class__}", "{what!r}", "{title:>9}", "{client}", "{0}", "{"])
def test_a_naming_pattern_leads_nowhere_and_asks_for_nothing_else(home: Path, naming: str) -> None:
    (home / "answerprint.toml").write_text(f"naming = '{naming}'")
    with pytest.raises(ConfigError, match=r"naming = .*\{title\} and \{what\}"):
        config.load(home)


def test_a_negative_number_of_workers_is_an_error(home: Path) -> None:
    with pytest.raises(ConfigError, match="workers = -1"):
        config.load(home, {"workers": -1})


@pytest.mark.parametrize("title", ["First Pour", 'a "quoted" one', "back\\slash", "two\nlines", "Café ☕", "tab\there", "\x7f"])
def test_what_is_written_reads_back(home: Path, title: str) -> None:
    (home / "answerprint.toml").write_text(config.render({"title": title, "rate": "23.976", "media": ["/Volumes/CARD 1", title]}), encoding="utf-8")
    settings = config.load(home)
    assert settings["title"] == title
    assert settings["media"] == ["/Volumes/CARD 1", title]
