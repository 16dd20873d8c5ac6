# Tests faults that occur while nobody is at the device.

tell "The service is stopped in its tracks; systemd notices"
on 'mkdir -p /run/systemd/system/edgeshelf.service.d && printf "[Service]\nWatchdogSec=20\n" >/run/systemd/system/edgeshelf.service.d/test.conf && systemctl daemon-reload && systemctl restart edgeshelf'
before=$(main_pid)
on "kill -STOP $before"
check "the watchdog starts it again" within 90 main_pid_is_not "$before"
check "and it takes pictures again" within 130 service_is active
on 'rm -r /run/systemd/system/edgeshelf.service.d; systemctl daemon-reload'

tell "It is killed"
before=$(main_pid)
count=$(results)
on "kill -9 $before"
check "systemd starts it again, and results arrive" within 90 more_results_than "$count"
check "no camera program is left from before" on '[ "$(pgrep -c rpicam-vid)" -le 2 ]'

tell "A fault at every start, twenty times"
on 'mkdir -p /run/systemd/system/edgeshelf.service.d && printf "[Service]\nType=simple\nExecStart=\nExecStart=/bin/false\nRestartSec=50ms\n" >/run/systemd/system/edgeshelf.service.d/test.conf && systemctl daemon-reload && systemctl restart edgeshelf' || true
check "systemd does not give up" within 180 on '[ "$(systemctl show -p NRestarts --value edgeshelf)" -gt 20 ]'
on 'rm -r /run/systemd/system/edgeshelf.service.d; systemctl daemon-reload; systemctl restart edgeshelf' || true
check "once fixed it runs again" within 60 service_is active

tell "A setting is wrong"
on 'cp /etc/edgeshelf/edgeshelf.json /root/good.json; sed -i "s/\"rpicam\"/\"kodak\"/" /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf' || true
check "the journal names the setting, its value and what is allowed" within 60 on "journalctl -u edgeshelf -n 40 -o cat --no-pager | grep \"Capture:Camera is 'kodak'; allowed are\""
check "doctor does not die of it: it counts it as a fault" on 'edgeshelf doctor >/root/doctor.log; [ $? -ge 1 ] && grep -q "FAULT *settings" /root/doctor.log && grep -q "rights" /root/doctor.log'
on 'cp /root/good.json /etc/edgeshelf/edgeshelf.json'
check "once corrected, it starts by itself" within 90 service_is active

tell "I ask the doctor"
on 'edgeshelf doctor >/root/doctor.log' || true
on 'cat /root/doctor.log' | sed 's/^/          |       /'
check "it finds camera, button, model and broker fine" on '[ "$(grep -cE "^fine +(camera|gpio|model|broker)" /root/doctor.log)" = 4 ]'
