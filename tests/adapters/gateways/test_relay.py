"""What visitors see when the private instance breaks off."""

from __future__ import annotations

import asyncio
import socket
import struct

from parom.adapters.gateways.relay import Relay


def test_visitor_is_let_go_when_the_private_instance_breaks_off() -> None:
    """Without it the visitor waits until their own time limit."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def visit() -> bytes:
        relay = Relay()
        private = await asyncio.start_server(reset, "127.0.0.1", 0)
        relay.target = f"127.0.0.1:{private.sockets[0].getsockname()[1]}"
        public = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
        async with private, public:
            port = public.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            await writer.drain()
            try:
                return await asyncio.wait_for(reader.read(), 120)
            except ConnectionResetError:  # let go all the same
                return b""
            finally:
                writer.close()

    assert asyncio.run(visit()) == b""
