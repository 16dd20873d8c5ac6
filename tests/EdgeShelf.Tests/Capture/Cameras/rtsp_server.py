"""Serves test pictures as RTSP streams at /h264 and /h265, to everybody or after a digest login. Prints the port.

usage: rtsp_server.py PORT [USER PASSWORD]         with the port 0 it takes any free one
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

DIGEST = 2  # GST_RTSP_AUTH_DIGEST
ENCODERS = {
    "h264": "x264enc tune=zerolatency key-int-max=10 ! rtph264pay",
    "h265": "x265enc tune=zerolatency key-int-max=10 ! rtph265pay",
}

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
for name, encoder in ENCODERS.items():
    factory = GstRtspServer.RTSPMediaFactory.new()
    factory.set_launch(f"( videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=10/1 ! {encoder} name=pay0 pt=96 )")
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
