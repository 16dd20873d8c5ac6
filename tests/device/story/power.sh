# Cuts the power repeatedly while results are kept on disk because the broker is not running.

cuts=${EDGESHELF_DEVICE_CUTS:-10}
tell "The broker is away, and the power is cut $cuts times"
on 'sed -i "s/00:00:05/00:00:02/" /etc/edgeshelf/edgeshelf.json; systemctl disable -q --now mosquitto; systemctl stop backend; rm -f /root/backend.log; systemctl restart edgeshelf'
outbox=/var/lib/edgeshelf/outbox.db

# Prints the highest committed sequence number, or 0 while the service is starting.
committed() { on "sqlite3 -readonly $outbox 'SELECT coalesce(max(seq), 0) FROM message' 2>/dev/null || echo 0"; }
committed_beyond() { [ "$(committed)" -gt "$1" ]; }

# Results that were delivered earlier are no longer in the outbox, so the checked numbers begin with the first that waits.
within 120 committed_beyond 0 || true
newest=$(committed)
first=$((newest + 1))
for ((cut = 1; cut <= cuts; cut++)); do
  within 120 committed_beyond "$newest" || { check "results are kept before cut $cut" false; break; }
  # The number read here is committed. Results that are added between here and the cut may or may not survive.
  newest=$(committed)
  if ((cut % 2)); then power_cut; else power_off_hard; device_boot; fi
  device_wait
done
within 120 committed_beyond "$newest" || true
check "after $cuts cuts the outbox passes SQLite's integrity check" on "[ \"\$(sqlite3 -readonly $outbox 'PRAGMA integrity_check')\" = ok ]"
missing=$(comm -23 <(seq "$first" "$newest" | sort) <(on "sqlite3 -readonly $outbox 'SELECT seq FROM message'" | sort) | wc -l)
check "of $((newest - first + 1)) numbers up to the last cut none is missing" test "$missing" = 0

tell "The broker is back"
on 'systemctl enable -q --now mosquitto'
start_backend
# The sender reconnects within 35 s, and the emulated machine needs additional time for the messages.
arrived() { received | sed -n 's|^edgeshelf/[^/]*/[a-z]* \({.*\)|\1|p' | jq "select(.seq >= $first and .seq <= $newest$1) | .seq" | sort -u | wc -l; }
all_arrived() { [ "$(arrived "${1:-}")" = $((newest - first + 1)) ]; }
check "all $((newest - first + 1)) reach the backend" within 150 all_arrived
check "in order" bash -c 'jq .seq | sort -n -c' < <(received | sed -n 's|^edgeshelf/[^/]*/result ||p')
check "and are marked as replayed" all_arrived ' and .replayed'
on 'sed -i "s/00:00:02/00:00:05/" /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf'
