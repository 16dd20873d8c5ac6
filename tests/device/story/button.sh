# Tests the LED and the button. QEMU's power button is a real line of a real GPIO chip on this machine.

tell "I look at the light"
check "it is lit: all is well" within 30 on "grep edgeshelf /sys/kernel/debug/gpio | grep -q 'out hi'"

tell "I press the button"
pressed=$(results '.trigger == "button"')
press_button
check "one result with trigger button arrives" within 40 more_results_than "$pressed" '.trigger == "button"'
sleep 5
check "and only one" test "$(results '.trigger == "button"')" = $((pressed + 1))
