"""Serves test pictures as RTSP streams at /h264, /h265 and /stamped, to everybody or after a digest login. Prints the port.

The frames of /stamped show the time at which they were made: 32 squares at the top, black or white, are the bits of the Unix time in hundredths of
a second, the highest bit first.

usage: rtsp_server.py PORT [USER PASSWORD]         with the port 0 it takes any free one
"""
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

DIGEST = 2  # GST_RTSP_AUTH_DIGEST
ENCODERS = {
    "h264": "x264enc tune=zerolatency key-int-max=10 ! rtph264pay",
    "h265": "x265enc tune=zerolatency key-int-max=10 ! rtph265pay",
}

WIDTH, HEIGHT, SQUARE = 320, 240, 10
BLACK, WHITE, GREY, NO_COLOUR = b"\x10", b"\xeb", b"\x80", b"\x80"
REST = GREY * (WIDTH * (HEIGHT - SQUARE)) + NO_COLOUR * (WIDTH * HEIGHT // 2)


def stamped_frame():
    bits = f"{time.time_ns() // 10_000_000 % 2**32:032b}"
    row = b"".join((WHITE if bit == "1" else BLACK) * SQUARE for bit in bits)
    return Gst.Buffer.new_wrapped(row * SQUARE + REST)


def feed(_, media):
    frames = media.get_element().get_child_by_name("frames")
    # The timer ends when the stream does not take frames any more.
    GLib.timeout_add(100, lambda: frames.emit("push-buffer", stamped_frame()) == Gst.FlowReturn.OK)


Gst.init(None)
server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
login = sys.argv[2:]
if login:
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth = GstRtspServer.RTSPAuth.new()
    auth.set_supported_methods(DIGEST)
    auth.add_digest(*login, token)
    server.set_auth(auth)
sources = {name: f"videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=10/1 ! {encoder}" for name, encoder in ENCODERS.items()}
sources["stamped"] = (
    f"appsrc name=frames is-live=true do-timestamp=true format=time caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate=10/1"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay"
)
for name, source in sources.items():
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f"( {source} name=pay0 pt=96 )")
    if name == "stamped":
        factory.connect("media-configure", feed)
    factory.set_shared(True)
    if login:
        role = Gst.Structure.new_empty("viewer")
        role.set_value("media.factory.access", True)
        role.set_value("media.factory.construct", True)
        factory.add_role_from_structure(role)
    server.get_mount_points().add_factory(f"/{name}", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
