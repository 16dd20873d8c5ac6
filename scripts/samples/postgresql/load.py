#!/usr/bin/python3
"""load.py HOST PORT DATABASE: stores the results and events of all shelves in PostgreSQL.

DATABASE is a connection string such as "dbname=shelves". A message is confirmed to the broker after its row is committed, and the broker keeps
messages while this program does not run, because its session is persistent. Needs Debian's python3-paho-mqtt and python3-psycopg2.
"""
import json
import sys
import time

import paho.mqtt.client as mqtt
import psycopg2

SESSION = "edgeshelf-postgresql"
INSERT = """
    INSERT INTO message (installation, id, device, seq, kind, at, document) VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class Store:
    """Rows go in one by one. A connection that was lost is made again, with a pause that grows to half a minute."""

    def __init__(self, database):
        self.database, self.connection = database, None

    def add(self, row):
        pause = 1
        while True:
            try:
                if self.connection is None:
                    self.connection = psycopg2.connect(self.database, connect_timeout=10)
                with self.connection, self.connection.cursor() as cursor:
                    cursor.execute(INSERT, row)
                return
            except psycopg2.OperationalError as problem:
                print(f"The database does not answer: {str(problem).strip()} Next attempt in {pause} s.", file=sys.stderr, flush=True)
                self.connection = None
                time.sleep(pause)
                pause = min(30, pause * 2)


def row_of(topic, payload):
    """The row of a message, or None for one that holds no document."""
    if not payload:
        return None
    try:
        document = json.loads(payload)
        kind = topic.rsplit("/", 1)[1]
        at = document["captured_at"] if kind == "result" else document["at"]
        return document["installation"], document["id"], document["device"], document["seq"], kind, at, json.dumps(document)
    except (ValueError, KeyError, TypeError) as problem:
        # Anyone who may write on the topic can send this. It is skipped, so that it does not block what comes after it.
        print(f"{topic}: not a document of EdgeShelf ({problem!r})", file=sys.stderr, flush=True)
        return None


def main(host, port, database):
    store = Store(database)

    since, ended = 0, 0

    def connected(client, *_):
        nonlocal since
        since = time.monotonic()
        client.subscribe([("edgeshelf/+/result", 1), ("edgeshelf/+/event", 1)])
        print("connected", flush=True)

    # Two programs with the same session end each other's connections for ever, and MQTT 3.1.1 does not say why.
    def disconnected(client, _, code):
        nonlocal ended
        ended = ended + 1 if time.monotonic() - since < 10 else 0
        if code != 0 and ended >= 3:
            print(f"The broker ended {ended} connections in a row soon after they were made. Another program that connects as {SESSION} does that: "
                  "stop one of them. The next attempt is in 60 s.", file=sys.stderr, flush=True)
            time.sleep(60)

    # paho-mqtt confirms a message when this function has returned.
    def received(client, _, message):
        row = row_of(message.topic, message.payload)
        if row is not None:
            store.add(row)

    versions = getattr(mqtt, "CallbackAPIVersion", None)
    arguments = {"client_id": SESSION, "clean_session": False}
    client = mqtt.Client(versions.VERSION1, **arguments) if versions else mqtt.Client(**arguments)
    client.on_connect, client.on_message, client.on_disconnect = connected, received, disconnected
    client.connect(host, int(port))
    client.loop_forever()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
