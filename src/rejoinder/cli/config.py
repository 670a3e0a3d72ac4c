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
    tables = group.list_commands(ctx)
    for key, value in config.values.items():
        if key not in GENERAL and not (key in tables and isinstance(value, dict)):
            raise _unknown(config, key, [*GENERAL, *tables])
    general = {key: value for key, value in config.values.items() if key in GENERAL}
    return {
        verb: _defaults(command, config, general, config.values.get(verb, {}), verb)
        for verb in verbs
        if (command := group.get_command(ctx, verb))
    }


def _defaults(
    command: click.Command, config: Config, general: dict[str, Any], table: dict[str, Any], where: str
) -> dict[str, Any]:
    """The defaults of a command by parameter name, or of each command below it."""
    if isinstance(command, click.Group):
        if strange := [
            key for key in table if key not in command.commands or not isinstance(table[key], dict)
        ]:
            raise _unknown(config, f"{where}.{strange[0]}", [f"{where}.{name}" for name in command.commands])
        return {
            name: _defaults(below, config, general, table.get(name, {}), f"{where}.{name}")
            for name, below in command.commands.items()
        }
    options = {
        flag.lstrip("-").replace("-", "_"): option
        for option in command.params
        if isinstance(option, click.Option) and not option.is_eager
        for flag in option.opts
        if flag.startswith("--")
    }
    made = {}
    for key, value in ({key: general[key] for key in general if key in options} | table).items():
        option = options.get(key.replace("-", "_"))
        if option is None:
            raise _unknown(config, f"{where}.{key}", [f"{where}.{name}" for name in options])
        made[str(option.name)] = _value(
            config, f"{where}.{key}" if key in table else key, option, value, command
        )
    return made


def _value(config: Config, key: str, option: click.Option, value: Any, command: click.Command) -> Any:
    """A value that the option takes; paths count from the folder of the file."""
    if isinstance(value, date):
        value = value.isoformat()
    wanted = bool if option.is_flag else int if isinstance(option.type, click.types.IntParamType) else str
    if isinstance(option.type, click.Path) and isinstance(value, str):
        value = str(config.path.parent / Path(value).expanduser())
    try:
        if not option.multiple and type(value) is not wanted:
            raise click.BadParameter(f"{value!r} is not {_WANTED[wanted]}.")
        option.type_cast_value(click.Context(command), value)
    except click.BadParameter as error:
        raise ConfigError(
            f"{config.path}, {key}: {error.message.rstrip('.')}.", "Correct it there."
        ) from error
    return value


_WANTED = {bool: "true or false", int: "a whole number", str: 'a text in "quotes"'}


def _unknown(config: Config, key: str, known: list[str]) -> ConfigError:
    import difflib

    near = difflib.get_close_matches(key, known, 1)
    tip = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."
    return ConfigError(f"{config.path}: {key} is unknown, or in the wrong place.", tip)
