# Shows a picture to the camera and checks that the backend receives its label.

picture=$project/src/EdgeShelf/Cli/DemoPictures/kiwi.jpg
put "$picture" "$here/stand-ins/rpicam-vid" /opt/shelf
on 'mv /opt/shelf/rpicam-vid /usr/local/bin/ && chmod 755 /opt/shelf /usr/local/bin/rpicam-vid && chmod 644 /opt/shelf/*.jpg'

tell "The broker asks devices for a password"
on 'printf "%s\n" "per_listener_settings true" "listener 1883 localhost" "allow_anonymous true" \
    "listener 1884 localhost" "allow_anonymous false" "password_file /etc/mosquitto/passwords" >/etc/mosquitto/conf.d/shelf.conf
  mosquitto_passwd -b -c /etc/mosquitto/passwords shelf-07 "on the shelf" && chown mosquitto: /etc/mosquitto/passwords && systemctl restart mosquitto
  (umask 077 && echo "on the shelf" >/etc/edgeshelf/mqtt-password)'

tell "I set the camera to rpicam, a stand-in here, and start the service"
start_backend
settings '{
  "Capture": { "Camera": "rpicam", "Interval": "00:00:05", "Timeout": "00:00:30",
    "Gpio": { "Button": { "Line": 3, "ActiveLow": false, "Pull": "None" }, "Led": { "Line": 5 } } },
  "Publish": { "Broker": "mqtt://localhost:1884", "Device": "shelf-07", "UserName": "shelf-07" }
}'
on 'cp /etc/edgeshelf/edgeshelf.json /root/rpicam.json'
check "the settings are fine" on 'edgeshelf config validate'
on 'systemctl restart edgeshelf' || true
check "systemctl says that it is active" service_is active
check "a result with three labels reaches the backend" within 60 more_results_than 0 '.device == "shelf-07" and .trigger == "timer" and .image.source == "rpicam" and (.slots[0].top | length) == 3'
check "with the password that only root can read" on 'grep -q "edgeshelf-shelf-07.*u.shelf-07" /var/log/mosquitto/mosquitto.log && ! runuser -u edgeshelf -- cat /etc/edgeshelf/mqtt-password'
check "its time is UTC with a Z, and it says that nobody set the clock" more_results_than 0 '(.captured_at | endswith("Z")) and .clock_synced == false'
check "systemctl status tells the last label" within 30 on 'systemctl show -p StatusText --value edgeshelf | grep "camera works; broker connected; .* last #"'
page() { on "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET $1 HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && timeout 20 cat <&3" | tr -d '\r' | sed -n "1p;/$2/p" | tr '\n' ' ' | grep -q "200 OK.*$2"; }
check "the page is served" within 30 page / "<title>"
check "Prometheus finds its numbers" within 30 page /metrics edgeshelf_
check "and the description of the routes is there" within 30 page /openapi.json predict
score=$(on 'systemd-analyze security --no-pager edgeshelf.service' | sed -n 's/.*exposure level for edgeshelf.service: \([0-9.]*\).*/\1/p')
check "systemd-analyze security gives ${score:-nothing} while it takes pictures; 2.0 is allowed" awk -v score="${score:-10}" 'BEGIN { exit score > 2.0 }'
memory=$(on 'awk "/VmRSS/ { print int(\$2 / 1024) }" /proc/$(systemctl show -p MainPID --value edgeshelf)/status')
echo "          note    it takes ${memory} MB"
