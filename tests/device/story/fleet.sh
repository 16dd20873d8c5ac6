# Sets the board up without logging in, from its boot partition and from a stick, and brings it models through a broker and a web server of this host.

tell "A chain that nobody visits"
if ! command -v mosquitto >/dev/null || ! command -v mkfs.vfat >/dev/null; then
  skip "mosquitto or mkfs.vfat is not installed"
else
  fleet=$run/fleet
  mkdir -p "$fleet/www"
  # The name follows from the network card, which QEMU gives the same address always.
  shelf=shelf-525400123456
  fleet_port=$(device_free_port)
  fleet_web=$(device_free_port)
  cp "$project/scripts/samples/fleet/mosquitto/fleet.acl" "$fleet/fleet.acl"
  mosquitto_passwd -b -c "$fleet/passwords" "$shelf" "from the card"
  mosquitto_passwd -b "$fleet/passwords" engineer "of the engineer"
  chmod 600 "$fleet/passwords" "$fleet/fleet.acl"
  echo "of the engineer" >"$fleet/engineer"
  printf '%s\n' "user root" "listener $fleet_port 127.0.0.1" "allow_anonymous false" "password_file $fleet/passwords" "acl_file $fleet/fleet.acl" >"$fleet/mosquitto.conf"
  mosquitto -c "$fleet/mosquitto.conf" >"$fleet/mosquitto.log" 2>&1 &
  fleet_broker=$!
  /usr/bin/python3 -m http.server "$fleet_web" --bind 127.0.0.1 --directory "$fleet/www" >"$fleet/web.log" 2>&1 &
  fleet_files=$!
  # The board reaches these two ports of this host, and nothing else.
  device_net=",guestfwd=tcp:10.0.2.100:1883-cmd:socat - TCP\:127.0.0.1\:$fleet_port,guestfwd=tcp:10.0.2.100:80-cmd:socat - TCP\:127.0.0.1\:$fleet_web"
  engineer() { here_edgeshelf fleet "$1" --broker "mqtt://127.0.0.1:$fleet_port" --user engineer --password-file "$fleet/engineer" "${@:2}"; }
  # reports JQ-FILTER: succeeds if what the device reported last matches.
  reports() { engineer status --json | jq -e ".[] | select(.device == \"$shelf\").reported | $1" >/dev/null; }

  tell "A stick, and a boot partition"
  truncate -s 32M "$fleet/boot.img" "$fleet/stick.img"
  mkfs.vfat -n BOOTFS "$fleet/boot.img" >/dev/null
  mkfs.vfat -n EDGESHELF "$fleet/stick.img" >/dev/null
  here_edgeshelf fleet keygen --out "$fleet" >/dev/null 2>&1
  jq -n --arg key "$(cat "$fleet/fleet.pub")" '{ device: "shelf-{mac}", group: "canary", fleet_key: $key,
    broker: { address: "mqtt://10.0.2.100", user: "{device}", password: "from the card" },
    settings: { Capture: { Interval: "00:00:02" }, Fleet: { Spread: 0, Watch: "00:01:00" } } }' >"$fleet/edgeshelf-setup.json"
  put "$fleet/edgeshelf-setup.json" /root/card
  # A camera that always shows the same is frozen, and all its results go to review.
  put "$project"/src/EdgeShelf/Cli/DemoPictures/{beef-tomato,mango,oat-milk,royal-gala}.jpg /opt/shelf
  on "chmod 644 /opt/shelf/*.jpg"
  on 'systemctl stop edgeshelf; rm -f /etc/edgeshelf/setup-taken; echo >/etc/edgeshelf/mqtt-password
    sed -e "s|mqtt://localhost:1884|mqtt://localhost|; s|, \"UserName\": \"shelf-07\"||" /root/rpicam.json >/etc/edgeshelf/edgeshelf.json
    mkdir -p /boot/firmware; echo "/dev/vdb /boot/firmware vfat nofail,umask=0022 0 0" >>/etc/fstab; sync'
  device_stop
  device_boot -drive "file=$fleet/boot.img,format=raw,if=virtio,cache=writethrough" -device qemu-xhci \
    -drive "file=$fleet/stick.img,format=raw,if=none,id=stick" -device usb-storage,drive=stick
  check "the boot partition is mounted" within 60 on 'mountpoint -q /boot/firmware'
  check "a stick without a file changes nothing" within 60 on 'systemctl show -p Result,ActiveState edgeshelf-stick@sda | tr "\n" " " | grep -q "Result=success ActiveState=inactive" && journalctl -b -u edgeshelf-stick@sda -o cat | grep -q . && ! test -e /etc/edgeshelf/setup-taken'
  on 'mount /dev/sda /mnt && sed "s/shelf-{mac}/stick-{mac}/" /root/card/edgeshelf-setup.json >/mnt/edgeshelf-setup.json && umount /mnt && sync && systemctl start edgeshelf-stick@sda'
  check "a stick sets the new device up while it runs" within 60 on 'grep -q stick-525400123456 /etc/edgeshelf/edgeshelf.json && systemctl is-active edgeshelf'
  check "and is not written to" on 'mount -o ro /dev/sda /mnt && test -s /mnt/edgeshelf-setup.json; code=$?; umount /mnt; exit $code'

  on 'cp /root/card/edgeshelf-setup.json /boot/firmware/ && sync'
  power_cut
  device_wait
  check "after a start it has the name, the group and the broker of the boot partition" within 90 reports '.group == "canary" and .status == "none"'
  check "the password is for root alone" on '[ "$(stat -c %U%a /etc/edgeshelf/mqtt-password)" = root600 ] && grep -qx "from the card" /etc/edgeshelf/mqtt-password'
  check "the file is gone from the card" on '[ -z "$(ls /boot/firmware)" ]'
  check "and its password cannot be read there" not grep -q "from the card" "$fleet/boot.img"
  check "the stick does not set it up again" on 'journalctl -b -u edgeshelf-stick@sda -o cat | grep -q "set up already" && ! grep -q stick- /etc/edgeshelf/edgeshelf.json'

  on 'echo "{ \"device\": \"a/b\" }" >/boot/firmware/edgeshelf-setup.json && systemctl restart edgeshelf' || true
  check "a wrong file is kept with its reason, and the service goes on" on 'grep -q "Publish:Device is" /boot/firmware/edgeshelf-setup.json.refused.txt && test -f /boot/firmware/edgeshelf-setup.json.refused && systemctl is-active edgeshelf'
  check "the journal says so" on 'journalctl -b -u edgeshelf-setup -o cat | grep -q "is refused"'

  tell "A model for the canaries"
  # model NAME MIN-CONFIDENCE: a copy of the shipped model that asks for a review below this confidence. Another text in the network makes another network of it.
  model() {
    cp -r "$project/models/grocery-81" "$fleet/$1"
    printf '\x32\x04%s' "$1" >>"$fleet/$1/model.int8.onnx"
    jq --arg name "$1" --argjson least "$2" --arg hash "$(sha256sum <"$fleet/$1/model.int8.onnx" | cut -d' ' -f1)" \
      '.name = $name | .review.min_confidence = $least | .files["model.int8.onnx"] = $hash' "$project/models/grocery-81/manifest.json" >"$fleet/$1/manifest.json"
    (cd "$fleet/www" && here_edgeshelf fleet sign "$fleet/$1" --key "$fleet/fleet.key" --url http://10.0.2.100/ --desired "$fleet/$1.json")
  }
  check "two models are signed" model good 0
  check "one of them asks for a review of every picture" model poor 1
  check "a rollout brings the good one" engineer rollout --desired "$fleet/good.json" --group canary --timeout 10m
  check "fleet status on this host sees it, signed and in use" reports '.status == "applied" and .model.name == "good"'
  check "the web server was asked for it" grep -q 'GET /good-.*" 20' "$fleet/web.log"
  jq '.model.signature = "AAAA"' "$fleet/poor.json" >"$fleet/forged.json"
  check "one with a forged signature stops the rollout" not engineer rollout --desired "$fleet/forged.json" --group canary --timeout 10m
  check "and is refused" reports '.status == "refused" and .problems[0].code == "bad-signature" and .model.name == "good"'
  check "a rollout of the poor one stops, because the device took it back" not engineer rollout --desired "$fleet/poor.json" --group canary --timeout 10m
  check "fleet status says so, with both figures" within 60 reports '.status == "rolled-back" and .model.name == "good" and .figures.before.review_share < 0.2 and .figures.after.review_share > 0.5'
  power_cut
  device_wait
  check "after a power cut the good one is still in use" within 90 reports '.status == "rolled-back" and .model.name == "good"'
  engineer status || true

  # As it was before this chapter.
  on 'systemctl stop edgeshelf; rm /opt/shelf/{beef-tomato,mango,oat-milk,royal-gala}.jpg; umount /boot/firmware; sed -i "\|/boot/firmware|d" /etc/fstab; cp /root/rpicam.json /etc/edgeshelf/edgeshelf.json
    rm -rf /var/lib/edgeshelf/fleet /etc/edgeshelf/fleet.pub; (umask 077; echo "on the shelf" >/etc/edgeshelf/mqtt-password); edgeshelf model use grocery-81; sync'
  device_net=
  device_stop
  kill "$fleet_broker" "$fleet_files"
  device_boot
  start_backend
  check "with its own broker again it sends results" within 90 more_results_than "$(results)"
fi
