"""The option by which whoever decides, answers or publishes says in which role."""

from collections.abc import Callable
from typing import Any

from service.commands.options import option
from service.language import mark
from service.people.roles import Permission, able


def role_of(*needed: Permission, required: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--role`` of a deed that takes one of these permissions; its help names the roles that have one."""
    given: dict[str, Any] = {"required": True} if required else {"default": ""}
    return option("--role", metavar="|".join(able(*needed)), help=mark("Role in which this is done."), **given)
