# Tests with a real video device of the kernel (vivid). Its camera captures the pictures that are written to its output.

tell "I put a picture of tomatoes in front of the video camera"
if ! /usr/bin/python3 -c 'import numpy, PIL' 2>/dev/null; then
  skip "python3-pil or python3-numpy is not installed"
else
  /usr/bin/python3 "$here/stand-ins/camera_frames.py" "$project/src/EdgeShelf/Cli/DemoPictures/tomatoes.jpg" "$run"
  expected=$(here_edgeshelf classify --json "$run/frame.png" | jq -r '.top[0].label')
  put "$run/frame.yuyv" "$run/frame.nv12" /root

  label_is() { more_results_than "$1" ".image.source == \"v4l2\" and .slots[0].top[0].label == \"$2\""; }
  camera_settings() {
    settings '{
      "Capture": { "Camera": "v4l2", "Interval": "00:00:05", "Timeout": "00:01:00", "V4l2": { "Device": "/dev/video0", "Format": "'"$1"'" },
        "Gpio": { "Button": { "Line": 3, "ActiveLow": false, "Pull": "None" } } },
      "Publish": { "Broker": "mqtt://localhost:1884", "Device": "shelf-07", "UserName": "shelf-07" }
    }'
    on 'systemctl restart edgeshelf' || true
  }

  show_picture yuyv
  camera_settings auto
  check "the backend gets its label, $expected" within 120 label_is 0 "$expected"
  check "the size is the camera's own" more_results_than 0 '.image.source == "v4l2" and .image.width == 1280 and .image.height == 720'
  check "the camera's controls are as I left them" on '[ "$(v4l2-ctl -d /dev/video0 --get-ctrl brightness)" = "brightness: 120" ]'
  on 'systemctl stop edgeshelf'
  show_picture nv12
  camera_settings nv12
  seen=$(results '.image.source == "v4l2"')
  check "in the format NV12 it is the same label" within 120 label_is "$seen" "$expected"

  tell "Someone pulls the camera's cable"
  on 'systemctl stop shelf; echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind'
  check "the backend is told that captures fail" within 90 told '.type == "capture-failed" and .data.camera == "v4l2"'
  check "the service is up" service_is active
  on 'echo vivid.0 >/sys/bus/platform/drivers/vivid/bind; udevadm settle'
  seen=$(results '.image.source == "v4l2"')
  show_picture nv12
  check "plugged in again, the pictures are back" within 120 label_is "$seen" "$expected"
  on 'systemctl stop shelf; cp /root/rpicam.json /etc/edgeshelf/edgeshelf.json; systemctl restart edgeshelf'
fi
