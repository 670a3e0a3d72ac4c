"""`config.toml`: what somebody always wants, as the defaults of the options.

Keys are the names of options without their dashes: some stand at the top and
count for every command that has them, the others in the table of a command.

    me = "Dana Li"
    country = "GB-ENG"

    [reply]
    format = "eml"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from rejoinder.cli import CONFIG_FILE
from rejoinder.errors import RejoinderError
from rejoinder.resources import home

#: What may stand at the top of the file.
GENERAL = ("me", "tone", "country", "wait", "templates", "model")


class ConfigError(RejoinderError):
    """A configuration file that cannot be read, or says something unknown."""


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file as it was read."""

    path: Path
    values: dict[str, Any]


def config_path(chosen: Path | None = None) -> Path:
    """The file to read: the one chosen (or the one in a folder chosen), else that in the user's folder."""
    if chosen is None:
        return home() / CONFIG_FILE
    return chosen / CONFIG_FILE if chosen.is_dir() else chosen


def read_config(chosen: Path | None = None) -> Config | None:
    """The configuration in force; None where the user has none.

    Raises ConfigError for a file that is no TOML, or is chosen and missing.
    """
    path = config_path(chosen)
    if not path.exists():
        if chosen is None:
            return None
        raise ConfigError(f"There is no file {path}.", "Check the name after --config.")
    import tomllib  # for those alone who have a file

    try:
        return Config(path, tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path} is not UTF-8 (line {line}).", "Save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{path} is no valid TOML: {error}.", "Correct that line.") from error


def default_map(
    config: Config, group: click.Group, ctx: click.Context, verbs: Iterable[str]
) -> dict[str, Any]:
    """The defaults for some commands of a group, as click wants them.

    Raises ConfigError for a key that no command knows, and for a value that
    an option does not take.
    """
    names = group.list_commands(ctx)
    # `templates` and `model` are options and commands: as a table, the command is meant.
    tables = {key: value for key, value in config.values.items() if key in names and isinstance(value, dict)}
    general = {key: value for key, value in config.values.items() if key in GENERAL and key not in tables}
    for key in config.values:
        if key not in tables and key not in general:
            raise _unknown(config, key, [*GENERAL, *names])
    return {
        verb: _defaults(command, config, general, tables.get(verb, {}), verb)
        for verb in verbs
        if (command := group.get_command(ctx, verb))
    }


def _defaults(
    command: click.Command, config: Config, general: dict[str, Any], table: dict[str, Any], where: str
) -> dict[str, Any]:
    """The defaults of a command by parameter name, or of each command below it."""
    if isinstance(command, click.Group):
        for key, value in table.items():
            if key not in command.commands or not isinstance(value, dict):
                raise _unknown(config, f"{where}.{key}", [f"{where}.{name}" for name in command.commands])
        return {
            name: _defaults(below, config, general, table.get(name, {}), f"{where}.{name}")
            for name, below in command.commands.items()
        }
    options = _options(command)
    wanted = {key: (key, value) for key, value in general.items() if key in options}
    wanted |= {key.replace("-", "_"): (f"{where}.{key}", value) for key, value in table.items()}
    for key, (shown, _) in wanted.items():
        if key not in options:
            raise _unknown(config, shown, [f"{where}.{name}" for name in options])
    return {
        str(options[key].name): _value(config, shown, options[key], value, command)
        for key, (shown, value) in wanted.items()
    }


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command by their names in the file."""
    return {
        flag.lstrip("-").replace("-", "_"): option
        for option in command.params
        if isinstance(option, click.Option) and not option.is_eager
        for flag in option.opts
        if flag.startswith("--")
    }


def _value(config: Config, key: str, option: click.Option, value: Any, command: click.Command) -> Any:
    """A value that the option takes; paths count from the folder of the file."""
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(option.type, click.Path) and isinstance(value, str):
        value = str(config.path.parent / Path(value).expanduser())
    try:
        for one in _each(option, value):
            if not _fits(option, one):
                raise click.BadParameter(f"{str(value)[:40]!r} is not {_wanted(option)}")
        option.type_cast_value(click.Context(command), value)
    except click.BadParameter as error:
        raise ConfigError(
            f"{config.path}, {key}: {error.message.rstrip('.')}.", "Correct it there."
        ) from error
    return value


def _each(option: click.Option, value: Any) -> list[Any]:
    if not option.multiple:
        return [value]
    if not isinstance(value, list):
        raise click.BadParameter(f"{str(value)[:40]!r} is not a list in [brackets]")
    return value


def _fits(option: click.Option, value: Any) -> bool:
    """Whether a value is of the sort that the option takes; click would make text of anything."""
    if option.is_flag or isinstance(value, bool):
        return option.is_flag and isinstance(value, bool)
    if isinstance(option.type, click.types.IntParamType):
        return isinstance(value, int)
    if isinstance(option.type, click.types.FloatParamType):
        return isinstance(value, int | float)
    return isinstance(value, str)


def _wanted(option: click.Option) -> str:
    if option.is_flag:
        return "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return "a whole number"
    return "a number" if isinstance(option.type, click.types.FloatParamType) else 'a text in "quotes"'


def _unknown(config: Config, key: str, known: list[str]) -> ConfigError:
    import difflib

    near = difflib.get_close_matches(key, known, 1)
    tip = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."
    return ConfigError(f"{config.path}: {key} is unknown, or in the wrong place.", tip)
