# Tests what strangers send: hostile files in a picture folder, floods of requests, and links in the way of root.

# The documents about one file, by its name.
seen() { documents result ".image.name == \"$1\""; }
is_seen() { [ -n "$(seen "$1")" ]; }

tell "I let it watch a folder to which strangers write"
python3 "$here/stand-ins/hostile_pictures.py" "$picture" "$run/hostile"
put "$run"/hostile/* "$picture" /srv/hostile
on 'install -d -m 777 /srv/inbox && chmod -R a+rX /srv/hostile'
settings '{
  "Capture": { "Camera": "folder", "Folder": { "Path": "/srv/inbox", "Watch": true } },
  "Publish": { "Broker": "mqtt://localhost:1884", "Device": "shelf-07", "UserName": "shelf-07" }
}'
on 'systemctl restart edgeshelf' || true
check "it watches" within 90 service_is active
before=$(main_pid)
on 'ln -s /etc/edgeshelf/mqtt-password /srv/inbox/password.jpg; ln -s /dev/zero /srv/inbox/zero.jpg; mkfifo -m 666 /srv/inbox/pipe.jpg; cp /srv/hostile/bomb.png /srv/hostile/segments.jpg /srv/inbox'
check "the bombs are answered like any picture" within 90 eval 'is_seen bomb.png && is_seen segments.jpg'
check "the pipe is refused with an event" within 60 told '.type == "capture-failed" and (.message | contains("pipe.jpg"))'
on 'cp /srv/hostile/kiwi.jpg /srv/inbox'
check "the next picture is right" within 60 eval 'seen kiwi.jpg | grep -qi kiwi'
check "nothing of the password was published" not eval 'received | grep -q "on the shelf"'
check "the service was neither killed nor started again" test "$(main_pid)" = "$before"
peak=$(on 'cat /sys/fs/cgroup/system.slice/edgeshelf.service/memory.peak 2>/dev/null || awk "/VmHWM/ { print \$2 * 1024 }" /proc/$(systemctl show -p MainPID --value edgeshelf)/status')
check "it took at most $((peak / 1000000)) MB; 512 are there" test "$peak" -lt 512000000

tell "One of the files ends the service, and again at the next start"
# The result cannot be written while another program holds the database, so the file is in hand for certain when the kill comes.
has_poison_in_hand() { on 'grep -q poison.jpg /var/lib/edgeshelf/picture-in-hand'; }
on 'cp /srv/hostile/kiwi.jpg /srv/poison.jpg && printf x >>/srv/poison.jpg && printf "\377\331" >>/srv/poison.jpg'
for round in 1 2; do
  before=$(main_pid)
  on 'mkfifo /run/hold; (sqlite3 /var/lib/edgeshelf/outbox.db </run/hold >/dev/null 2>&1 &); exec 3>/run/hold; echo "BEGIN IMMEDIATE;" >&3; cp /srv/poison.jpg /srv/inbox/poison.jpg
    for i in $(seq 60); do grep -q poison.jpg /var/lib/edgeshelf/picture-in-hand && break; sleep 0.5; done
    systemctl kill -s KILL edgeshelf; rm -f /srv/inbox/poison.jpg; exec 3>&-; rm /run/hold'
  check "killed for the ${round}. time with the file in hand, it starts again" within 90 eval 'main_pid_is_not "$before" && service_is active'
done
on 'cp /srv/poison.jpg /srv/inbox/poison.jpg; cp /srv/hostile/kiwi.jpg /srv/inbox/after.jpg'
check "the file is set aside with an event" within 90 told '.data.code == "picture-set-aside" and (.message | contains("poison.jpg"))'
check "and the next one is answered" within 60 is_seen after.jpg
check "the file has no result" not is_seen poison.jpg

tell "A stranger floods the broker"
before=$(main_pid)
on 'yes "{}" | head -n 2000 | mosquitto_pub -h localhost -t edgeshelf/shelf-07/request/status -l'
check "the journal has a line about it" within 60 on 'journalctl -u edgeshelf -o cat --no-pager | grep -q "requests were dropped"'
check "and not one for each request" on '[ "$(journalctl -u edgeshelf -o cat --no-pager | grep -c "request")" -lt 60 ]'
on 'head -c 100000000 /dev/zero >/root/huge; mosquitto_pub -h localhost -q 1 -t edgeshelf/shelf-07/request/status -f /root/huge; rm /root/huge'
answered() { on "mosquitto_rr -V 5 -h localhost -t edgeshelf/shelf-07/request/status -e '$1' -m '{}' -W 10 | grep -q '\"status\":\"ok\"'"; }
check "a request is answered where its sender asks" within 180 answered backend/answers
check "but not on the topic of another device" not answered edgeshelf/shelf-08/request/capture
check "the service went on meanwhile" test "$(main_pid)" = "$before"

tell "The service's user leads root astray"
on 'cp -r /usr/lib/edgeshelf/models/grocery-81 /var/lib/edgeshelf/models/copy 2>/dev/null || { install -d -o edgeshelf -g edgeshelf /var/lib/edgeshelf/models; cp -r /usr/lib/edgeshelf/models/grocery-81 /var/lib/edgeshelf/models/copy; }
  chown -R edgeshelf: /var/lib/edgeshelf/models; echo untouched >/root/victim; cd /var/lib/edgeshelf/models
  runuser -u edgeshelf -- sh -c "rm -f in-use.json; ln -s /root/victim in-use.json.new; ln -s /root/victim in-use.json"'
check "model use does not write through its links" on 'edgeshelf model use copy; [ "$(cat /root/victim)" = untouched ]'
check "and leaves nothing of root's" on '[ -z "$(find /var/lib/edgeshelf ! -user edgeshelf)" ]'

on 'rm -rf /srv/inbox /srv/hostile /var/lib/edgeshelf/models/copy /var/lib/edgeshelf/models/in-use.json*; cp /root/rpicam.json /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf' || true
check "with its camera again, it takes pictures" within 90 service_is active
