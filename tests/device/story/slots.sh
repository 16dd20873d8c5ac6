# Plays a film of a shelf through the video device: a hand takes bottles out of three places and puts them back.

tell "I set up a shelf of three bottles in front of the video camera"
film=${EDGESHELF_SHELVES:-$project/../shared/datasets/shelves}/bottles
if [ ! -d "$film" ]; then
  skip "the film of the bottles is not here; EDGESHELF_SHELVES names the folder of the shelves"
elif ! /usr/bin/python3 -c 'import numpy, PIL' 2>/dev/null; then
  skip "python3-pil or python3-numpy is not installed"
else
  # Three parts: the left bottle is taken, it is put back, and the left and the middle one are taken. Nothing happens between them.
  frames=($(seq -f %04g 100 10 250) $(seq -f %04g 340 10 440) $(seq -f %04g 470 10 570))
  /usr/bin/python3 "$here/stand-ins/film_frames.py" "$film" "$run/film" "${frames[@]}"
  cat >"$run/slots.csv" <<<'slot,shelf,x,y,width,height
left,1,0.06,0.28,0.16,0.62
middle,1,0.41,0.28,0.16,0.62
right,1,0.76,0.28,0.16,0.62'
  cat >"$run/planogram.json" <<<'{ "schema": 1, "name": "bottles", "version": "1", "products": [{ "label": "bottle", "name": "Water, 1.5 l", "sku": "4711" }],
    "positions": [{ "slot": "left", "label": "bottle" }, { "slot": "middle", "label": "bottle" }, { "slot": "right", "label": "bottle" }] }'
  put "$run"/film/*.gz /root/film
  put "$run"/film/empty/*.png "$run/slots.csv" "$run/planogram.json" /srv/bottles
  on 'chmod -R a+rX /srv/bottles; systemctl stop edgeshelf; gzip -dc /root/film/0100.yuyv.gz >/root/frame.yuyv'
  show_picture yuyv
  # Shows one frame after the other, each for one look. Looks come by themselves while a change is not confirmed (ConfirmEvery); when none came,
  # one is requested. Until the film is let go, its calm beginning is repeated: a camera that gives the same bytes again and again counts as frozen.
  on 'rm -f /root/film.go; cat >/root/film.sh; systemd-run -q --unit=film --collect bash /root/film.sh' <<'FILM'
calm=(/root/film/01[0-4]0.*) frames=(/root/film/*.gz)
frames=("${frames[@]:${#calm[@]}}") at=0
exec 3< <(exec mosquitto_sub -t edgeshelf/shelf-07/result)
while [ ${#frames[@]} -gt 0 ]; do
  if [ -e /root/film.go ]; then
    next=${frames[0]} frames=("${frames[@]:1}")
  else
    next=${calm[at++ % ${#calm[@]}]}
  fi
  gzip -dc "$next" >/root/next.yuyv && dd if=/root/next.yuyv of=/root/frame.yuyv conv=notrunc bs=1M status=none
  # Results of earlier pictures may still be on their way.
  shown=$(date -u +%FT%T.%3NZ) tries=15
  until read -r -t 10 result <&3 && captured=${result#*'"captured_at":"'} && [[ ${captured%%'"'*} > $shown ]]; do
    ((tries-- > 0)) || { echo "No result for $next" >&2; exit 1; }
    [ -n "$result" ] || mosquitto_pub -t edgeshelf/shelf-07/request/capture -m '{}'
  done
done
FILM
  settings '{
    "Capture": { "Camera": "v4l2", "Interval": "00:00:00", "Timeout": "00:01:00", "V4l2": { "Device": "/dev/video0", "Format": "yuyv" } },
    "Planogram": { "ConfirmEvery": "00:00:02" },
    "Publish": { "Broker": "mqtt://localhost:1884", "Device": "shelf-07", "UserName": "shelf-07" }
  }'
  on 'systemctl restart edgeshelf' || true
  before=$(main_pid)

  shelf() { on 'mosquitto_sub -C 1 -W 5 -t edgeshelf/shelf-07/shelf' | jq -e "$1"; }
  shelf_is() { shelf "[.slots[].verdict] == $1" >/dev/null; }
  slots_are_seen() { more_results_than 0 '[.slots[].slot] == ["left", "middle", "right"]'; }
  changes() { documents event '.type == "slot-changed"' | jq -c .data | tail -n "+$((${1:-0} + 1))"; }

  check "slots set takes my table" on 'umask 077; edgeshelf slots set /srv/bottles/slots.csv'
  check "planogram set takes what belongs there" on 'umask 077; edgeshelf planogram set /srv/bottles/planogram.json'
  check "results have the three slots" within 120 slots_are_seen
  everything_is_in_its_place() {
    on 'body="{\"slots\":[\"left\",\"middle\",\"right\"],\"expected\":true}"; exec 3<>/dev/tcp/127.0.0.1/8080
      printf "POST /api/examples HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${#body}\r\n\r\n$body" >&3 && timeout 60 cat <&3' | tee /dev/stderr | grep -q '^HTTP/1.1 200'
  }
  check "I say that everything is in its place" everything_is_in_its_place
  check "the backend is told what was taught" within 60 told '.type == "product-taught" and .data.label == "bottle"'
  check "a picture is answered with it" within 120 more_results_than 0 '.slots[0].top[0].label == "bottle"'
  # The bottles come first: while nothing but an empty place is known, a bottle is more like that than like nothing.
  check "teach learns the empty place from three pictures" on 'umask 077; edgeshelf teach --label empty --slot left /srv/bottles/02*.png'
  check "all that root's verbs wrote belongs to the service's user" on '[ -z "$(find /var/lib/edgeshelf ! -user edgeshelf)" ]'
  check "the retained …/shelf says match three times" within 120 shelf_is '["match","match","match"]'

  tell "A hand takes bottles and puts them back"
  known=$(changes | wc -l)
  on 'touch /root/film.go'
  film_has_ended() { on '! systemctl is-active -q film'; }
  check "the film of ${#frames[@]} frames is seen to its end" eval 'within 900 film_has_ended && on "! journalctl -u film -o cat | grep \"No result\""'
  check "the retained …/shelf says that the left and the middle one are missing" within 60 shelf_is '["empty","empty","match"]'
  wanted='[["left","match","empty"],["left","empty","match"],["left","match","empty"],["middle","match","empty"]]'
  check "the backend has heard these four changes, in their order, and no other" \
    eval 'changes "$known" | tee /dev/stderr | jq -se "map([.slot, .from, .to]) | (.[:2] + (.[2:] | sort)) == $wanted"'
  check "each with what belongs there and the result that confirmed it" \
    eval 'changes "$known" | jq -se "length == 4 and all(.expected.label == \"bottle\" and .expected.sku == \"4711\" and .shelf == 1 and (.result | startswith(\"shelf-07-\")) and .before_s > 0)"'
  check "the camera never counted as moved" eval '! told ".type == \"camera-moved\""'
  check "the service went on meanwhile" test "$(main_pid)" = "$before"
  limit=$(on 'systemctl show -p MemoryMax --value edgeshelf')
  peak=$(on 'cat /sys/fs/cgroup/system.slice/edgeshelf.service/memory.peak')
  check "its unit took at most $((peak / 1000000)) MB of memory; $((limit / 1000000)) are allowed" test "$peak" -lt "$limit"

  tell "I take the slots away"
  on 'echo "{\"schema\":1,\"slots\":[]}" >/srv/bottles/none.json; chmod a+r /srv/bottles/none.json'
  whole=$(results '.image.source == "v4l2" and (.slots | length) == 1')
  check "slots set takes an empty list" on 'umask 077; edgeshelf slots set /srv/bottles/none.json'
  on "mosquitto_pub -t edgeshelf/shelf-07/request/capture -m '{}'"
  check "the picture is one place again" within 120 more_results_than "$whole" '.image.source == "v4l2" and (.slots | length) == 1'
  check "and the retained …/shelf is gone" within 60 eval '[ -z "$(on "mosquitto_sub --retained-only -C 1 -W 5 -t edgeshelf/shelf-07/shelf || true")" ]'

  places=$(($(wc -l <"$project/src/EdgeShelf/Cli/DemoBay/slots.csv") - 1))
  tell "A bay of $places places"
  settings '{
    "Capture": { "Camera": "folder", "Folder": { "Path": "/usr/lib/edgeshelf/bay" }, "Interval": "00:10:00" },
    "Publish": { "Broker": "mqtt://localhost:1884", "Device": "shelf-07", "UserName": "shelf-07" }
  }'
  on 'umask 077; systemctl stop edgeshelf; edgeshelf slots set /usr/lib/edgeshelf/bay/slots.csv && systemctl start edgeshelf'
  check "one picture gives an answer for each" within 600 more_results_than 0 "(.slots | length) == $places"
  takes() { on 'awk "/VmRSS|RssAnon/ { printf \"%d \", \$2 / 1024 } END { print \"\" }" /proc/$(systemctl show -p MainPID --value edgeshelf)/status'; }
  takes_little() { read -r resident anonymous < <(takes) && [ "$resident" -le 120 ] && [ "$anonymous" -le 60 ]; }
  check "then it takes at most 120 MB, and at most 60 of it are not files" within 60 takes_little
  echo "          note    it takes $resident MB, of it $anonymous MB that are not files"
  on 'edgeshelf slots set /srv/bottles/none.json'
  on 'systemctl stop shelf; rm -r /root/film /root/film.sh /srv/bottles; cp /root/rpicam.json /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf' || true
fi
