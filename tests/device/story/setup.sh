# Tests the first hour of an installer: the settings of the package, a file of answers, and a phone that opens the page with a code.
# The camera is the one that chapter camera connected. It gives the same picture again and again, so FrozenAfter is 0.

tell "I set it up by a file of answers"
on 'systemctl stop edgeshelf; rm -f /var/lib/edgeshelf/web-token* /etc/edgeshelf/edgeshelf.json.before'
dpkg-deb --fsys-tarfile "$deb" | tar -xO ./etc/edgeshelf/edgeshelf.json >"$run/shipped.json"
settings "$(cat "$run/shipped.json")"
on '(umask 077; echo "on the shelf" >/root/broker-password; : >/etc/edgeshelf/mqtt-password); systemctl start edgeshelf' || true
cat >"$run/answers.json" <<'ANSWERS'
{
  "camera": "auto",
  "broker": { "address": "mqtt://localhost:1884", "user": "shelf-07", "password_file": "/root/broker-password" },
  "device": "shelf-07",
  "button": 3,
  "light": 5,
  "page": "network",
  "settings": { "Capture": { "Interval": "5s", "Timeout": "30s", "FrozenAfter": 0, "Gpio": { "Button": { "ActiveLow": false, "Pull": "None" } } } }
}
ANSWERS
put "$run/answers.json" /root
before=$(results '.image.source == "rpicam"')
check "setup tries camera, broker and lines, and says that the device is set up" on 'edgeshelf setup --answers /root/answers.json | tee /dev/stderr | grep -qx "The device is set up."'
check "the settings of before are kept beside the new ones" on 'cmp /etc/edgeshelf/edgeshelf.json.before -' <"$run/shipped.json"
check "the broker's password is root's alone, and not in the settings" on '[ "$(stat -c %U%a /etc/edgeshelf/mqtt-password)" = root600 ] && grep -qx "on the shelf" /etc/edgeshelf/mqtt-password && ! grep -q "on the shelf" /etc/edgeshelf/edgeshelf.json'
check "the service runs with them" service_is active
check "the camera that auto found sends pictures to the backend" within 60 more_results_than "$before" '.device == "shelf-07" and .image.source == "rpicam"'
check "a wrong answer is named, and changes nothing" on 'echo "{ \"settings\": { \"Nope\": {} } }" >/root/wrong.json; edgeshelf setup --answers /root/wrong.json 2>&1 | grep -q "Nope is neither a setting nor a section" && systemctl is-active edgeshelf'

tell "I take my phone and open the page"
url=http://127.0.0.1:$device_page_port
answer() { curl -sS -m 60 -o "$run/answer" -w '%{http_code} %{redirect_url}' "$@"; }
page_answers() { answer "$url/login" >/dev/null; }
check "it is reached from another machine" within 60 page_answers
check "which sees nothing without a code" eval '[ "$(answer "$url/api/state")" = "401 " ]'
on 'journalctl -u edgeshelf -o cat --no-pager' | sed -n 's/.*enter the code \([0-9]\{3\} [0-9]\{3\}\) within.*/\1/p' | tail -n 1 >"$run/code"
check "the journal has a code of six digits" grep -qE '^[0-9]{3} [0-9]{3}$' "$run/code"
browser=$project/tests/EdgeShelf.Tests/Web/Browser
if ! command -v chromium >/dev/null || ! command -v node >/dev/null || [ ! -d "$browser/node_modules" ]; then
  skip "chromium, node or playwright-core is not installed; scripts/test.sh installs them"
else
  mkdir -p "$project/artifacts/page"
  check "with it the phone opens the page, and sees a picture and the next one" eval 'timeout 300 node "$browser/phone.mjs" pair "$url/" "$project/artifacts/page" "$run/code" >"$run/seconds"'
  # What the person types in a terminal: the commands of systemd/README.md and the answers. A character takes 0.28 s (Card, Moran and Newell, 1980).
  typed="scp $(basename "$deb") answers.json pi@shelf-07: sudo apt-get install -y ./$(basename "$deb") sudo edgeshelf setup --answers answers.json $(tr -s ' \n' ' ' <"$run/answers.json")"
  seconds=$(awk -v typed="${#typed}" '{ printf "%d", typed * 0.28 + $1 + 0.5 }' "$run/seconds")
  check "the person's part takes ${seconds:-?} s, ${#typed} characters in the terminal; 300 s are allowed" test "${seconds:-999}" -le 300
fi
on 'edgeshelf pair --json' >"$run/pair.json"
check "edgeshelf pair makes another code" jq -e '.code | test("^[0-9]{6}$")' "$run/pair.json"
check "a wrong code is refused" eval '[ "$(answer -d "code=$(jq -r "(.code | tonumber + 1) % 1000000" "$run/pair.json" | xargs printf %06d)" "$url/login")" = "302 $url/login?wrong=code" ]'
check "the right one opens the page" eval '[ "$(answer -c "$run/cookies" -d "code=$(jq -r .code "$run/pair.json")" "$url/login")" = "302 $url/" ]'
check "it works once" eval '[ "$(answer -d "code=$(jq -r .code "$run/pair.json")" "$url/login")" = "302 $url/login?wrong=code" ]'
shows_the_picture() { [ "$(answer -b "$run/cookies" "$url/api/frame.jpg")" = "200 " ] && cmp "$run/answer" "$picture"; }
check "the page's picture is the camera's, byte for byte" within 30 shows_the_picture
on 'rm -f /root/broker-password /root/wrong.json; cp /root/rpicam.json /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf' || true
