#!/usr/bin/env bash
# user.sh DEVICE GROUP PASSWORD: makes a user of RabbitMQ's MQTT plugin that may use the topics of one device only.
#
# Topics are routing keys of the exchange amq.topic, with dots between the levels. Run it on a node of the cluster.
set -euo pipefail

device=${1:?name of the device} group=${2:?group} password=${3:?password}
rabbitmqctl add_user "$device" "$password"
# A device declares and binds only the queue of its own subscription.
rabbitmqctl set_permissions "$device" "^mqtt-subscription-edgeshelf-$device.*" "^(amq\.topic|mqtt-subscription-edgeshelf-$device.*)$" "^(amq\.topic|mqtt-subscription-edgeshelf-$device.*)$"
rabbitmqctl set_topic_permissions "$device" amq.topic \
  "^edgeshelf\.$device\.(result|event|shelf|state|availability|reported|image\..*|response\..*)$" \
  "^edgeshelf\.($device\.(request\..*|desired)|_group\.$group\.desired)$"
