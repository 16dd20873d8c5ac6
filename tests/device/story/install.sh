# Tests the installation: the installer copies one file and runs two commands.

tell "I install $(basename "$deb")"
put "$deb" /root
check "apt installs it, without a network" on "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /root/$(basename "$deb") >/root/apt.log 2>&1 || { cat /root/apt.log; false; }"
check "there is a user edgeshelf, in the groups video and gpio" on 'id -nG edgeshelf | tr " " "\n" | sort | tr "\n" " " | grep -qx "edgeshelf gpio video "'
check "the GPIO chip belongs to the group gpio" on '[ "$(stat -c %G%a /dev/gpiochip0)" = gpio660 ]'
check "edgeshelf is on the PATH, with man pages and completion" on 'edgeshelf --version && test -f /usr/share/man/man1/edgeshelf.1.gz && test -f /usr/share/man/man5/edgeshelf.json.5.gz && test -f /usr/share/bash-completion/completions/edgeshelf'
check "it starts with the board" on 'systemctl is-enabled edgeshelf'
