# Functions to control the test machine: boot it, run commands in it, press its button, cut its power. run.sh sources this file.
#   machine   the folder that build.sh made
#   run       the scratch folder of this run
# Only one machine runs at a time. Every wait has a limit, because emulation is slow and a hung machine must not block a build.

device_ssh=(ssh -q -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=10
  -o ServerAliveInterval=5 -o ServerAliveCountMax=6 -o ControlMaster=auto -o ControlPersist=60)

# Creates a fresh disk, like a newly written SD card. It is an overlay, so that the cached disk never changes.
device_new_disk() {
  qemu-img create -q -f qcow2 -b "$machine/disk.img" -F raw "$run/disk.qcow2"
}

# device_boot [qemu arguments]: switches the machine on and returns when it answers. Its page is at port $device_page_port of this host.
# device_net holds further options of its network.
device_boot() {
  device_port=$(device_free_port)
  device_page_port=$(device_free_port)
  # With writethrough, data that the machine has flushed to disk survives when qemu is killed.
  nice qemu-system-aarch64 -M virt -cpu cortex-a76 -smp 2 -m 1024 -display none \
    -kernel "$machine/vmlinuz" -initrd "$machine/initrd" -append 'console=ttyAMA0 quiet' \
    -drive "file=$run/disk.qcow2,format=qcow2,if=virtio,cache=writethrough" \
    -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$device_port-:22,hostfwd=tcp:127.0.0.1:$device_page_port-:8080${device_net:-}" -device virtio-net-pci,netdev=net,romfile= \
    -device virtio-rng-pci -serial "file:$run/console.log" -qmp "unix:$run/qmp.sock,server,nowait" "$@" \
    >"$run/qemu.log" 2>&1 &
  device_pid=$!
  device_wait
}

# Waits until commands can be run, for at most 180 s. EDGESHELF_DEVICE_PATIENCE multiplies the limits where a host does much else, default 1.
device_wait() {
  local deadline=$((SECONDS + 180 * ${EDGESHELF_DEVICE_PATIENCE:-1}))
  until on true 2>/dev/null; do
    if ! kill -0 "$device_pid" 2>/dev/null || ((SECONDS > deadline)); then
      echo "the machine does not answer; its console ends with:" >&2
      tail -n 20 "$run/console.log" "$run/qemu.log" >&2
      return 1
    fi
    sleep 1
  done
}

# on SCRIPT: runs the script in the machine as root and returns its exit code.
on() {
  timeout $((${device_limit:-300} * ${EDGESHELF_DEVICE_PATIENCE:-1})) "${device_ssh[@]}" -o ControlPath="$run/ssh" -i "$machine/key" -p "$device_port" root@127.0.0.1 "$@"
}

# put FILE... FOLDER: copies files into the machine.
put() {
  local target=${*: -1}
  tar -cf - --dereference --transform 's|.*/||' "${@:1:$#-1}" 2>/dev/null | on "mkdir -p '$target' && tar -xmf - --no-same-owner -C '$target'"
}

qmp() {
  { echo '{"execute":"qmp_capabilities"}'; echo "{\"execute\":\"$1\"}"; sleep 0.3; } |
    socat -t 2 - "UNIX-CONNECT:$run/qmp.sock" >>"$run/qmp.log"
}

# QEMU's power button is line 3 of the GPIO chip. A press sets the line high for 100 ms.
press_button() { qmp system_powerdown; }

# Cuts the power and restores it immediately. Nothing is flushed.
power_cut() {
  device_hang_up
  qmp system_reset
}

# Cuts the power without restoring it.
power_off_hard() {
  device_hang_up
  kill -9 "$device_pid"
  wait "$device_pid" 2>/dev/null || true
  device_pid=
}

# Closes the SSH connection, because a connection to a machine without power would only time out.
device_hang_up() {
  ssh -q -O exit -o ControlPath="$run/ssh" root@127.0.0.1 2>/dev/null || true
  rm -f "$run/ssh"
}

device_stop() {
  [ -n "${device_pid:-}" ] || return 0
  device_hang_up
  qmp quit 2>/dev/null || kill -9 "$device_pid" 2>/dev/null || true
  wait "$device_pid" 2>/dev/null || true
  device_pid=
}

# Prints an unused TCP port of this host.
device_free_port() {
  local port
  for port in $(shuf -i 20000-29999 -n 20); do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
