"""Objects with properties on a D-Bus, and calls to them. The only importer of dbus-fast here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from devices.errors import DeviceError, Reason

try:
    from dbus_fast import Message, MessageFlag, MessageType, Variant
    from dbus_fast.aio import MessageBus
except ImportError as error:
    raise DeviceError(
        "The stand-in for BlueZ needs the library dbus-fast, which comes with bleak on Linux. Use emulated devices in "
        "one process, or devices.emulator.ble_world, on other systems.",
        Reason.MISSING_LIBRARY,
    ) from error

Properties = dict[str, Variant]
Called = Callable[[str, str, str, list[Any]], Awaitable[tuple[str, list[Any]]]]

_MANAGER = "org.freedesktop.DBus.ObjectManager"
_PROPERTIES = "org.freedesktop.DBus.Properties"


def variant(signature: str, value: object) -> Variant:
    """Write a value with its type.

    Parameters
    ----------
    signature : str
        Type, as D-Bus writes it.
    value : object
        The value.

    Returns
    -------
    Variant
        For a property.
    """
    return Variant(signature, value)


class Bus:
    """A tree of objects on a bus.

    Parameters
    ----------
    address : str
        Of the bus.
    """

    def __init__(self, address: str) -> None:
        self._bus = MessageBus(bus_address=address)
        self._objects: dict[str, dict[str, Properties]] = {}
        self._called: Called | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, name: str, called: Called) -> None:
        """Appear on the bus.

        Parameters
        ----------
        name : str
            Under which name.
        called : callable
            Called with path, interface, member and body of each call; gives signature and body of the answer. An
            exception with a ``name`` becomes an error of this name.
        """
        self._called = called
        await self._bus.connect()
        self._bus.add_message_handler(self._received)
        await self._bus.request_name(name)

    async def close(self) -> None:
        """Leave the bus."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._bus.disconnect()

    def has(self, path: str) -> bool:
        """Tell whether there is an object.

        Parameters
        ----------
        path : str
            Its path.

        Returns
        -------
        bool
            Whether it was added and not removed.
        """
        return path in self._objects

    def value(self, path: str, interface: str, name: str) -> object:
        """Read a property.

        Parameters
        ----------
        path, interface, name : str
            Which one.

        Returns
        -------
        object
            Its value.
        """
        return self._objects[path][interface][name].value

    def add(self, path: str, interface: str, properties: Properties) -> None:
        """Add an object, and say so.

        Parameters
        ----------
        path, interface : str
            Where, and of which kind.
        properties : dict of str to Variant
            Its properties.
        """
        self._objects[path] = {interface: properties}
        self._emit("/", _MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, self._objects[path]])

    def remove(self, prefix: str) -> None:
        """Remove objects, and say so.

        Parameters
        ----------
        prefix : str
            All whose path begins with this.
        """
        for path in [path for path in self._objects if path.startswith(prefix)]:
            interfaces = list(self._objects.pop(path))
            self._emit("/", _MANAGER, "InterfacesRemoved", "oas", [path, interfaces])

    def change(self, path: str, interface: str, changed: Properties) -> None:
        """Change properties, and say so.

        Parameters
        ----------
        path, interface : str
            Of what; an object removed meanwhile is passed over.
        changed : dict of str to Variant
            The new values.
        """
        if interface in self._objects.get(path, {}):
            self._objects[path][interface].update(changed)
            self._emit(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def _emit(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        """Send a signal, once there is a bus."""
        if self._bus.connected:
            self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def _received(self, message: Message) -> Message | bool | None:
        """Answer a call at once, or later."""
        if message.message_type is not MessageType.METHOD_CALL or message.path is None:
            return None
        if (message.interface, message.member) == (_MANAGER, "GetManagedObjects"):
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects])
        if (message.interface, message.member) == (_PROPERTIES, "Set") and self.has(message.path):
            interface, name, value = message.body
            self.change(message.path, interface, {name: value})
            return Message.new_method_return(message)
        if message.interface in (self._objects.get(message.path) or ()):
            task = asyncio.get_running_loop().create_task(self._answer(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return True
        return None

    async def _answer(self, message: Message) -> None:
        """Carry out a call and answer it."""
        if self._called is None:
            return
        try:
            signature, body = await self._called(
                message.path or "", message.interface or "", message.member or "", message.body
            )
            answer = Message.new_method_return(message, signature, body)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the caller waits for an answer
            name = str(getattr(error, "name", "org.bluez.Error.Failed"))
            answer = Message.new_error(message, name, str(error))
        if self._bus.connected and MessageFlag.NO_REPLY_EXPECTED not in message.flags:
            self._bus.send(answer)
