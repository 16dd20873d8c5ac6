# Tests stopping, upgrading, removing and purging.

tell "I stop it"
check "it stops within twenty seconds, and cleanly" on 'timeout 25 systemctl stop edgeshelf && [ "$(systemctl show -p Result --value edgeshelf)" = success ]'
check "no process of its is left" on '! pgrep -u edgeshelf'
check "the backend was told: offline" bash -c 'grep availability | tail -n 1 | grep -q "availability offline"' < <(received)
on 'systemctl start edgeshelf'

tell "I upgrade it"
dpkg-deb -R "$deb" "$run/newer"
sed -i 's/^Version: .*/&+next/' "$run/newer/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 --build "$run/newer" "$run/edgeshelf-next.deb" >/dev/null
rm -r "$run/newer"
put "$run/edgeshelf-next.deb" /root
before=$(main_pid)
check "apt upgrades it" on 'DEBIAN_FRONTEND=noninteractive apt-get install -y /root/edgeshelf-next.deb >/root/apt.log 2>&1 || { cat /root/apt.log; false; }'
check "my settings are still there" on 'grep -q shelf-07 /etc/edgeshelf/edgeshelf.json'
check "the new version runs" within 60 main_pid_is_not "$before"

tell "I remove it"
check "apt removes it" on 'DEBIAN_FRONTEND=noninteractive apt-get remove -y edgeshelf >/root/apt.log 2>&1 || { cat /root/apt.log; false; }'
check "what it kept and my settings stay" on 'test -f /var/lib/edgeshelf/outbox.db && test -f /etc/edgeshelf/edgeshelf.json && ! pgrep -u edgeshelf'

tell "I purge it"
check "apt purges it" on 'DEBIAN_FRONTEND=noninteractive apt-get purge -y edgeshelf >/root/apt.log 2>&1 || { cat /root/apt.log; false; }'
check "user, data, logs and settings are gone" on '! getent passwd edgeshelf && ! ls -d /var/lib/edgeshelf /var/log/edgeshelf /etc/edgeshelf /usr/lib/edgeshelf /etc/systemd/system/multi-user.target.wants/edgeshelf.service 2>/dev/null'
