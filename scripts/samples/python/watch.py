#!/usr/bin/python3
"""watch.py HOST [PORT]: prints each change of a place on a shelf.

It needs paho-mqtt 1.6 or later (Debian: python3-paho-mqtt). A change that is sent again has the same id and is printed once.
"""
import json
import sys

import paho.mqtt.client as mqtt

REMEMBERED = 10_000


def describe(event):
    """A `slot-changed` event as one line."""
    change = event["data"]
    expected = change["expected"]
    product = f" ({expected['name'] or expected['label']})" if expected else ""
    return f"{event['device']} {change['slot']}: {change['from']} -> {change['to']}{product} at {change['since']}"


def main(host, port="1883"):
    known = {}

    def connected(client, *_):
        client.subscribe("edgeshelf/+/event", qos=1)

    def received(client, _, message):
        # An empty message is from `edgeshelf doctor`, which tests whether the broker allows the topic.
        if not message.payload:
            return
        event = json.loads(message.payload)
        key = event["installation"], event["id"]
        if event["type"] != "slot-changed" or key in known:
            return
        known[key] = None
        if len(known) > REMEMBERED:
            del known[next(iter(known))]
        print(describe(event), flush=True)

    # paho-mqtt 2 wants the version of its callbacks named; version 1 does not know them.
    versions = getattr(mqtt, "CallbackAPIVersion", None)
    client = mqtt.Client(versions.VERSION1) if versions else mqtt.Client()
    client.on_connect, client.on_message = connected, received
    client.connect(host, int(port))
    client.loop_forever()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
