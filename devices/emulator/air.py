"""The emulated air between radios: who is in reach, and controllers that send a notification in one piece."""

from devices.emulator.bumble_stack import (
    Address,
    AdvertisingPdu,
    Controller,
    ControlPdu,
    HCI_ErrorCode,
    HCI_LE_Connection_Complete_Event,
    HCI_LE_Create_Connection_Cancel_Command,
    HCI_StatusReturnParameters,
    LinkEnd,
    LocalLink,
    PhysicalTransport,
    Role,
)

_LONGEST_PACKET = 512


class Air(LocalLink):
    """What carries packets between emulated controllers; some of them may be out of reach."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves it untyped
        self._away: set[Controller] = set()

    def leave(self, controller: Controller) -> None:
        """Carry a controller out of reach: nothing comes to it or from it any more, and nobody is told.

        Parameters
        ----------
        controller : Controller
            Who leaves.
        """
        self._away.add(controller)

    def enter(self, controller: Controller) -> None:
        """Bring a controller back into reach.

        Parameters
        ----------
        controller : Controller
            Who comes back.
        """
        self._away.discard(controller)

    def cut(self, controller: Controller) -> None:
        """Let all links of a controller time out, on both sides.

        Parameters
        ----------
        controller : Controller
            Whose links.
        """
        for end in list(controller.le_connections.values()):
            for other in self.controllers:
                if other is not controller and (far := other.le_connections.get(end.self_address)):
                    other.on_le_disconnected(far, HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
            controller.on_le_disconnected(end, HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def discard(self, controller: Controller) -> None:
        """Take a controller out for good.

        Parameters
        ----------
        controller : Controller
            Which one; its links time out.
        """
        self.cut(controller)
        self._away.discard(controller)
        self.controllers.discard(controller)

    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry data, unless one of the two is out of reach.

        Parameters
        ----------
        sender_controller : Controller
            From whom.
        destination_address : Address
            To whom.
        transport : PhysicalTransport
            Kind of radio.
        data : bytes
            What.
        """
        if sender_controller not in self._away and self._reaches(destination_address):
            super().send_acl_data(sender_controller, destination_address, transport, data)

    def send_advertising_pdu(self, sender_controller: Controller, packet: AdvertisingPdu) -> None:
        """Carry an advertisement or a request to connect to everybody in reach.

        Parameters
        ----------
        sender_controller : Controller
            From whom.
        packet : AdvertisingPdu
            What.
        """
        if sender_controller not in self._away:
            super().send_advertising_pdu(sender_controller, packet)

    def send_ll_control_pdu(
        self, sender_address: Address, receiver_address: Address, packet: ControlPdu
    ) -> None:
        """Carry link control, unless one of the two is out of reach.

        Parameters
        ----------
        sender_address, receiver_address : Address
            From whom to whom.
        packet : ControlPdu
            What.
        """
        if self._reaches(sender_address) and self._reaches(receiver_address):
            super().send_ll_control_pdu(sender_address, receiver_address, packet)

    def _reaches(self, address: Address) -> bool:
        """Whether somebody in reach has this address."""
        controller = self.find_le_controller(address)
        return controller is not None and controller not in self._away


class AirController(Controller):
    """A controller that takes a notification in one packet and can give up a connection that does not come."""

    le_acl_data_packet_length = _LONGEST_PACKET
    acl_data_packet_length = _LONGEST_PACKET

    def on_link_acl_data(self, sender_address: Address, transport: PhysicalTransport, data: bytes) -> None:
        """Take what arrived over the air; data of a link that is gone fall silently.

        Parameters
        ----------
        sender_address : Address
            From whom.
        transport : PhysicalTransport
            Kind of radio.
        data : bytes
            What.
        """
        if sender_address in self.le_connections:
            super().on_link_acl_data(sender_address, transport, data)

    def on_ll_control_pdu(self, sender_address: Address, packet: ControlPdu) -> None:
        """Take link control; that of a link that is gone falls silently.

        Parameters
        ----------
        sender_address : Address
            From whom.
        packet : ControlPdu
            What.
        """
        if sender_address in self.le_connections:
            super().on_ll_control_pdu(sender_address, packet)

    def on_le_disconnected(self, connection: LinkEnd, reason: int) -> None:
        """End a link once, though both sides may end it at the same time.

        Parameters
        ----------
        connection : LinkEnd
            Which one.
        reason : int
            Why.
        """
        if self.le_connections.get(connection.peer_address) is connection:
            super().on_le_disconnected(connection, reason)

    def on_hci_le_create_connection_cancel_command(
        self, _command: HCI_LE_Create_Connection_Cancel_Command
    ) -> HCI_StatusReturnParameters:
        """Give up the connection under way, and report that none came of it.

        Parameters
        ----------
        _command : HCI_LE_Create_Connection_Cancel_Command
            The command; it has no parameters.

        Returns
        -------
        HCI_StatusReturnParameters
            Success.
        """
        if pending := self.pending_le_connection:
            self.pending_le_connection = None
            self.send_hci_packet(
                HCI_LE_Connection_Complete_Event(
                    status=HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                    connection_handle=0,
                    role=Role.CENTRAL,
                    peer_address_type=pending.peer_address.address_type,
                    peer_address=pending.peer_address,
                    connection_interval=0,
                    peripheral_latency=0,
                    supervision_timeout=0,
                    central_clock_accuracy=0,
                )
            )
        return HCI_StatusReturnParameters(HCI_ErrorCode.SUCCESS)
